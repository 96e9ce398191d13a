import { createLimiter, type Limiter } from '../../delivery/limit'
import type { Connection, RuntimeOptions } from '../options'
import type { RunningClock } from '../system-clock'

/** Requests in flight per connection. */
const defaultConcurrency = 16
/** Deliveries that a connection holds. */
const defaultMaxPending = 5_000

/** What bounds a connection. */
export type ConnectionLimits = {
  /** For all actions but those whose endpoint the vendor counts apart. */
  readonly limiter: Limiter
  /** By action. Empty when the operator sets a rate, which then holds for the connection as a whole. */
  readonly actionLimiters: ReadonlyMap<string, Limiter>
  /** Deliveries that it holds at a time. */
  readonly maxPending: number
  /** Milliseconds that its rate puts between two requests, at most. */
  readonly gapMs: number
}

type LimitContext = { readonly options: RuntimeOptions; readonly clock: RunningClock }

export const openLimits = (connection: Connection, context: LimitContext): ConnectionLimits => ({
  limiter: createLimiter({ ...limitsOf(connection, context), clock: context.clock }),
  actionLimiters: actionLimitersOf(connection, context),
  maxPending: connection.limits?.maxPending ?? context.options.limits?.maxPending ?? defaultMaxPending,
  gapMs: gapOf(connection, context),
})

/** The operator's limits go over those of the definition. */
export function limitsOf(connection: Connection, { options }: LimitContext) {
  const declared = connection.destination.limits
  return {
    concurrency:
      connection.limits?.concurrency ??
      options.limits?.concurrency ??
      declared?.concurrency ??
      defaultConcurrency,
    requestsPerSecond:
      connection.limits?.requestsPerSecond ??
      options.limits?.requestsPerSecond ??
      declared?.requestsPerSecond,
  }
}

function actionLimitersOf(connection: Connection, context: LimitContext): Map<string, Limiter> {
  const { limits } = context.options
  const isSetByOperator = (connection.limits?.requestsPerSecond ?? limits?.requestsPerSecond) !== undefined
  const counted = isSetByOperator ? [] : Object.entries(connection.destination.limits?.actions ?? {})
  const { concurrency } = limitsOf(connection, context)
  return new Map(
    counted.map(([slug, own]) => [slug, createLimiter({ concurrency, ...own, clock: context.clock })]),
  )
}

/** The limiter of an action of a connection. */
export const limiterOf = ({ limiter, actionLimiters }: ConnectionLimits, action: string): Limiter =>
  actionLimiters.get(action) ?? limiter

/** All limiters of a connection. */
export const limitersOf = ({ limiter, actionLimiters }: ConnectionLimits): Limiter[] => [
  limiter,
  ...actionLimiters.values(),
]

/** Starts nothing of a connection before `time`, by the monotonic clock: the destination asked to wait. */
export function pauseUntil(connection: ConnectionLimits, time: number): void {
  for (const limiter of limitersOf(connection)) limiter.pauseUntil(time)
}

/** Ends a pause at once. */
export function resume(connection: ConnectionLimits): void {
  for (const limiter of limitersOf(connection)) limiter.resume()
}

function gapOf(connection: Connection, context: LimitContext): number {
  const rates = [
    limitsOf(connection, context).requestsPerSecond,
    ...Object.values(connection.destination.limits?.actions ?? {}).map((own) => own.requestsPerSecond),
  ].filter((rate) => rate !== undefined)
  return rates.length === 0 ? 0 : 1_000 / Math.min(...rates)
}
