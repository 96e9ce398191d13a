import { type BatchItem, type ItemResponse, PayloadValidationError } from 'waybill'
import { type Connection, call } from './api'
import { isRace, type Operation, responseOfAll, responsesOfRows } from './replies'
import type { EmarsysSettings } from './settings'

/** Which contact a payload is about. */
export type KeyPayload = { readonly key_field?: string; readonly key_value?: string }

/** Ids of fields are sent as numbers, which every endpoint takes. */
export const keyId = (field: string): string | number => (/^\d+$/.test(field) ? Number(field) : field)

export const keyFieldOf = ({ key_field }: KeyPayload, settings: EmarsysSettings): string =>
  key_field?.trim() || settings.keyField?.trim() || '3'

/** @throws PayloadValidationError where the event says not who it is about. */
export function keyValueOf({ key_value }: KeyPayload): string {
  const value = key_value?.trim()
  if (!value) throw new PayloadValidationError('The event has no value for the key field of the contact.')
  return value
}

/** One contact of an upsert: the value of its key, and what is written. */
export type ContactRow = { readonly key: string; readonly fields: Readonly<Record<string, unknown>> }

/**
 * `PUT contact`: creates or updates up to 1,000 contacts that are found by one field. A row that lost a race against
 * another call of the same key is sent once more.
 */
export async function upsertContacts(
  connection: Connection,
  field: string,
  rows: readonly ContactRow[],
  listId?: number,
): Promise<ItemResponse[]> {
  const send = async (some: readonly ContactRow[]): Promise<ItemResponse[]> => {
    const response = await call(connection, 'put', 'contact/?create_if_not_exists=1', {
      key_id: keyId(field),
      contacts: some.map(({ key, fields }) => ({ ...fields, [field]: key })),
      ...(listId === undefined ? {} : { contact_list_id: listId }),
    })
    return responsesOfRows(
      response,
      some.map(({ key }) => key),
      'upsert',
    )
  }
  const responses = await send(rows)
  const lost = rows.filter((_, index) => isRace(responses[index] as ItemResponse))
  if (lost.length === 0) return responses
  const second = (await send(lost)).map(
    (response): ItemResponse => (isRace(response) ? { ...response, status: 500 } : response),
  )
  const next = second[Symbol.iterator]()
  return responses.map((response) => (isRace(response) ? (next.next().value as ItemResponse) : response))
}

type Item<Payload, Body> = BatchItem<Payload, Body>

/**
 * Sends items of which each key may occur once in a request. `merge`: items of one key become one row and share what
 * comes of it; without it, the second goes with a later request.
 */
export async function byKey<Payload, Body extends { readonly key: string }>(
  items: readonly Item<Payload, Body>[],
  send: (bodies: readonly Body[]) => Promise<readonly ItemResponse[]>,
  merge?: (one: Body, other: Body) => Body,
): Promise<ItemResponse[]> {
  const waves: Map<string, Body>[] = []
  const waveAt = (place: number): Map<string, Body> => {
    const wave = waves[place] ?? new Map<string, Body>()
    waves[place] = wave
    return wave
  }
  const placeOf = items.map(({ body }) => {
    let place = 0
    if (merge === undefined) while (waveAt(place).has(body.key)) place += 1
    const wave = waveAt(place)
    const known = wave.get(body.key)
    wave.set(body.key, known === undefined || merge === undefined ? body : merge(known, body))
    return place
  })
  const responses: Map<string, ItemResponse>[] = []
  for (const wave of waves) {
    const answers = await send([...wave.values()])
    responses.push(new Map([...wave.keys()].map((key, index) => [key, answers[index] as ItemResponse])))
  }
  return items.map(({ body }, index) => responses[placeOf[index] as number]?.get(body.key) as ItemResponse)
}

/** `POST contactlist/{id}/add` or `/delete`, for up to 1,000 contacts. */
export async function changeList(
  connection: Connection,
  listId: number,
  verb: 'add' | 'delete',
  field: string,
  keys: readonly string[],
): Promise<ItemResponse[]> {
  const response = await call(connection, 'post', `contactlist/${listId}/${verb}`, {
    key_id: keyId(field),
    external_ids: keys,
  })
  return responsesOfRows(response, keys, 'list')
}

/** `POST contact/delete`: the values stand under the id of their field. */
export async function deleteContacts(
  connection: Connection,
  field: string,
  keys: readonly string[],
): Promise<ItemResponse[]> {
  const response = await call(connection, 'post', 'contact/delete', { key_id: keyId(field), [field]: keys })
  // A contact that is not there any more is what was asked for.
  return responsesOfRows(response, keys, 'delete').map((item) =>
    item.code === 'EMARSYS_2008' ? { status: 200, data: item.data } : item,
  )
}

/** What a single call came to that has no rows. */
export async function simpleCall(
  connection: Connection,
  path: string,
  body: object,
  operation: Operation,
): Promise<ItemResponse> {
  const response = await call(connection, 'post', path, body)
  return responseOfAll(response, operation) ?? { status: response.status, data: response.data }
}
