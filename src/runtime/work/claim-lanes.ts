import type { Lane } from '../../queue/queue'
import type { ConnectionDispatcher } from '../dispatch/connection-dispatcher'
import type { Dispatcher } from '../dispatch/dispatcher'
import type { OpenSubscription } from '../open/open-subscription'

/** Requests or batches that are claimed for each that may be in flight, so that none waits for the store. */
const claimedPerPlace = 4
const mostOfLane = 2_000
const mostOfClaim = 1_000

/** What may be claimed now. */
export type ClaimPlan = {
  readonly max: number
  readonly perLane: number
  readonly heldLanes: readonly Lane[]
  /** By the monotonic clock: when a lane that is held now may be open; Infinity where only an event tells. */
  readonly changesAt: number
}

/** How much a worker has taken of each lane, and of which it takes nothing for now. */
export type ClaimLanes = {
  taken(lane: Lane): void
  /** The result tells whether a lane that was full has room again. */
  ended(lane: Lane): boolean
  /** A lane that the configuration does not have, or has turned off. */
  leave(lane: Lane): void
  plan(now: number): ClaimPlan
}

const keyOf = ({ connection, subscription }: Lane): string => JSON.stringify([connection, subscription])

/** Creates the bookkeeping of one worker. */
export function createClaimLanes(dispatcher: Dispatcher): ClaimLanes {
  const underWay = new Map<string, number>()
  const left = new Map<string, Lane>()
  /** Lanes that the last plan left out for want of room, with how much of them must be under way at most to go on. */
  const full = new Map<string, number>()

  return {
    taken: (lane) => void underWay.set(keyOf(lane), (underWay.get(keyOf(lane)) ?? 0) + 1),
    ended(lane) {
      const count = (underWay.get(keyOf(lane)) ?? 0) - 1
      if (count > 0) underWay.set(keyOf(lane), count)
      else underWay.delete(keyOf(lane))
      return full.size > 0 && count <= (full.get(keyOf(lane)) ?? -1)
    },
    leave: (lane) => void left.set(keyOf(lane), lane),
    plan(now) {
      full.clear()
      const heldLanes = new Map(left)
      let max = 0
      let perLane = 1
      let changesAt = Number.POSITIVE_INFINITY
      for (const each of dispatcher.connections)
        for (const subscription of each.connection.subscriptions) {
          const lane = { connection: each.connection.name, subscription: subscription.name }
          const key = keyOf(lane)
          const closedUntil = each.state.closedUntil(subscription.action)
          const size = roomOf(each, subscription)
          const room = size - (underWay.get(key) ?? 0)
          if (closedUntil > now || room <= 0 || !subscription.isEnabled) {
            heldLanes.set(key, lane)
            if (closedUntil > now) changesAt = Math.min(changesAt, closedUntil)
            else if (room <= 0) full.set(key, Math.floor(size / 2))
          } else {
            heldLanes.delete(key)
            max += room
            perLane = Math.max(perLane, room)
          }
        }
      return { max: Math.min(max, mostOfClaim), perLane, heldLanes: [...heldLanes.values()], changesAt }
    },
  }
}

function roomOf({ connection }: ConnectionDispatcher, { batch }: OpenSubscription): number {
  const wanted = claimedPerPlace * connection.limiter.concurrency * (batch?.maxCount ?? 1)
  return Math.min(wanted, mostOfLane, connection.maxPending)
}
