import chunk from 'lodash/chunk'
import groupBy from 'lodash/groupBy'
import type { ItemResponse } from 'waybill'
import { type Connection, maxContacts } from '../api'
import { upsertContacts } from '../contacts'
import { triggerEvents } from '../events'
import type { Outbox, Sent } from './process'
import type { FiredTrigger } from './users-table'

const isGood = ({ status }: ItemResponse): boolean => status < 300
/** Another attempt may succeed, so it stays in the outbox. */
const isOpen = ({ status }: ItemResponse): boolean =>
  status === 401 || status === 403 || status === 408 || status === 429 || status >= 500

/** What became of the outboxes: by key, the worst response; and what of them is done. */
export type Flushed = {
  readonly responses: ReadonlyMap<string, ItemResponse>
  readonly sent: readonly Sent[]
}

/**
 * Sends what waits in outboxes: first the contacts, then the external events, so that no event comes before its
 * contact. Of two events of one kind for one contact, the second goes with a later request.
 */
export async function sendOutboxes(
  connection: Connection,
  field: string,
  outboxes: readonly Outbox[],
): Promise<Flushed> {
  const responses = new Map<string, ItemResponse>()
  const contacts = await sendContacts(connection, field, outboxes)
  for (const [key, response] of contacts) responses.set(key, response)
  const triggered = new Map<string, ItemResponse>()
  const ready = outboxes.filter(({ key }) => !isOpen(contacts.get(key) ?? { status: 200 }))
  const open = ready.flatMap(({ key, triggers }) => triggers.map((trigger) => ({ key, trigger })))
  for (const group of Object.values(groupBy(open, ({ trigger }) => trigger.eventId)))
    for (const wave of wavesOf(group))
      for (const some of chunk(wave, maxContacts)) await sendTriggers(connection, field, some, triggered)
  for (const { key, trigger } of open) {
    const response = triggered.get(trigger.triggerId)
    if (response !== undefined) responses.set(key, worse(responses.get(key), response))
  }
  const sent = outboxes.map((outbox): Sent => {
    const contact = contacts.get(outbox.key)
    return {
      key: outbox.key,
      fields: contact === undefined || isOpen(contact) ? {} : outbox.fields,
      triggerIds: outbox.triggers
        .map(({ triggerId }) => triggerId)
        .filter((id) => {
          const response = triggered.get(id)
          return response !== undefined && !isOpen(response)
        }),
      isThere: contact !== undefined && isGood(contact),
    }
  })
  return { responses, sent }
}

/** Contacts with new values, and those that an event needs and that are not known to be there. */
async function sendContacts(connection: Connection, field: string, outboxes: readonly Outbox[]) {
  const wanted = outboxes.filter(
    ({ fields, triggers, isThere }) => Object.keys(fields).length > 0 || (triggers.length > 0 && !isThere),
  )
  const responses = new Map<string, ItemResponse>()
  for (const some of chunk(wanted, maxContacts)) {
    const rows = some.map(({ key, fields }) => ({
      key,
      fields: Object.fromEntries(Object.entries(fields).map(([name, [value]]) => [name, value])),
    }))
    const answers = await upsertContacts(connection, field, rows)
    for (const [index, { key }] of some.entries()) responses.set(key, answers[index] as ItemResponse)
  }
  return responses
}

type Keyed = { readonly key: string; readonly trigger: FiredTrigger }

/** Each key once in a wave. */
function wavesOf(triggers: readonly Keyed[]): Keyed[][] {
  const waves: Keyed[][] = []
  const counts = new Map<string, number>()
  for (const keyed of triggers) {
    const wave = counts.get(keyed.key) ?? 0
    counts.set(keyed.key, wave + 1)
    waves[wave] ??= []
    waves[wave].push(keyed)
  }
  return waves
}

async function sendTriggers(
  connection: Connection,
  field: string,
  some: readonly Keyed[],
  responses: Map<string, ItemResponse>,
): Promise<void> {
  const [first] = some
  if (first === undefined) return
  const answers = await triggerEvents(
    connection,
    first.trigger.eventId,
    field,
    some.map(({ key, trigger: { data, eventTime, triggerId } }) => ({ key, data, eventTime, triggerId })),
    true,
  )
  for (const [index, { trigger }] of some.entries())
    responses.set(trigger.triggerId, answers[index] as ItemResponse)
}

const worse = (one: ItemResponse | undefined, other: ItemResponse): ItemResponse =>
  one === undefined || other.status > one.status ? other : one
