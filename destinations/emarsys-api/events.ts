import { createHash } from 'node:crypto'
import { type ItemResponse, readTime } from 'waybill'
import { type Connection, call } from './api'
import { keyId, upsertContacts } from './contacts'
import { responseOfAll, responsesOfRows } from './replies'

/** One trigger of an external event. */
export type Trigger = {
  readonly key: string
  readonly data?: Readonly<Record<string, unknown>>
  /** The same for each repetition of this trigger, another for every other one. */
  readonly triggerId?: string | undefined
  /** In the vendor's form. */
  readonly eventTime?: string | undefined
}

/** 32 hex digits of what makes a trigger this one. */
export const triggerIdOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`: any other form of time makes Emarsys refuse the whole request. */
export const eventTimeOf = (value: unknown): string | undefined => readTime(value)?.toISOString()

const noProgram = 5005
const tooLargeForInteractions = 5008

/**
 * `POST event/{id}/trigger` for up to 1,000 contacts, each once. A contact that is not there is made and the trigger
 * repeated, where `createsContacts` says so.
 */
export async function triggerEvents(
  connection: Connection,
  eventId: number,
  field: string,
  triggers: readonly Trigger[],
  createsContacts: boolean,
): Promise<ItemResponse[]> {
  const responses = await send(connection, eventId, field, triggers)
  const missing = triggers.filter((_, index) => responses[index]?.code === 'EMARSYS_2008')
  if (!createsContacts || missing.length === 0) return responses
  await upsertContacts(
    connection,
    field,
    missing.map(({ key }) => ({ key, fields: {} })),
  )
  const next = (await send(connection, eventId, field, missing))[Symbol.iterator]()
  return responses.map((response) =>
    response.code === 'EMARSYS_2008' ? (next.next().value as ItemResponse) : response,
  )
}

async function send(
  connection: Connection,
  eventId: number,
  field: string,
  triggers: readonly Trigger[],
): Promise<ItemResponse[]> {
  const response = await call(connection, 'post', `event/${eventId}/trigger`, {
    key_id: keyId(field),
    contacts: triggers.map(({ key, data, triggerId, eventTime }) => ({
      external_id: key,
      ...(data === undefined ? {} : { data }),
      ...(triggerId === undefined ? {} : { trigger_id: triggerId }),
      ...(eventTime === undefined ? {} : { event_time: eventTime }),
    })),
  })
  const keys = triggers.map(({ key }) => key)
  const all = responseOfAll(response, 'trigger')
  const code = (all?.data as { replyCode?: number } | undefined)?.replyCode
  // Mails and programs may have gone out, Interactions alone has not: a repetition would send them twice.
  const isDelivered =
    code === tooLargeForInteractions || (code === noProgram && connection.settings.noProgram === 'success')
  if (isDelivered)
    return keys.map(() => ({ status: 200, data: all?.data, ...(all?.reason && { reason: all.reason }) }))
  return responsesOfRows(response, keys, 'trigger')
}
