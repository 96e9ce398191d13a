import type { SegmentEvent } from '../../event'
import type { FailureExplainer } from '../../explain/create-failure-explainer'
import type { Explanation } from '../../explain/explain'
import type { Outcome } from '../../outcome'
import type { DeadLetter } from '../../queue/queue'
import type { Journey as StoreJourney, WaitingDelivery } from '../../queue/store'
import type { Exchange, Journey, Leg, Step } from '../shapes'
import { emptyLeg } from './empty-leg'
import type { JournalEntry, JournalLeg } from './journal'
import { eventName } from './outcome-rows'
import type { RecordedAttempt } from './recorder'
import { skippedLegs } from './skipped-legs'

const maxBody = 65_536

export type JourneyParts = {
  readonly messageId: string
  readonly entry?: JournalEntry
  readonly store?: StoreJourney
  /** What every connection makes of the event, for those where it did not go. */
  readonly explanations: readonly Explanation[]
  readonly why: FailureExplainer
  readonly samePerson: number
  readonly person: string
  readonly others: readonly { readonly received: string }[]
  readonly now: number
}

/** Puts together what the journal, the store and the configuration know of one event. */
export function journeyOf(parts: JourneyParts): Journey | undefined {
  const { messageId, entry, store } = parts
  const first = store?.waiting[0]?.delivery ?? store?.dead[0]?.delivery
  const event = entry?.event ?? first?.event
  const ended = store?.ended ?? []
  if (event === undefined && ended.length === 0) return undefined
  const receivedAt = entry?.receivedAt ?? first?.receivedAt ?? ended[0]?.endedAt ?? parts.now
  const legs = legsOf(parts, event, receivedAt)
  const library = (event?.context as { library?: { name?: string; version?: string } } | undefined)?.library
  return {
    messageId,
    name: event === undefined ? messageId : eventName(event),
    type: event?.type ?? '',
    received: new Date(receivedAt).toISOString(),
    summary: summaryOf(legs),
    legs,
    ...(event !== undefined && { event }),
    ...(entry?.source !== undefined && { source: entry.source }),
    ...(library?.name !== undefined && {
      library: [library.name, library.version].filter(Boolean).join(' '),
    }),
    ...(parts.person !== '' && { person: parts.person, samePerson: parts.samePerson }),
    ...(parts.others.length > 0 && { others: parts.others }),
  }
}

function legsOf(parts: JourneyParts, event: SegmentEvent | undefined, receivedAt: number): Leg[] {
  const { entry, store, explanations, why, now } = parts
  const legs = new Map<string, Leg>()
  const keyOf = (connection: string, subscription: string) => `${connection}\n${subscription}`
  for (const { connection, subscription, endedAt, attempts } of store?.ended ?? [])
    legs.set(keyOf(connection, subscription), {
      ...emptyLeg(connection, subscription),
      state: 'ended',
      durationMs: endedAt - receivedAt,
      why: [
        `ended after ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}; its exchanges are not kept`,
      ],
    })
  for (const leg of entry?.legs.values() ?? [])
    legs.set(keyOf(leg.connection, leg.subscription), journalLeg(leg, receivedAt, event, why, explanations))
  for (const waiting of store?.waiting ?? []) {
    const { connection, subscription } = waiting.delivery
    const known = legs.get(keyOf(connection, subscription))
    legs.set(keyOf(connection, subscription), waitingLeg(waiting, receivedAt, now, known))
  }
  for (const letter of store?.dead ?? []) {
    const { connection, subscription } = letter.delivery
    const known = legs.get(keyOf(connection, subscription))
    legs.set(keyOf(connection, subscription), deadLeg(letter, receivedAt, known, why))
  }
  return [...legs.values(), ...skippedLegs(explanations, legs, keyOf)]
}

