import type { WaitingDeliveries, WaitingDelivery } from '../../queue/store'
import { ApiError } from '../api-error'
import type { LaneDetail, LaneEvent, LanePage, LaneRow, LaneState } from '../shapes'
import type { PageQuery } from '../source'
import { eventName, personOf } from './outcome-rows'

type Lane = {
  readonly person: string
  first: WaitingDelivery
  events: number
  since: number
}

/** Why a connection as a whole sends nothing; then all its lanes are held. */
export type Held = { readonly why: string; readonly until?: number }

const pageSize = 1_000
const freshMs = 2_000
const ageBounds = [60_000, 600_000, 3_600_000, 14_400_000] as const
const maxShownEvents = 200

const keyOf = (person: string): string => Buffer.from(person).toString('base64url')
const personOfKey = (key: string): string => Buffer.from(key, 'base64url').toString()

/** The lanes of a connection, read from what waits in the store. */
export type Lanes = {
  page(
    connection: string,
    query: PageQuery & { readonly state?: LaneState; readonly q?: string },
    held: Held | undefined,
  ): Promise<LanePage>
  lane(connection: string, key: string, held: Held | undefined): Promise<LaneDetail | undefined>
  /** @throws ApiError 409 where it is no longer the first. */
  setAside(
    connection: string,
    key: string,
    first: { readonly messageId: string; readonly subscription: string },
  ): Promise<{ readonly deadId: string } | undefined>
  /** Persons whose events wait, as far as the last look tells. */
  people(connection: string): number | undefined
}

/** A look at all that waits is kept for two seconds, or ten times as long as it took. */
export function createLanes(waiting: WaitingDeliveries, now: () => number = Date.now): Lanes {
  const looks = new Map<
    string,
    { readonly until: number; readonly lanes: Promise<readonly Lane[]>; known?: number }
  >()

  async function read(connection: string): Promise<readonly Lane[]> {
    const lanes = new Map<string, Lane>()
    let after: string | undefined
    do {
      const page = await waiting.list(
        { connection },
        { limit: pageSize, ...(after !== undefined && { after }) },
      )
      for (const each of page.deliveries) {
        const person = each.delivery.person ?? personOf(each.delivery.event)
        const lane = lanes.get(person)
        if (lane === undefined)
          lanes.set(person, { person, first: each, events: 1, since: each.delivery.receivedAt })
        else {
          lane.events += 1
          lane.since = Math.min(lane.since, each.delivery.receivedAt)
        }
      }
      after = page.next
    } while (after !== undefined)
    return [...lanes.values()].sort(
      (one, other) => one.since - other.since || (one.person < other.person ? -1 : 1),
    )
  }

  function look(connection: string): Promise<readonly Lane[]> {
    const known = looks.get(connection)
    if (known !== undefined && known.until > now()) return known.lanes
    const startedAt = now()
    const lanes = read(connection)
    const entry = {
      until: Number.POSITIVE_INFINITY,
      lanes,
      ...(known?.known !== undefined && { known: known.known }),
    }
    looks.set(connection, entry)
    lanes.then(
      (list) =>
        looks.set(connection, {
          until: now() + Math.max(freshMs, 10 * (now() - startedAt)),
          lanes,
          known: list.length,
        }),
      () => looks.delete(connection),
    )
    return lanes
  }

  async function eventsOf(
    connection: string,
    person: string,
  ): Promise<{ list: WaitingDelivery[]; count: number }> {
    const list: WaitingDelivery[] = []
    let count = 0
    let after: string | undefined
    do {
      const page = await waiting.list(
        { connection, person },
        { limit: pageSize, ...(after !== undefined && { after }) },
      )
      count += page.deliveries.length
      for (const each of page.deliveries) if (list.length < maxShownEvents) list.push(each)
      after = page.next
    } while (after !== undefined)
    if (count > 0) return { list, count }
    // A connection without order stores no person.
    const lane = (await look(connection)).find((each) => each.person === person)
    return lane === undefined ? { list, count } : { list: [lane.first], count: lane.events }
  }

  return {
    async page(connection, { limit, after, state, q }, held) {
      const all = (await look(connection)).map((lane) => rowOf(lane, held, now()))
      const totals: Record<LaneState, number> = { ready: 0, retrying: 0, held: 0, joined: 0 }
      for (const row of all) totals[row.state] += 1
      const matching = all.filter(
        (row) => (state === undefined || row.state === state) && (q === undefined || row.person.includes(q)),
      )
      const start = after === undefined ? 0 : matching.findIndex(({ key }) => key === after) + 1
      const items = matching.slice(start, start + limit)
      const isMore = start + limit < matching.length
      const [time] = [now()]
      return {
        items,
        ...(isMore && { next: (items.at(-1) as LaneRow).key }),
        count: { value: matching.length, exact: true },
        totals,
        ages: [...ageBounds, undefined].map((uptoMs, index) => ({
          ...(uptoMs !== undefined && { uptoMs }),
          lanes: all.filter(({ since }) => {
            const age = time - Date.parse(since)
            return (
              age >= (ageBounds[index - 1] ?? Number.NEGATIVE_INFINITY) &&
              age < (uptoMs ?? Number.POSITIVE_INFINITY)
            )
          }).length,
        })),
      }
    },
    async lane(connection, key, held) {
      const person = personOfKey(key)
      const { list, count } = await eventsOf(connection, person)
      const [first] = list
      if (first === undefined) return undefined
      const lane = { person, first, events: count, since: first.delivery.receivedAt }
      return { ...rowOf(lane, held, now()), list: list.map((each, place) => laneEvent(each, place, held)) }
    },
    async setAside(connection, key, { messageId, subscription }) {
      const { list } = await eventsOf(connection, personOfKey(key))
      const [first] = list
      if (first === undefined) return undefined
      const { delivery, id } = first
      const isFirst = delivery.event.messageId === messageId && delivery.subscription === subscription
      if (!isFirst || !(await waiting.setAside(id)))
        throw new ApiError(
          409,
          'CHANGED_MEANWHILE',
          'this event is no longer the first in line: it was delivered or set aside meanwhile; nothing was done',
        )
      looks.delete(connection)
      return { deadId: id }
    },
    people: (connection) => {
      const entry = looks.get(connection)
      void look(connection).catch(() => undefined)
      return entry?.known
    },
  }
}

