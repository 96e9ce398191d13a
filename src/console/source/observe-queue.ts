import type { Outcome } from '../../outcome'
import type { AttemptRecord, Delivery } from '../../queue/delivery'
import type { Claimed, Queue, Settlement } from '../../queue/queue'
import type { Recorder } from './recorder'

type Out = { readonly delivery: Delivery; readonly claimedAt: number }

export type ObserveOptions = {
  /** The action of a subscription, which records of attempts do not name. */
  readonly actionOf: (connection: string, subscription: string) => string | undefined
  readonly now?: () => number
}

/**
 * The same queue, whose claims and settlements are told to a recorder: every attempt that is made again, and every end.
 * Whoever works on it, what the console shows is what the queue was told.
 */
export function observeQueue(
  queue: Queue,
  recorder: Recorder,
  { actionOf, now = Date.now }: ObserveOptions,
): Queue {
  const out = new Map<string, Out>()

  function told(settlement: Settlement): void {
    const known = out.get(settlement.lease)
    if (known === undefined) return
    out.delete(settlement.lease)
    if (settlement.kind === 'again') again(known, settlement.record)
    else if (settlement.kind !== 'release' && settlement.outcome !== undefined)
      ended(known, settlement.outcome)
  }

  function again({ delivery, claimedAt }: Out, record: AttemptRecord): void {
    const endedAt = now()
    const action = actionOf(delivery.connection, delivery.subscription)
    recorder.attempted({
      outcome: {
        index: 0,
        ...(delivery.event.messageId !== undefined && { messageId: delivery.event.messageId }),
        connection: delivery.connection,
        subscription: delivery.subscription,
        ...(action !== undefined && { action }),
        attempt: record.attempt,
        durationMs: endedAt - claimedAt,
        kind: record.kind,
        owner: 'destination',
        code: record.code ?? record.kind,
        message: record.message ?? '',
        ...(record.status !== undefined && { status: record.status }),
      } as Outcome,
      event: delivery.event,
      startedAt: claimedAt,
      endedAt,
      receivedAt: delivery.receivedAt,
      nextAfterMs: record.nextAfterMs ?? 0,
    })
  }

  function ended({ delivery }: Out, outcome: Outcome): void {
    const endedAt = now()
    if (outcome.attempt > delivery.attempt)
      recorder.attempted({
        outcome,
        event: delivery.event,
        startedAt: endedAt - outcome.durationMs,
        endedAt,
        receivedAt: delivery.receivedAt,
      })
    recorder.ended(outcome, delivery.event, delivery.receivedAt)
  }

  return {
    put: (deliveries, options) => queue.put(deliveries, options),
    async claim(options): Promise<readonly Claimed[]> {
      const claims = await queue.claim(options)
      const claimedAt = now()
      for (const { lease, delivery } of claims) out.set(lease, { delivery, claimedAt })
      return claims
    },
    extend: (leases, leaseMs) => queue.extend(leases, leaseMs),
    async settle(items) {
      const result = await queue.settle(items)
      const late = new Set(result.late)
      for (const item of items) {
        if (late.has(item.lease)) out.delete(item.lease)
        else told(item)
      }
      return result
    },
    hold: (lane, until, because) => queue.hold(lane, until, because),
    dead: queue.dead,
    stats: () => queue.stats(),
    durability: queue.durability,
    close: () => queue.close(),
  }
}
