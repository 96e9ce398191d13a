import type { RunningClock } from '../system-clock'
import type { Block } from './blocks'
import type { ConnectionDispatcher } from './connection-dispatcher'

/** Where a connection stands. Times in milliseconds since the epoch. */
export type ConnectionStatus = {
  readonly name: string
  /** Deliveries in memory that have no outcome yet. */
  readonly pending: number
  /** Of these: an attempt is under way. */
  readonly inFlight: number
  /** Of these: they wait for their next attempt. */
  readonly retrying: number
  /** Of these: they wait for company in a batch, for an earlier delivery of their person, or for a place. */
  readonly waiting: number
  /** Since when the delivery waits that has waited longest. */
  readonly oldestSince?: number
  /** Whether the attempts of late all failed or hang, or none may be made. */
  readonly isStuck: boolean
  /** When an attempt succeeded last. */
  readonly lastSuccessAt?: number
  readonly limiter: {
    /** Requests that may be in flight. */
    readonly concurrency: number
    readonly inFlight: number
    /** Requests or batches that wait for a place. */
    readonly waiting: number
  }
  /** What the destination refuses, the connection as a whole first. */
  readonly blocks: readonly Block[]
  /** The block of the connection as a whole, where there is one. */
  readonly block?: Block
  /** The operator paused it. */
  readonly pause?: { readonly since: number; readonly by: string }
  /** Until then the destination asked to wait. */
  readonly waitsUntil?: number
}

export function statusOf(dispatcher: ConnectionDispatcher, clock: RunningClock): ConnectionStatus {
  const { connection, state, limiter } = dispatcher
  const oldestSince = oldestOf(dispatcher)
  const { pending, inFlight, retrying, lastSuccessAt, heldBy, pausedSince, pausedUntil } = state
  const now = clock.monotonic()
  const epoch = (time: number): number => Math.round(time + clock.now() - now)
  const blocks = state.blocks.list()
  const block = blocks.find(({ scope }) => scope === 'connection')
  return {
    name: connection.name,
    pending,
    inFlight,
    retrying,
    waiting: pending - inFlight - retrying,
    isStuck: state.isStuck,
    limiter: { concurrency: limiter.concurrency, inFlight: limiter.inFlight, waiting: limiter.waiting },
    blocks,
    ...(oldestSince !== undefined && { oldestSince: epoch(oldestSince) }),
    ...(lastSuccessAt > 0 && { lastSuccessAt: epoch(lastSuccessAt) }),
    ...(block !== undefined && { block }),
    ...(heldBy !== undefined && { pause: { since: epoch(pausedSince), by: heldBy } }),
    ...(heldBy === undefined && pausedUntil > now && { waitsUntil: epoch(pausedUntil) }),
  }
}

/** By the monotonic clock: since when the delivery waits that has waited longest. */
function oldestOf(dispatcher: ConnectionDispatcher): number | undefined {
  let oldest = Number.POSITIVE_INFINITY
  dispatcher.eachWaiting(({ waitsSince, firstAttemptAt }) => {
    const since = firstAttemptAt || waitsSince
    if (since > 0 && since < oldest) oldest = since
  })
  return oldest === Number.POSITIVE_INFINITY ? undefined : oldest
}
