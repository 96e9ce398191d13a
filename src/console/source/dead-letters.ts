import { createHash } from 'node:crypto'
import type { FailureExplainer } from '../../explain/create-failure-explainer'
import type { DeadCount, DeadFilter, DeadLetter, DeadLetters } from '../../queue/queue'
import type { DeadGroup, DeadGroups, DeadQuery, DeadRow, Page } from '../shapes'
import type { PageQuery } from '../source'
import { compileMatch, isFql } from './match-event'
import { eventName, personOf } from './outcome-rows'
import { shortReason } from './short-reason'

const dayMs = 86_400_000
const sparkSteps = 24
const sampled = 200
const freshMs = 1_500
/** Letters that a filter over payloads looks through for one page. */
const maxScanned = 20_000

/** What did not arrive, as the console asks for it. */
export type DeadView = {
  groups(): Promise<DeadGroups>
  list(query: DeadQuery & PageQuery): Promise<Page<DeadRow>>
  get(id: string): Promise<(DeadRow & { readonly letter: DeadLetter }) | undefined>
  count(query: DeadQuery, until?: number): Promise<number>
  /** All letters of a query, newest first. */
  all(query: DeadQuery, until?: number): AsyncGenerator<DeadLetter>
  lines(query: DeadQuery): AsyncGenerator<string>
  /** What changes dead letters ends with this, so that the next look is fresh. */
  forget(): void
}

const groupId = ({ connection, subscription, reason }: Omit<DeadCount, 'count'>): string =>
  createHash('sha256')
    .update(JSON.stringify([connection, subscription, reason]))
    .digest('base64url')
    .slice(0, 16)

