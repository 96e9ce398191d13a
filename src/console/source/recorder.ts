import type { SegmentEvent } from '../../event'
import { type Outcome, type OutcomeKind, outcomeKinds } from '../../outcome'
import type { Tally } from '../../telemetry/tally'
import type { Exchange } from '../shapes'

/** One attempt at one delivery. Times in milliseconds since the epoch. */
export type RecordedAttempt = {
  readonly outcome: Outcome
  readonly event: SegmentEvent
  readonly startedAt: number
  readonly endedAt: number
  readonly receivedAt?: number
  /** Milliseconds until it is made again; absent: it is not. */
  readonly nextAfterMs?: number
  /** Events that went together. */
  readonly batchSize?: number
  readonly exchanges?: readonly Omit<Exchange, 'id'>[]
}

/** What a recorder tells on: rows for lists, legs for journeys. */
export type RecordListener = {
  attempt?(attempt: RecordedAttempt): void
  ended?(outcome: Outcome, event: SegmentEvent, receivedAt: number | undefined): void
  received?(event: SegmentEvent, receivedAt: number, source: string): void
}

/** Takes what the runtime tells, counts it, and passes it on. */
export type Recorder = {
  received(event: SegmentEvent, source: string, receivedAt?: number): void
  attempted(attempt: RecordedAttempt): void
  /** Every end, skips included. */
  ended(outcome: Outcome, event: SegmentEvent, receivedAt?: number): void
  /** Outcomes of the last full second, of all connections or of one. */
  perSecond(connection?: string): Record<OutcomeKind, number>
  /** Received a second, and deliveries a second (of all or of one), over the last five full seconds. */
  receivedRate(): number
  deliveredRate(connection?: string): number
  /** Milliseconds under which 95 of 100 of the last deliveries of a connection took. */
  p95(connection: string): number | undefined
  /** Attempts of a connection in about the last five minutes, by code (`delivered` for those that worked). */
  recentCodes(connection: string): ReadonlyMap<string, number>
  listen(listener: RecordListener): void
}

const keptDurations = 500
const windowMs = 150_000

type PerConnection = {
  durations: number[]
  place: number
  codes: { startedAt: number; now: Map<string, number>; before: Map<string, number> }
}

type Second = {
  at: number
  now: Record<string, number>
  before: Record<string, number>
  last: Record<string, number>[]
}

const rateSeconds = 5

const noKinds = (): Record<OutcomeKind, number> =>
  Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as Record<OutcomeKind, number>

/** Creates a recorder that counts into a tally. */
export function createRecorder(tally: Tally, now: () => number = Date.now): Recorder {
  const listeners: RecordListener[] = []
  const connections = new Map<string, PerConnection>()
  const second: Second = { at: 0, now: {}, before: {}, last: [] }

  const ofConnection = (name: string): PerConnection => {
    let state = connections.get(name)
    if (state === undefined) {
      state = { durations: [], place: 0, codes: { startedAt: now(), now: new Map(), before: new Map() } }
      connections.set(name, state)
    }
    return state
  }

  function turnSecond(time: number): void {
    const at = Math.floor(time / 1_000)
    if (at === second.at) return
    const passed = Math.min(rateSeconds, at - second.at)
    second.last = [...Array.from({ length: passed - 1 }, () => ({})), second.now, ...second.last].slice(
      0,
      rateSeconds,
    )
    second.before = at === second.at + 1 ? second.now : {}
    second.now = {}
    second.at = at
  }

  function countSecond(key: string, time: number): void {
    turnSecond(time)
    second.now[key] = (second.now[key] ?? 0) + 1
  }

  function rateOf(key: string): number {
    turnSecond(now())
    return second.last.reduce((sum, counts) => sum + (counts[key] ?? 0), 0) / rateSeconds
  }

  function countKind(connection: string, kind: OutcomeKind): void {
    const time = now()
    countSecond(kind, time)
    countSecond(`${connection}|${kind}`, time)
  }

  function countCode(state: PerConnection, code: string): void {
    const { codes } = state
    turnCodes(codes)
    codes.now.set(code, (codes.now.get(code) ?? 0) + 1)
  }

  function turnCodes(codes: PerConnection['codes']): void {
    const time = now()
    if (time - codes.startedAt < windowMs) return
    codes.before = time - codes.startedAt < 2 * windowMs ? codes.now : new Map()
    codes.now = new Map()
    codes.startedAt = time
  }

  return {
    received(event, source, receivedAt = now()) {
      tally.received(1, source)
      countSecond('received', now())
      for (const listener of listeners) listener.received?.(event, receivedAt, source)
    },
    attempted(attempt) {
      const { outcome, startedAt, endedAt, nextAfterMs, batchSize } = attempt
      const { connection, kind } = outcome
      const code = 'code' in outcome ? outcome.code : undefined
      const again = nextAfterMs !== undefined
      tally.attempted({
        connection,
        kind,
        durationMs: endedAt - startedAt,
        again,
        ...(code !== undefined && { code }),
        ...(batchSize !== undefined && { batchSize }),
      })
      for (const exchange of attempt.exchanges ?? []) countExchange(tally, exchange)
      const state = ofConnection(connection)
      countCode(state, code ?? kind)
      if (kind === 'delivered') {
        state.durations[state.place % keptDurations] = endedAt - startedAt
        state.place += 1
      }
      if (again) countKind(connection, kind)
      for (const listener of listeners) listener.attempt?.(attempt)
    },
    ended(outcome, event, receivedAt) {
      tally.ended(outcome, receivedAt === undefined ? undefined : Math.max(0, now() - receivedAt))
      countKind(outcome.connection, outcome.kind)
      for (const listener of listeners) listener.ended?.(outcome, event, receivedAt)
    },
    perSecond(connection) {
      turnSecond(now())
      const counts = noKinds()
      for (const kind of outcomeKinds)
        counts[kind] = second.before[connection === undefined ? kind : `${connection}|${kind}`] ?? 0
      return counts
    },
    receivedRate: () => rateOf('received'),
    deliveredRate: (connection) => rateOf(connection === undefined ? 'delivered' : `${connection}|delivered`),
    p95(connection) {
      const { durations } = ofConnection(connection)
      if (durations.length === 0) return undefined
      const sorted = [...durations].sort((one, other) => one - other)
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))]
    },
    recentCodes(connection) {
      const { codes } = ofConnection(connection)
      turnCodes(codes)
      const sum = new Map(codes.before)
      for (const [code, count] of codes.now) sum.set(code, (sum.get(code) ?? 0) + count)
      return sum
    },
    listen: (listener) => {
      listeners.push(listener)
    },
  }
}

function countExchange(tally: Tally, { method, url, status, error, durationMs }: Omit<Exchange, 'id'>): void {
  if (durationMs === undefined || !URL.canParse(url)) return
  const { hostname, port, protocol } = new URL(url)
  tally.sent({
    method,
    durationMs,
    address: hostname,
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    ...(status !== undefined && { status }),
    ...(error !== undefined && { errorType: error }),
  })
}
