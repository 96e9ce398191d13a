import type { EmulatorAnswer } from 'waybill/testing'
import type { Key } from './account'
import { type Call, shown } from './handle-contacts'
import { isObject, type RowErrors, refusal, reply, type Values } from './reply'

const maxContacts = 1000
const maxDataBytes = 1_000_000
const eventTimePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/

/** `POST event/{id}/trigger`, for one contact or for up to 1,000. */
export function triggerEvent(call: Call, id: string): EmulatorAnswer {
  const { account } = call
  const body = isObject(call.body) ? call.body : {}
  if (!/^\d+$/.test(id)) return refusal(400, 5004, `Invalid event id: ${id}`)
  const event = account.events.get(Number(id))
  if (event === undefined) return refusal(400, 5001, `There is no external event with id: ${id}`)
  const key = account.keyOf(body.key_id ?? 3)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(body.key_id)}`)
  const isBatch = body.contacts !== undefined
  // What concerns one contact stands inside its entry; at the top level of a batch it is ignored.
  const entries = isBatch ? body.contacts : [body]
  if (!Array.isArray(entries)) return refusal(400, 1006, 'contacts has to be an array')
  if (entries.length > maxContacts) return refusal(400, 1000, `More than ${maxContacts} contacts`)
  const rows = entries.map((entry) => (isObject(entry) ? entry : {}))
  for (const row of rows) {
    const wrong = entryProblem(row)
    if (wrong !== undefined) return wrong
  }
  if (event.isUsed === false && !account.interactions)
    return refusal(400, 5005, 'The event is not attached to anything')
  const ids: string[] = []
  const errors: RowErrors = {}
  for (const row of rows) {
    const problem = triggerFor(call, key, event.id, row)
    if (typeof problem === 'number') ids.push(String(problem))
    else if (!isBatch) return refusal(400, problem.code, problem.text)
    else errors[String(row.external_id ?? '')] = { [problem.code]: problem.text }
  }
  const connected = account.interactions
    ? {
        connectedTo:
          event.isUsed === false ? false : { email: false, acProgram: true, interactionsProgram: true },
      }
    : {}
  return reply(isBatch ? { ids, errors: shown(errors, call), ...connected } : connected)
}

function entryProblem({ data, event_time }: Values): EmulatorAnswer | undefined {
  if (data !== undefined && !isObject(data)) return refusal(400, 5011, 'data has to be an object')
  if (event_time !== undefined && !(typeof event_time === 'string' && eventTimePattern.test(event_time)))
    return refusal(400, 5010, 'Invalid event_time')
  return data !== undefined && Buffer.byteLength(JSON.stringify(data)) > maxDataBytes
    ? refusal(400, 5008, 'The event data is too large')
    : undefined
}

function triggerFor({ account, now }: Call, key: Key, eventId: number, row: Values) {
  const { external_id, data, trigger_id, event_time } = row
  const name = typeof key === 'string' ? key : String(key.id)
  if (external_id === undefined || external_id === null || external_id === '')
    return { code: 2005, text: `No value provided for key field: ${name}` }
  const [contact, ...others] = account.find(key, String(external_id))
  if (contact === undefined) return { code: 2008, text: `No contact found with the external id: ${name}` }
  if (others.length > 0) return { code: 2010, text: `More contacts found with the external id: ${name}` }
  account.trigger({
    eventId,
    contact: contact.id,
    externalId: String(external_id),
    data: data ?? {},
    ...(trigger_id === undefined ? {} : { triggerId: String(trigger_id) }),
    ...(event_time === undefined ? {} : { eventTime: String(event_time) }),
    receivedAt: now,
  })
  return contact.id
}

/** `GET event/` */
export const showEvents = ({ account }: Call): EmulatorAnswer =>
  reply(
    [...account.events.values()].map(({ id, name }) => ({
      id: String(id),
      name,
      created: '2024-01-01 00:00:00',
    })),
  )

/** `GET event/{id}/usages` */
export function showUsages({ account }: Call, id: string): EmulatorAnswer {
  const event = account.events.get(Number(id))
  if (event === undefined) return refusal(400, 5001, `There is no external event with id: ${id}`)
  return reply({
    program_ids: event.isUsed === false ? [] : [1],
    email_ids: [],
    interactions_program_ids: [],
  })
}