function journalLeg(
  leg: JournalLeg,
  receivedAt: number,
  event: SegmentEvent | undefined,
  why: FailureExplainer,
  explanations: readonly Explanation[],
): Leg {
  const { connection, subscription, action, attempts, outcome, endedAt } = leg
  const last = attempts.at(-1)
  const explained = explanations
    .find((each) => each.connection === connection)
    ?.subscriptions.find(({ name }) => name === subscription)
  return {
    connection,
    subscription,
    action,
    state: outcome === undefined ? 'waiting' : 'ended',
    ...(outcome !== undefined && { outcome: outcome.kind }),
    ...(endedAt !== undefined && { durationMs: Math.max(0, endedAt - receivedAt) }),
    ...(outcome === undefined &&
      last?.nextAfterMs !== undefined && {
        nextTry: new Date(last.endedAt + last.nextAfterMs).toISOString(),
      }),
    why: outcome !== undefined && event !== undefined ? why(outcome, event) : [],
    steps: stepsOf(attempts, receivedAt, idOf(leg)),
    changes: (explained?.fields ?? []).flatMap(({ changes }) =>
      changes.map(({ path, kind, reason }) => ({ path, kind, reason })),
    ),
    exchanges: attempts.flatMap((attempt, index) => exchangesOf(attempt, `${idOf(leg)}-${index}`)),
  }
}

/** Part of the ids of a leg's exchanges. */
const idOf = ({ connection, subscription }: JournalLeg): string =>
  `${connection}-${subscription}`.replaceAll(/[^A-Za-z0-9]+/g, '-')

/** Bars of a leg: what waited where, and each attempt. */
function stepsOf(attempts: readonly RecordedAttempt[], receivedAt: number, leg: string): Step[] {
  const steps: Step[] = []
  let from = 0
  for (const [index, attempt] of attempts.entries()) {
    const start = Math.max(from, attempt.startedAt - receivedAt)
    const to = Math.max(start, attempt.endedAt - receivedAt)
    if (index === 0 && start > 0) steps.push(waitBefore(attempt, start))
    const exchange = attempt.exchanges?.at(-1)
    const label =
      exchange === undefined
        ? (attempt.outcome.action ?? 'attempt')
        : `${exchange.method} ${pathOf(exchange.url)}`
    const status = exchange?.status ?? ('status' in attempt.outcome ? attempt.outcome.status : undefined)
    steps.push({
      kind: 'attempt',
      label:
        attempts.length > 1 || attempt.outcome.attempt > 1 ? `${attempt.outcome.attempt}. ${label}` : label,
      from: start,
      to,
      outcome: attempt.outcome.kind,
      attempt: `${leg}-${index}`,
      ...(attempt.outcome.kind !== 'delivered' && {
        note:
          status !== undefined
            ? String(status)
            : 'code' in attempt.outcome
              ? attempt.outcome.code
              : attempt.outcome.kind,
      }),
    })
    from = to
    if (attempt.nextAfterMs !== undefined) {
      const next = attempts[index + 1]
      const until = next === undefined ? to + attempt.nextAfterMs : next.startedAt - receivedAt
      const asked =
        attempt.outcome.kind === 'retry' &&
        (attempt.outcome.afterMs !== undefined || attempt.outcome.status === 429)
      steps.push({
        kind: asked ? 'hold' : 'backoff',
        label: asked ? 'Asked to wait' : 'Back-off',
        from: to,
        to: Math.max(to, until),
      })
      from = Math.max(to, until)
    }
  }
  return steps
}

const waitBefore = ({ batchSize }: RecordedAttempt, to: number): Step =>
  batchSize !== undefined && batchSize > 1
    ? {
        kind: 'batch',
        label: `Batch with ${batchSize - 1} ${batchSize === 2 ? 'other' : 'others'}`,
        from: 0,
        to,
      }
    : { kind: 'queue', label: 'Queue', from: 0, to }

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url)