/** Creates the view. `keptMs`: how long the store keeps dead letters; absent: for ever. */
export function createDeadView(
  dead: DeadLetters,
  why: FailureExplainer,
  keptMs?: number,
  now: () => number = Date.now,
): DeadView {
  let fresh: { readonly until: number; readonly groups: Promise<DeadGroups> } | undefined
  const known = new Map<string, Omit<DeadCount, 'count'>>()

  async function readGroup(counted: DeadCount): Promise<DeadGroup> {
    const { connection, subscription, reason, count } = counted
    known.set(groupId(counted), counted)
    const { letters } = await dead.list({ connection, subscription, reason }, { limit: sampled })
    const [newest] = letters
    const messages = new Map<string, number>()
    for (const { outcome } of letters) {
      const message = messageOf(outcome)
      messages.set(message, (messages.get(message) ?? 0) + 1)
    }
    const [[mostFrequent = reason] = []] = [...messages].sort(([, one], [, other]) => other - one)
    return {
      id: groupId(counted),
      kind: newest?.outcome.kind ?? 'rejected',
      message:
        messages.size > 1
          ? `${mostFrequent} (and ${messages.size - 1} other ${messages.size === 2 ? 'reason' : 'reasons'} of this code)`
          : mostFrequent,
      connection,
      subscription,
      action: newest?.outcome.action ?? subscription,
      code: reason,
      count,
      spark: sparkOf(letters, now()),
      ...(newest !== undefined && { last: new Date(newest.diedAt).toISOString() }),
    }
  }

  async function readGroups(): Promise<DeadGroups> {
    const reasons = await dead.reasons()
    const groups = await Promise.all(reasons.filter(({ count }) => count > 0).map(readGroup))
    const count = groups.reduce((sum, group) => sum + group.count, 0)
    return {
      groups: groups.sort((one, other) => other.count - one.count),
      count,
      ...(keptMs !== undefined && { keptDays: Math.round(keptMs / dayMs) }),
    }
  }

  async function filterOf({ group, connection, withinMs }: DeadQuery, until?: number): Promise<DeadFilter> {
    if (group !== undefined && !known.has(group))
      for (const reason of await dead.reasons()) known.set(groupId(reason), reason)
    const counted = group === undefined ? undefined : known.get(group)
    return {
      ...(connection !== undefined && { connection }),
      ...(counted !== undefined && {
        connection: counted.connection,
        subscription: counted.subscription,
        reason: counted.reason,
      }),
      // A reason that nothing has any more.
      ...(group !== undefined && counted === undefined && { ids: [] }),
      ...(withinMs !== undefined && { since: now() - withinMs }),
      ...(until !== undefined && { until }),
    }
  }

  /** What the store finds by itself: an id or a person; FQL is left to us. */
  async function narrowed(
    query: DeadQuery,
    until?: number,
  ): Promise<{ filter: DeadFilter; test?: (letter: DeadLetter) => boolean }> {
    const filter = await filterOf(query, until)
    const { q } = query
    if (q === undefined) return { filter }
    if (!isFql(q)) {
      const byId = { ...filter, messageId: q }
      if ((await dead.count(byId)) > 0) return { filter: byId }
      const byPerson = { ...filter, person: q }
      if ((await dead.count(byPerson)) > 0) return { filter: byPerson }
    }
    const matches = compileMatch(q)
    return {
      filter,
      test: ({ delivery: { event }, outcome }) =>
        matches(event, [eventName(event), personOf(event), event.messageId ?? '', messageOf(outcome)]),
    }
  }

  async function* all(query: DeadQuery, until?: number): AsyncGenerator<DeadLetter> {
    const { filter, test } = await narrowed(query, until)
    let after: string | undefined
    do {
      const page = await dead.list(filter, { limit: 500, ...(after !== undefined && { after }) })
      for (const letter of page.letters) if (test === undefined || test(letter)) yield letter
      after = page.next
    } while (after !== undefined)
  }

  const rowOf = ({ id, delivery, outcome, diedAt }: DeadLetter): DeadRow => ({
    id,
    messageId: delivery.event.messageId ?? '',
    event: eventName(delivery.event),
    type: delivery.event.type ?? '',
    person: delivery.person ?? personOf(delivery.event),
    connection: delivery.connection,
    subscription: delivery.subscription,
    why: shortReason(outcome, delivery.event, why),
    tries: outcome.attempt,
    ended: new Date(diedAt).toISOString(),
  })

  return {
    groups() {
      if (fresh === undefined || fresh.until <= now()) {
        const groups = readGroups()
        fresh = { until: now() + freshMs, groups }
        groups.catch(() => {
          fresh = undefined
        })
      }
      return fresh.groups
    },
    async list({ limit, after, ...query }) {
      const { filter, test } = await narrowed(query)
      const items: DeadRow[] = []
      let cursor = after
      let scanned = 0
      do {
        const page = await dead.list(filter, {
          limit: test === undefined ? limit - items.length : 500,
          ...(cursor !== undefined && { after: cursor }),
        })
        for (const letter of page.letters) {
          scanned += 1
          if (test === undefined || test(letter)) items.push(rowOf(letter))
        }
        cursor = page.next
      } while (cursor !== undefined && items.length < limit && scanned < maxScanned)
      return { items, ...(cursor !== undefined && { next: cursor }) }
    },
    async get(id) {
      const [letter] = (await dead.list({ ids: [id] }, { limit: 1 })).letters
      return letter && { ...rowOf(letter), letter }
    },
    async count(query, until) {
      const { filter, test } = await narrowed(query, until)
      if (test === undefined) return dead.count(filter)
      let count = 0
      for await (const _letter of all(query, until)) count += 1
      return count
    },
    all,
    async *lines(query) {
      for await (const { delivery, outcome } of all(query)) {
        const { index: _index, ...told } = outcome
        yield JSON.stringify({
          event: delivery.event,
          outcome: told,
          attempts: delivery.history,
          why: why(outcome, delivery.event),
        })
      }
    },
    forget: () => {
      fresh = undefined
    },
  }
}

const messageOf = (outcome: DeadLetter['outcome']): string =>
  'message' in outcome ? outcome.message : outcome.kind

/** Deaths over the last day, in hours. */
function sparkOf(letters: readonly DeadLetter[], now: number): number[] {
  const steps = new Array<number>(sparkSteps).fill(0)
  for (const { diedAt } of letters) {
    const place = sparkSteps - 1 - Math.floor((now - diedAt) / (dayMs / sparkSteps))
    if (place >= 0 && place < sparkSteps) steps[place] = (steps[place] as number) + 1
  }
  return steps
}
