import type { LaneStats } from '../../queue/queue'
import type { Connection } from '../../runtime/options'
import { type SeriesRange, seriesRanges } from '../../telemetry/series'
import type { Tally } from '../../telemetry/tally'
import { type ConnectionState, connectionStates, type Health } from '../shapes'
import type { Recorder } from './recorder'
import { type ConnectionStatus, nameOf } from './runtime-view'

const behindMs = 600_000
const sparkSteps = 60

/** Milliseconds of a range. */
export const rangeMs: Readonly<Record<SeriesRange, number>> = Object.fromEntries(
  seriesRanges.map((range, index) => [range, [900_000, 3_600_000, 86_400_000, 604_800_000][index]]),
) as Record<SeriesRange, number>

export type HealthParts = {
  readonly connection: Connection
  readonly status: ConnectionStatus | undefined
  readonly lanes: readonly LaneStats[]
  readonly recorder: Recorder
  readonly tally: Tally
  readonly range: SeriesRange
  readonly now: number
}

/** How a connection does. */
export function healthOf(parts: HealthParts): Health {
  const { connection, recorder, tally, range, now } = parts
  const name = nameOf(connection)
  const lanes = parts.lanes.filter((lane) => lane.connection === name)
  const series = tally.series(name).read(range, now)
  const total = (kind: keyof typeof series.kinds) => series.kinds[kind].reduce((sum, count) => sum + count, 0)
  const ended =
    total('delivered') +
    total('invalid') +
    total('rejected') +
    total('unknown') +
    total('retry') +
    total('blocked')
  const waiting = lanes.reduce((sum, lane) => sum + lane.ready + lane.waiting + lane.leased, 0)
  const oldest = Math.min(
    ...lanes.map(({ oldestReceivedAt }) => oldestReceivedAt ?? Number.POSITIVE_INFINITY),
  )
  const p95Ms = recorder.p95(name)
  const state = stateOf(parts, waiting, oldest, ended)
  return {
    name,
    destination: { slug: connection.destination.slug ?? '', name: connection.destination.name },
    state,
    reason: reasonOf(state, parts),
    perSecond: recorder.deliveredRate(name),
    ...(ended > 0 && { delivered: total('delivered') / ended }),
    waiting,
    ...(Number.isFinite(oldest) && { oldest: new Date(oldest).toISOString() }),
    ...(p95Ms !== undefined && { p95Ms }),
    dead: lanes.reduce((sum, lane) => sum + lane.dead, 0),
    spark: joined(series.kinds.delivered, sparkSteps),
    ordered: (connection.ordering ?? connection.destination.ordering) === 'user',
  }
}

function stateOf(
  { connection, status, recorder, now }: HealthParts,
  waiting: number,
  oldest: number,
  ended: number,
): ConnectionState {
  if (connection.enabled === false) return 'disabled'
  if (status?.block !== undefined) return 'blocked'
  if (status?.pause !== undefined) return 'paused'
  if (waiting > 0 && now - oldest > behindMs) return 'behind'
  const name = nameOf(connection)
  const codes = recorder.recentCodes(name)
  const attempts = [...codes.values()].reduce((sum, count) => sum + count, 0)
  const delivered = codes.get('delivered') ?? 0
  const troubled = [...codes].filter(([code]) => isTemporary(code)).reduce((sum, [, count]) => sum + count, 0)
  if (waiting > 0 && troubled > 0 && troubled >= attempts * 0.05) return 'retrying'
  if (attempts - delivered - troubled > 0 && delivered < attempts * 0.5) return 'failing'
  return ended > 0 || attempts > 0 ? 'delivering' : 'idle'
}

/** Whether a code stands for something that passes by itself. */
export const isTemporary = (code: string): boolean =>
  /^HTTP_(408|423|425|429|5\d\d)$/.test(code) ||
  /^(E[A-Z]+|UND_ERR_\w+|JOB_RETRYABLE|RETRY\w*|retry|unknown)$/.test(code)

function reasonOf(state: ConnectionState, { status, recorder, connection }: HealthParts): string {
  const codes = [...recorder.recentCodes(nameOf(connection))].filter(([code]) => code !== 'delivered')
  const [worst] = codes.sort(([, one], [, other]) => other - one)
  if (state === 'blocked') return capital(status?.block?.message ?? 'the credentials are refused')
  if (state === 'paused') return `Paused by ${status?.pause?.by ?? 'an operator'}`
  if (state === 'disabled') return 'Disabled in the configuration'
  if (state === 'behind')
    return worst === undefined ? 'More comes in than goes out' : `Falls behind: ${codeWords(worst[0])}`
  if (state === 'retrying') return capital(worst === undefined ? 'Tries again' : codeWords(worst[0]))
  if (state === 'failing')
    return capital(worst === undefined ? 'Most events are refused' : codeWords(worst[0]))
  return state === 'idle' ? 'Nothing came in this range' : 'Delivers'
}

/** A code as a sentence without its end: `asks to slow down (429)`. */
export function codeWords(code: string): string {
  const status = /^HTTP_(\d+)$/.exec(code)?.[1]
  if (status === '429') return 'asks to slow down (429)'
  if (status !== undefined) return status.startsWith('5') ? `answers ${status}` : `refuses with ${status}`
  if (code === 'INVALID_PAYLOAD') return 'events lack what the action needs'
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return 'gives no answer in time'
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') return 'cannot be reached'
  return code
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The same counts in at most so many steps. */
export function joined(counts: readonly number[], steps: number): number[] {
  const size = Math.ceil(counts.length / steps)
  const result: number[] = []
  for (let start = 0; start < counts.length; start += size)
    result.push(counts.slice(start, start + size).reduce((sum, count) => sum + count, 0))
  return result
}

/** Worst first, then by name. */
export const byNeed = (one: Health, other: Health): number =>
  connectionStates.indexOf(one.state) - connectionStates.indexOf(other.state) ||
  other.waiting - one.waiting ||
  (one.name < other.name ? -1 : 1)
