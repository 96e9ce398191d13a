import type { SegmentEvent } from '../../event'
import type { Outcome } from '../../outcome'
import type { RecordedAttempt, Recorder } from './recorder'

/** What became of an event at one subscription, as far as it is known here. */
export type JournalLeg = {
  readonly connection: string
  readonly subscription: string
  action: string
  readonly attempts: RecordedAttempt[]
  outcome?: Outcome
  endedAt?: number
}

/** An event and where it went. Times in milliseconds since the epoch. */
export type JournalEntry = {
  readonly event: SegmentEvent
  readonly receivedAt: number
  readonly source?: string
  readonly legs: Map<string, JournalLeg>
}

/** The last events with their attempts; what the store still has is asked there. */
export type Journal = {
  /** All events of this id, newest first: an id may come again after the queue has forgotten it. */
  find(messageId: string): readonly JournalEntry[]
  /** How many events of a person are kept. */
  countOf(person: string): number
  /** Ids and persons that begin with a text. */
  beginningWith(text: string, most: number): { readonly events: string[]; readonly persons: string[] }
  /** The last event that a subscription wanted. */
  lastOf(
    connection: string,
    subscription: string,
  ): { readonly event: SegmentEvent; readonly at: number } | undefined
}

/** An id that comes again within this time is a repetition, which the queue folds. */
const sameEventMs = 60_000
const maxEvents = 20_000
/** Deliveries kept in a second; events that fail are all kept. */
const deliveredPerSecond = 50

const legKey = (connection: string, subscription: string): string => `${connection}\n${subscription}`

/** Keeps the last 20,000 events that failed or were sampled, by their message id. */
export function createJournal(
  recorder: Recorder,
  personOf: (event: SegmentEvent) => string,
  now: () => number = Date.now,
): Journal {
  const entries = new Map<string, JournalEntry[]>()
  const last = new Map<string, { event: SegmentEvent; at: number }>()
  const persons = new Map<string, number>()
  let second = 0
  let inSecond = 0

  function forgetOldest(): void {
    const [id, list] = entries.entries().next().value as [string, JournalEntry[]]
    entries.delete(id)
    for (const { event } of list) {
      const person = personOf(event)
      const count = (persons.get(person) ?? 0) - 1
      if (count > 0) persons.set(person, count)
      else persons.delete(person)
    }
  }

  function entryOf(event: SegmentEvent, receivedAt: number | undefined, source?: string): JournalEntry {
    const id = event.messageId ?? ''
    const known = entries.get(id)
    // A store gives events back as other objects, with the time at which they were put.
    const same = known?.find(
      (entry) =>
        entry.event === event ||
        receivedAt === undefined ||
        Math.abs(entry.receivedAt - receivedAt) < sameEventMs,
    )
    if (same !== undefined) return same
    const entry = {
      event,
      receivedAt: receivedAt ?? now(),
      legs: new Map(),
      ...(source !== undefined && { source }),
    }
    if (known === undefined) entries.set(id, [entry])
    else known.unshift(entry)
    const person = personOf(event)
    persons.set(person, (persons.get(person) ?? 0) + 1)
    if (entries.size > maxEvents) forgetOldest()
    return entry
  }

  function isSampledOut(event: SegmentEvent): boolean {
    if (entries.has(event.messageId ?? '')) return false
    const thisSecond = Math.floor(now() / 1_000)
    if (thisSecond !== second) {
      second = thisSecond
      inSecond = 0
    }
    inSecond += 1
    return inSecond > deliveredPerSecond
  }

  function legOf(entry: JournalEntry, { connection, subscription = '', action = '' }: Outcome): JournalLeg {
    const key = legKey(connection, subscription)
    let leg = entry.legs.get(key)
    if (leg === undefined) {
      leg = { connection, subscription, action, attempts: [] }
      entry.legs.set(key, leg)
    }
    if (action !== '') leg.action = action
    return leg
  }

  recorder.listen({
    received(event, receivedAt, source) {
      if (!isSampledOut(event)) entryOf(event, receivedAt, source)
    },
    attempt(attempt) {
      const { outcome, event, receivedAt } = attempt
      last.set(legKey(outcome.connection, outcome.subscription ?? ''), { event, at: attempt.startedAt })
      if (outcome.kind === 'delivered' && isSampledOut(event)) return
      legOf(entryOf(event, receivedAt), outcome).attempts.push(attempt)
    },
    ended(outcome, event, receivedAt) {
      if (outcome.kind === 'skipped') return
      if (outcome.kind === 'delivered' && isSampledOut(event)) return
      const leg = legOf(entryOf(event, receivedAt), outcome)
      leg.outcome = outcome
      leg.endedAt = now()
      if (!last.has(legKey(leg.connection, leg.subscription)))
        last.set(legKey(leg.connection, leg.subscription), { event, at: now() })
    },
  })

  return {
    find: (messageId) => entries.get(messageId) ?? [],
    countOf: (person) => persons.get(person) ?? 0,
    beginningWith(text, most) {
      const beginning = (keys: Iterable<string>): string[] => {
        const found: string[] = []
        for (const key of keys) {
          if (key.startsWith(text)) found.push(key)
          if (found.length === most) break
        }
        return found
      }
      return text === ''
        ? { events: [], persons: [] }
        : { events: beginning(entries.keys()), persons: beginning(persons.keys()) }
    },
    lastOf: (connection, subscription) => last.get(legKey(connection, subscription)),
  }
}
