import type { Outcome } from '../../outcome'
import type { AttemptRecord, Delivery } from '../../queue/delivery'
import type { Claimed, Queue, Settlement } from '../../queue/queue'
import type { Recorder } from './recorder'

/** What a runtime tells of an attempt, as far as it matters here (`on.attempt`). Times in milliseconds. */
export type ObservedAttempt = {
  readonly connection: string
  readonly subscription: string
  readonly startedAt: number
  readonly durationMs: number
  readonly requests: readonly {
    readonly method: string
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
    readonly status?: number
    readonly responseHeaders?: Readonly<Record<string, string>>
    readonly responseBody?: string
    readonly error?: string
    readonly durationMs: number
  }[]
  readonly deliveries: readonly { readonly idempotencyKey: string }[]
}

export type ObservedQueue = {
  readonly queue: Queue
  /** To be told of every attempt before its end is settled: it brings the requests and the times. */
  attempted(attempt: ObservedAttempt): void
}

type Out = { readonly delivery: Delivery; readonly claimedAt: number }

export type ObserveOptions = {
  /** The action of a subscription, which records of attempts do not name. */
  readonly actionOf: (connection: string, subscription: string) => string | undefined
  readonly now?: () => number
}

const maxAttempts = 20_000

/**
 * The same queue, whose claims and settlements are told to a recorder: every attempt that is made again, and every end.
 * Whoever works on it, what the console shows is what the queue was told.
 */
export function observeQueue(queue: Queue, recorder: Recorder, options: ObserveOptions): ObservedQueue {
  const { actionOf, now = Date.now } = options
  const out = new Map<string, Out>()
  const attempts = new Map<string, ObservedAttempt>()
  const keyOf = (connection: string, subscription: string, key: string): string =>
    `${connection}\n${subscription}\n${key}`

  /** The requests and times of the attempt that has just ended. */
  function takeAttempt({ delivery, claimedAt }: Out, durationMs: number) {
    const key = keyOf(delivery.connection, delivery.subscription, delivery.idempotencyKey)
    const attempt = attempts.get(key)
    attempts.delete(key)
    const endedAt = now()
    if (attempt === undefined) return { startedAt: Math.max(claimedAt, endedAt - durationMs), endedAt }
    return {
      startedAt: attempt.startedAt,
      endedAt: attempt.startedAt + attempt.durationMs,
      batchSize: attempt.deliveries.length,
      exchanges: attempt.requests.map(({ headers, body, durationMs: took, ...request }) => ({
        ...request,
        requestHeaders: headers,
        ...(body !== undefined && { requestBody: body }),
        durationMs: took,
        isCut: [body, request.responseBody].some((text) => text?.endsWith('…') === true),
      })),
    }
  }

  function told(settlement: Settlement): void {
    const known = out.get(settlement.lease)
    if (known === undefined) return
    out.delete(settlement.lease)
    if (settlement.kind === 'again') again(known, settlement.record)
    else if (settlement.kind !== 'release' && settlement.outcome !== undefined)
      ended(known, settlement.outcome)
  }

  function again(known: Out, record: AttemptRecord): void {
    const { delivery, claimedAt } = known
    const times = takeAttempt(known, now() - claimedAt)
    const action = actionOf(delivery.connection, delivery.subscription)
    recorder.attempted({
      outcome: {
        index: 0,
        ...(delivery.event.messageId !== undefined && { messageId: delivery.event.messageId }),
        connection: delivery.connection,
        subscription: delivery.subscription,
        ...(action !== undefined && { action }),
        attempt: record.attempt,
        durationMs: times.endedAt - times.startedAt,
        kind: record.kind,
        owner: 'destination',
        code: record.code ?? record.kind,
        message: record.message ?? '',
        ...(record.status !== undefined && { status: record.status }),
      } as Outcome,
      event: delivery.event,
      ...times,
      receivedAt: delivery.receivedAt,
      nextAfterMs: record.nextAfterMs ?? 0,
    })
  }

  function ended(known: Out, outcome: Outcome): void {
    const { delivery } = known
    const times = takeAttempt(known, outcome.durationMs)
    if (outcome.attempt > delivery.attempt)
      recorder.attempted({
        outcome,
        event: delivery.event,
        ...times,
        receivedAt: delivery.receivedAt,
      })
    recorder.ended(outcome, delivery.event, delivery.receivedAt)
  }

  const observed: Queue = {
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
  return {
    queue: observed,
    attempted(attempt) {
      for (const { idempotencyKey } of attempt.deliveries)
        attempts.set(keyOf(attempt.connection, attempt.subscription, idempotencyKey), attempt)
      // What was attempted outside of this queue is never settled here.
      if (attempts.size > maxAttempts) attempts.delete(attempts.keys().next().value as string)
    },
  }
}
