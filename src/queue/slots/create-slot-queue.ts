import { QueueError } from '../../errors'
import type { Delivery } from '../delivery'
import { checkDeliveries } from '../delivery-problem'
import type { LaneStats, Queue } from '../queue'
import { createSlotClaims } from './slot-claims'
import { createSlotDead, readServer } from './slot-dead'
import { slotCount, slotOf } from './slot-of'

export type SlotQueueOptions = {
  /** What deliveries are kept together by, for example the name of a credential. Default: the connection. */
  readonly keyOf?: (delivery: Delivery) => string
  /** A server could not be asked for work; it is asked again. */
  readonly onError?: (server: number, error: unknown) => void
}

/**
 * One queue over several servers, each of which holds a range of 1,024 slots: more than one database can carry. A delivery lives
 * on the server of its slot, so the servers and their order must stay the same while something waits. A dead server delays its
 * slots only. A put over several servers is accepted when all of them said so; where it fails, put it again under the same ids.
 */
export function createSlotQueue(servers: readonly Queue[], options: SlotQueueOptions = {}): Queue {
  const { keyOf = ({ connection }) => connection, onError = () => undefined } = options
  const claims = createSlotClaims(servers, onError)
  let isClosed = false

  function refuseWhenClosed(): void {
    if (isClosed) throw new QueueError('QUEUE_CLOSED', 'the queue is closed')
  }
  const serverOf = (delivery: Delivery): number =>
    Math.floor((slotOf(keyOf(delivery)) * servers.length) / slotCount)

  /** Asks every server that has a part, and waits for all; then the first failure is told. */
  async function onEach<Item, Result>(
    items: readonly Item[],
    serverOfItem: (item: Item) => number,
    work: (queue: Queue, part: Item[]) => Promise<Result>,
  ): Promise<Result[]> {
    const parts = new Map<number, Item[]>()
    for (const item of items) {
      const server = serverOfItem(item)
      parts.set(server, [...(parts.get(server) ?? []), item])
    }
    const settled = await Promise.allSettled(
      [...parts].flatMap(([server, part]) => {
        const queue = servers[server]
        return queue === undefined ? [] : [work(queue, part)]
      }),
    )
    for (const one of settled) if (one.status === 'rejected') throw one.reason
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }

  const durability = servers.map((queue) => queue.durability)
  return {
    durability: {
      kill: durability.every(({ kill }) => kill),
      power: durability.every(({ power }) => power),
      machineLoss: durability.every(({ machineLoss }) => machineLoss),
      settle: durability.find(({ settle }) => settle !== 'durable')?.settle ?? 'durable',
    },
    dead: createSlotDead(servers),
    async put(deliveries, putOptions) {
      refuseWhenClosed()
      checkDeliveries(deliveries)
      const results = await onEach(deliveries, serverOf, (queue, part) => queue.put(part, putOptions))
      return { duplicates: results.flatMap(({ duplicates }) => duplicates) }
    },
    async claim(claimOptions) {
      refuseWhenClosed()
      return claims.claim(claimOptions)
    },
    async extend(leases, leaseMs) {
      refuseWhenClosed()
      const extended = await onEach(
        leases,
        (lease) => readServer(lease).server,
        async (queue, part) => {
          const ours = new Set(
            await queue.extend(
              part.map((lease) => readServer(lease).id),
              leaseMs,
            ),
          )
          return part.filter((lease) => ours.has(readServer(lease).id))
        },
      )
      return extended.flat()
    },
    async settle(items) {
      refuseWhenClosed()
      const isKnown = ({ lease }: { lease: string }) => servers[readServer(lease).server] !== undefined
      const late = await onEach(
        items.filter(isKnown),
        ({ lease }) => readServer(lease).server,
        async (queue, part) => {
          const inner = part.map((item) => ({ ...item, lease: readServer(item.lease).id }))
          const lateThere = new Set((await queue.settle(inner)).late)
          return part.map(({ lease }) => lease).filter((lease) => lateThere.has(readServer(lease).id))
        },
      )
      const unknown = items.filter((item) => !isKnown(item)).map(({ lease }) => lease)
      return { late: [...unknown, ...late.flat()] }
    },
    async hold(lane, until, because) {
      refuseWhenClosed()
      await Promise.all(servers.map((queue) => queue.hold(lane, until, because)))
    },
    async stats() {
      refuseWhenClosed()
      const settled = await Promise.allSettled(servers.map((queue) => queue.stats()))
      const reachable = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const [first] = settled
      if (reachable.length === 0 && first?.status === 'rejected') throw first.reason
      return reachable.flat().filter((lane: LaneStats, index, all) => {
        const isEmpty = lane.ready + lane.waiting + lane.leased + lane.dead === 0
        // A lane of which only another server holds deliveries is told once.
        return !isEmpty || !all.some((other, place) => place !== index && isSameLane(other, lane))
      })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      claims.stop()
      await Promise.all(servers.map((queue) => queue.close()))
    },
  }
}

const isSameLane = (a: LaneStats, b: LaneStats): boolean =>
  a.connection === b.connection && a.subscription === b.subscription