function stateOf({ state, delivery }: WaitingDelivery, held: Held | undefined): LaneState {
  if (state === 'behind') return 'joined'
  if (held !== undefined) return 'held'
  return delivery.attempt > 0 || delivery.history.length > 0 ? 'retrying' : 'ready'
}

function rowOf({ person, first, events, since }: Lane, held: Held | undefined, now: number): LaneRow {
  const state = stateOf(first, held)
  const nextAt = held?.until ?? first.dueAt
  return {
    key: keyOf(person),
    person,
    state,
    event: eventName(first.delivery.event),
    why: whyOf(first, state, held),
    events,
    since: new Date(since).toISOString(),
    ...(state !== 'joined' &&
      nextAt !== undefined &&
      nextAt > now && { nextTry: new Date(nextAt).toISOString() }),
  }
}

function whyOf({ delivery }: WaitingDelivery, state: LaneState, held: Held | undefined): string {
  const last = delivery.history.at(-1)
  const before =
    last === undefined
      ? undefined
      : `${last.status ?? last.code ?? last.kind} before, attempt ${delivery.attempt + 1}`
  if (state === 'held') return before === undefined ? (held?.why ?? 'held') : before
  if (state === 'joined') return 'Joined with another lane by an alias'
  if (state === 'retrying') return before ?? `attempt ${delivery.attempt + 1}`
  return 'Waits for a place'
}

const laneEvent = ({ delivery }: WaitingDelivery, place: number, held: Held | undefined): LaneEvent => {
  const last = delivery.history.at(-1)
  return {
    messageId: delivery.event.messageId ?? '',
    subscription: delivery.subscription,
    event: eventName(delivery.event),
    received: new Date(delivery.receivedAt).toISOString(),
    attempt: delivery.attempt,
    why:
      place > 0
        ? 'after the one above'
        : last !== undefined
          ? `refused with ${last.status ?? last.code ?? last.kind}, attempt ${last.attempt}`
          : (held?.why ?? 'waits for a place'),
  }
}
