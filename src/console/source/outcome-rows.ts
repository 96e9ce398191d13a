import type { SegmentEvent } from '../../event'
import { type Outcome, type OutcomeKind, outcomeKinds } from '../../outcome'
import type { OutcomeRow, Page } from '../shapes'
import type { OutcomeFeed, OutcomeFeedFilter, OutcomeQuery } from '../source'
import { compileMatch } from './match-event'
import type { Recorder } from './recorder'

const maxFailures = 10_000
const maxDelivered = 5_000
/** Deliveries kept in a second; beyond them they are a sample. Failures are all kept. */
const deliveredPerSecond = 50
const rowsPerTake = 6

type Kept = { readonly order: number; readonly row: OutcomeRow; readonly event: SegmentEvent }

/** The last outcomes, for lists, and live views of them. */
export type OutcomeRows = {
  page(query: OutcomeQuery): Page<OutcomeRow>
  feed(filter: OutcomeFeedFilter): OutcomeFeed
}

/** Whom an event is about. */
export const personOf = ({ userId, anonymousId, context }: SegmentEvent): string => {
  const email = (context?.traits as { email?: unknown } | undefined)?.email
  const found = [userId, anonymousId, email].find(
    (id) => (typeof id === 'string' && id !== '') || typeof id === 'number',
  )
  return found === undefined ? '' : String(found)
}

/** The name of an event, or its type where it has none. */
export const eventName = ({ type, event, name }: SegmentEvent): string =>
  [event, name, type].find((text) => typeof text === 'string' && text !== '') ?? 'event'

/** The response in short: `429, asked to slow down`. */
export function responseText(outcome: Outcome): string {
  if (outcome.kind === 'delivered') return outcome.status === undefined ? 'accepted' : String(outcome.status)
  if (outcome.kind === 'skipped') return outcome.reason.replaceAll('-', ' ')
  if (outcome.kind === 'invalid') {
    const [field] = outcome.fields
    return field === undefined
      ? outcome.message
      : field.received === 'missing'
        ? `${field.path} missing`
        : `${field.path}: ${field.expected} expected`
  }
  const { status, vendorCode, message } = outcome
  return [status, vendorCode ?? (status === undefined ? message : undefined)]
    .filter((part) => part !== undefined)
    .join(', ')
}

/** Keeps all failures and a sample of deliveries, each in a list of its own. */
export function createOutcomeRows(recorder: Recorder, now: () => number = Date.now): OutcomeRows {
  const failures: Kept[] = []
  const delivered: Kept[] = []
  const feeds = new Set<(kept: Kept) => void>()
  let order = 0
  let second = 0
  let inSecond = 0

  function take(outcome: Outcome, event: SegmentEvent, nextAfterMs?: number): void {
    const time = now()
    const isFailure = outcome.kind !== 'delivered' && outcome.kind !== 'skipped'
    const thisSecond = Math.floor(time / 1_000)
    if (thisSecond !== second) {
      second = thisSecond
      inSecond = 0
    }
    inSecond += isFailure ? 0 : 1
    const isSampledOut = !isFailure && inSecond > deliveredPerSecond
    if (isSampledOut && feeds.size === 0) return
    order += 1
    const kept = { order, row: rowOf(outcome, event, order, time, nextAfterMs), event }
    for (const feed of feeds) feed(kept)
    if (isSampledOut) return
    const list = isFailure ? failures : delivered
    list.push(kept)
    const most = isFailure ? maxFailures : maxDelivered
    if (list.length > most * 1.2) list.splice(0, list.length - most)
  }

  recorder.listen({
    ended: (outcome, event) => take(outcome, event),
    attempt: ({ outcome, event, nextAfterMs }) => {
      if (nextAfterMs !== undefined) take(outcome, event, nextAfterMs)
    },
  })

  return {
    page({ limit, after, kinds, connection, q }) {
      const matches = matcher({ ...(kinds && { kinds }), ...(connection && { connection }), ...(q && { q }) })
      const before = after === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(after, 36)
      const items: OutcomeRow[] = []
      for (const kept of newestFirst(failures, delivered)) {
        if (kept.order >= before || !matches(kept)) continue
        if (items.length === limit) {
          const last = items.at(-1) as OutcomeRow
          return { items, next: last.id }
        }
        items.push(kept.row)
      }
      return { items }
    },
    feed(filter) {
      const matches = matcher(filter)
      let seen = noKinds()
      let bad: OutcomeRow[] = []
      let good: OutcomeRow[] = []
      const listen = (kept: Kept): void => {
        if (!matches(kept)) return
        const { row } = kept
        seen[row.kind] += 1
        const isFailure = row.kind !== 'delivered' && row.kind !== 'skipped'
        if (!isFailure) {
          if (good.length < rowsPerTake) good.push(row)
        } else if (bad.length < rowsPerTake || !bad.some(({ kind }) => kind === row.kind)) bad.push(row)
      }
      feeds.add(listen)
      return {
        take() {
          // One of each failing kind first, then other failures, then deliveries.
          const firsts = bad.filter((row, place) => bad.findIndex(({ kind }) => kind === row.kind) === place)
          const rows = [...new Set([...firsts, ...bad, ...good])].slice(0, rowsPerTake)
          const result = { seen, rows: rows.sort((one, other) => (one.at < other.at ? 1 : -1)) }
          seen = noKinds()
          bad = []
          good = []
          return result
        },
        close: () => {
          feeds.delete(listen)
        },
      }
    },
  }
}

const noKinds = (): Record<OutcomeKind, number> =>
  Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])) as Record<OutcomeKind, number>

function rowOf(
  outcome: Outcome,
  event: SegmentEvent,
  order: number,
  at: number,
  nextAfterMs: number | undefined,
): OutcomeRow {
  return {
    id: order.toString(36),
    at: new Date(at).toISOString(),
    kind: outcome.kind,
    messageId: outcome.messageId ?? event.messageId ?? '',
    event: eventName(event),
    type: event.type ?? '',
    person: personOf(event),
    connection: outcome.connection,
    subscription: outcome.subscription ?? '',
    action: outcome.action ?? '',
    response: responseText(outcome),
    ...(nextAfterMs !== undefined && { nextTry: new Date(at + nextAfterMs).toISOString() }),
    ...(outcome.kind === 'delivered' && { durationMs: outcome.durationMs }),
  }
}

function matcher({ kinds, connection, q }: OutcomeFeedFilter): (kept: Kept) => boolean {
  const matchesText = q === undefined || q === '' ? undefined : compileMatch(q)
  return ({ row, event }) =>
    (kinds === undefined || kinds.includes(row.kind)) &&
    (connection === undefined || row.connection === connection) &&
    (matchesText === undefined || matchesText(event, [row.event, row.person, row.messageId, row.connection]))
}

function* newestFirst(one: readonly Kept[], other: readonly Kept[]): Generator<Kept> {
  let [left, right] = [one.length - 1, other.length - 1]
  while (left >= 0 || right >= 0) {
    const [a, b] = [one[left], other[right]]
    if (b === undefined || (a !== undefined && a.order > b.order)) {
      yield a as Kept
      left -= 1
    } else {
      yield b
      right -= 1
    }
  }
}