function exchangesOf({ exchanges = [] }: RecordedAttempt, attempt: string): Exchange[] {
  return exchanges.map((exchange, index) => {
    const { requestBody, responseBody } = exchange
    const isCut = [requestBody, responseBody].some((body) => body !== undefined && body.length > maxBody)
    return {
      ...exchange,
      id: index === exchanges.length - 1 ? attempt : `${attempt}.${index}`,
      isCut: isCut || exchange.isCut,
      ...(requestBody !== undefined && { requestBody: requestBody.slice(0, maxBody) }),
      ...(responseBody !== undefined && { responseBody: responseBody.slice(0, maxBody) }),
    }
  })
}

function waitingLeg(
  { delivery, state, dueAt }: WaitingDelivery,
  receivedAt: number,
  now: number,
  known: Leg | undefined,
): Leg {
  const { connection, subscription, history } = delivery
  const last = history.at(-1)
  const steps = known?.steps.length ? known.steps : historySteps(history, receivedAt, now)
  return {
    ...(known ?? emptyLeg(connection, subscription)),
    state: 'waiting',
    ...(dueAt !== undefined && dueAt > now && { nextTry: new Date(dueAt).toISOString() }),
    ...(last !== undefined && { outcome: last.kind }),
    why:
      state === 'behind'
        ? ['waits for an earlier event of the same person']
        : last === undefined
          ? ['waits for its turn']
          : [[last.code, last.message].filter(Boolean).join(': ')],
    steps,
  }
}

function deadLeg(letter: DeadLetter, receivedAt: number, known: Leg | undefined, why: FailureExplainer): Leg {
  const { delivery, outcome, diedAt, id } = letter
  return {
    ...(known ?? emptyLeg(delivery.connection, delivery.subscription)),
    action: outcome.action ?? known?.action ?? '',
    state: 'dead',
    outcome: outcome.kind,
    durationMs: Math.max(0, diedAt - receivedAt),
    why: why(outcome, delivery.event),
    steps: known?.steps.length ? known.steps : historySteps(delivery.history, receivedAt, diedAt),
    deadId: id,
  }
}

/** Steps out of the store's records, which know when an attempt ended and how long it waited then. */
function historySteps(
  history: readonly {
    at: string
    attempt: number
    kind: Outcome['kind']
    status?: number
    code?: string
    nextAfterMs?: number
  }[],
  receivedAt: number,
  now: number,
): Step[] {
  const steps: Step[] = []
  for (const { at, attempt, kind, status, code, nextAfterMs } of history) {
    const time = Math.max(0, Date.parse(at) - receivedAt)
    if (steps.length === 0 && time > 0) steps.push({ kind: 'queue', label: 'Queue', from: 0, to: time })
    steps.push({
      kind: 'attempt',
      label: `${attempt}. attempt`,
      from: time,
      to: time,
      outcome: kind,
      note: status === undefined ? (code ?? kind) : String(status),
    })
    if (nextAfterMs !== undefined)
      steps.push({ kind: 'backoff', label: 'Back-off', from: time, to: time + nextAfterMs })
  }
  return steps.length > 0
    ? steps
    : [{ kind: 'queue', label: 'Queue', from: 0, to: Math.max(0, now - receivedAt) }]
}

const numbers = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** `two`, or `12`. */
export const numberWord = (count: number): string => numbers[count] ?? String(count)

function summaryOf(legs: readonly Leg[]): string {
  const count = (test: (leg: Leg) => boolean) =>
    new Set(legs.filter(test).map(({ connection }) => connection)).size
  const parts = [
    [
      count(({ state, outcome }) => state === 'ended' && (outcome === 'delivered' || outcome === undefined)),
      'delivered to',
    ],
    [count(({ state }) => state === 'waiting'), 'waiting at'],
    [
      count(
        ({ state, outcome }) =>
          state === 'dead' || (state === 'ended' && outcome !== 'delivered' && outcome !== undefined),
      ),
      'not delivered to',
    ],
    [count(({ state }) => state === 'skipped'), 'skipped by'],
  ] as const
  const said = parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${words} ${numberWord(number)}`)
  return said.length === 0 ? 'no connection wants it' : said.join(', ')
}
