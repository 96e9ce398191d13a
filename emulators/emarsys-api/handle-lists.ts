import type { EmulatorAnswer } from 'waybill/testing'
import { type Call, shown } from './handle-contacts'
import { isObject, type RowErrors, refusal, reply } from './reply'

const maxIds = 10_000

/** `POST contactlist/{id}/add` and `/delete` */
export function changeList(call: Call, id: string, isAddition: boolean): EmulatorAnswer {
  const { account } = call
  if (!/^\d+$/.test(id)) return refusal(400, 1, `Action ${id} is invalid.`)
  const { key_id = 3, external_ids } = isObject(call.body) ? call.body : {}
  const key = account.keyOf(key_id)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(key_id)}`)
  const list = account.lists.get(Number(id))
  if (list === undefined) return refusal(400, 3004, 'Invalid contact list id')
  if (!Array.isArray(external_ids)) return refusal(400, 3003, 'external_ids has to be an array')
  if (external_ids.length > maxIds) return refusal(400, 3002, 'Too many ids')
  const errors: RowErrors = {}
  let changed = 0
  for (const value of external_ids) {
    const [contact, ...others] = account.find(key, String(value))
    if (contact === undefined) errors[String(value)] = { 2008: 'No contact found with the external id' }
    else if (others.length > 0) errors[String(value)] = { 2010: 'More contacts found with the external id' }
    else if (isAddition !== list.members.has(contact.id)) {
      if (isAddition) list.members.add(contact.id)
      else list.members.delete(contact.id)
      changed += 1
    }
  }
  return reply({
    [isAddition ? 'inserted_contacts' : 'deleted_contacts']: changed,
    errors: shown(errors, call),
  })
}

/** `GET contactlist` */
export const showLists = ({ account }: Call): EmulatorAnswer =>
  reply(
    [...account.lists.values()].map(({ id, name, created }) => ({ id: String(id), name, created, type: 0 })),
  )

/** `POST contactlist` */
export function createList(call: Call): EmulatorAnswer {
  const { account, now } = call
  const { name, key_id = 3, external_ids = [] } = isObject(call.body) ? call.body : {}
  if (typeof name !== 'string' || name.trim() === '') return refusal(400, 3001, 'No list name provided')
  if ([...account.lists.values()].some((list) => list.name === name))
    return refusal(400, 3005, 'There is a list of this name')
  const key = account.keyOf(key_id)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(key_id)}`)
  const list = account.addList(name, new Date(now).toISOString().slice(0, 19).replace('T', ' '))
  const errors: RowErrors = {}
  for (const value of Array.isArray(external_ids) ? external_ids : []) {
    const [contact] = account.find(key, String(value))
    if (contact === undefined) errors[String(value)] = { 2008: 'No contact found with the external id' }
    else list.members.add(contact.id)
  }
  // Without errors the member is absent here.
  return reply({ id: list.id, ...(Object.keys(errors).length === 0 ? {} : { errors }) })
}

/** `POST contactlist/{id}/deletelist` */
export function deleteList({ account }: Call, id: string): EmulatorAnswer {
  return account.lists.delete(Number(id)) ? reply('') : refusal(400, 3004, 'Invalid contact list id')
}

/** `GET contactlist/{id}/contactIds`: the one answer without the envelope. */
export function showMembers({ account, query }: Call, id: string): EmulatorAnswer {
  const list = account.lists.get(Number(id))
  if (list === undefined) return refusal(404, 3006, 'There is no such list')
  const top = Math.min(100_000, Number(query.get('$top')) || 10_000)
  const skip = Number(query.get('$skiptoken')) || 0
  const members = [...list.members]
  const next =
    skip + top < members.length ? `/contactlist/${id}/contactIds?$skiptoken=${skip + top}&$top=${top}` : null
  return { status: 200, body: { value: members.slice(skip, skip + top), next } }
}

/** `GET contactlist/{id}/count` */
export function countMembers({ account }: Call, id: string): EmulatorAnswer {
  const list = account.lists.get(Number(id))
  return list === undefined ? refusal(404, 3006, 'There is no such list') : reply(list.members.size)
}
