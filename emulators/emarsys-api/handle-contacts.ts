import type { EmulatorAnswer } from 'waybill/testing'
import type { Account, Contact, Key } from './account'
import { emailField, valueProblem } from './fields'
import { isObject, noKeyId, type RowErrors, refusal, reply, type Values } from './reply'

/** What an endpoint needs to answer. */
export type Call = {
  readonly account: Account
  readonly body: unknown
  readonly query: URLSearchParams
  /** Milliseconds since the epoch. */
  readonly now: number
  /** `{}` or `[]` for no errors: the vendor sends either. */
  readonly noErrors: () => unknown
  /** Keys whose next upsert answers 2009 without creating anything. */
  readonly races: Set<string>
}

const maxContacts = 1000

type RowProblem = { readonly code: number; readonly text: string }
type Row = Contact | RowProblem

const isProblem = (row: Row): row is RowProblem => 'code' in row

const problem = (code: number, text: string): RowProblem => ({ code, text })

/** Shows errors as the vendor does, or as nothing. */
export const shown = (errors: RowErrors, { noErrors }: Call): unknown =>
  Object.keys(errors).length === 0 ? noErrors() : errors

const keyName = (key: Key): string => (typeof key === 'string' ? key : String(key.id))

const keyValue = (key: Key, row: Values): string | undefined => {
  const value = row[keyName(key)] ?? (typeof key === 'string' ? undefined : row[key.stringId])
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

type Write = { readonly mustExist: boolean; readonly mustNotExist: boolean }

/** Writes one row, or says why not. Nothing of a refused row is written. */
function writeRow(call: Call, key: Key, row: Values, { mustExist, mustNotExist }: Write): [Row, boolean] {
  const { account } = call
  const value = keyValue(key, row)
  if (value === undefined) return [problem(2005, `No value provided for key field: ${keyName(key)}`), false]
  if (call.races.delete(value))
    return [problem(2009, `Contact with the external id already exists: ${keyName(key)}`), false]
  const found = account.find(key, value)
  if (found.length > 1)
    return [problem(2010, `More contacts found with the external id: ${keyName(key)}`), false]
  if (found.length === 0 && mustExist)
    return [problem(2008, `No contact found with the external id: ${keyName(key)}`), false]
  if (found.length === 1 && mustNotExist)
    return [problem(2009, `Contact with the external id already exists: ${keyName(key)}`), false]
  const writes: [number, string | string[] | null][] = []
  for (const [name, given] of Object.entries(row)) {
    if (name === 'source_id' || name === keyName(key) || given === undefined) continue
    const field = account.keyOf(name)
    if (field === undefined || typeof field === 'string')
      return [problem(2006, `Invalid field id: ${name}`), false]
    const wrong = valueProblem(field, given)
    if (wrong !== undefined) return [problem(2007, wrong), false]
    writes.push([field.id, Array.isArray(given) ? given.map(String) : given === null ? null : String(given)])
  }
  const isNew = found[0] === undefined
  const contact = found[0] ?? account.create()
  if (typeof key !== 'string') account.write(contact, key.id, value)
  for (const [field, written] of writes) account.write(contact, field, written)
  return [contact, isNew]
}

/** `POST contact` creates, `PUT contact` updates, and creates too where the query says so. */
export function writeContacts(call: Call, isCreation: boolean): EmulatorAnswer {
  const { account, query } = call
  const body = isObject(call.body) ? call.body : {}
  const rule: Write = {
    mustNotExist: isCreation,
    mustExist: !isCreation && query.get('create_if_not_exists') !== '1',
  }
  const { key_id, contacts, contact_list_id, ...single } = body
  const isBatch = contacts !== undefined
  const key = key_id === undefined ? account.keyOf(emailField) : account.keyOf(key_id)
  const mayCreate = isCreation || !rule.mustExist
  if (key === undefined || (mayCreate && typeof key === 'string')) {
    const text = `Invalid key field id: ${String(key_id)}`
    if (!isBatch || isCreation) return refusal(400, 2004, text)
    return reply({ ids: [], errors: { [noKeyId]: { 2004: text } } })
  }
  const list = contact_list_id === undefined ? undefined : account.lists.get(Number(contact_list_id))
  if (contact_list_id !== undefined && list === undefined)
    return refusal(400, 2020, 'Invalid contact list id')
  if (!isBatch) return writeSingle(call, key, single, rule)
  if (!Array.isArray(contacts)) return refusal(400, 1006, 'contacts has to be an array')
  if (contacts.length > maxContacts) return refusal(400, 1000, `More than ${maxContacts} contacts`)
  const ids: (string | number)[] = []
  const errors: RowErrors = {}
  for (const row of contacts) {
    const values = isObject(row) ? row : {}
    const [written, isNew] = writeRow(call, key, values, rule)
    if (isProblem(written)) errors[keyValue(key, values) ?? ''] = { [written.code]: written.text }
    else {
      // Ids of contacts that were there are texts, those of new ones numbers.
      ids.push(isNew ? written.id : String(written.id))
      list?.members.add(written.id)
    }
  }
  return reply({ ids, errors: shown(errors, call) })
}

function writeSingle(call: Call, key: Key, row: Values, rule: Write): EmulatorAnswer {
  const [written] = writeRow(call, key, row, rule)
  return isProblem(written) ? refusal(400, written.code, written.text) : reply({ id: String(written.id) })
}

/** `POST contact/delete`: the values stand under the key's own id. */
export function deleteContacts({ account, body }: Call): EmulatorAnswer {
  const given = isObject(body) ? body : {}
  const key = account.keyOf(given.key_id ?? emailField)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(given.key_id)}`)
  const values = given[keyName(key)]
  if (!Array.isArray(values)) return refusal(400, 2003, 'array expected')
  if (values.length > maxContacts) return refusal(400, 1000, `More than ${maxContacts} contacts`)
  const errors: RowErrors = {}
  let deleted = 0
  for (const value of values) {
    const found = account.find(key, String(value))
    if (found.length === 1) {
      account.remove(found[0] as Contact)
      deleted += 1
    } else
      errors[String(value)] =
        found.length === 0
          ? { 2008: `No contact found with the external id: ${keyName(key)}` }
          : { 2010: `More contacts found with the external id: ${keyName(key)}` }
  }
  return reply({ deleted_contacts: deleted, errors })
}

/** `POST contact/getdata`, in camel case. */
export function showContacts({ account, body }: Call): EmulatorAnswer {
  const { keyId, keyValues, fields } = isObject(body) ? body : {}
  const key = account.keyOf(keyId)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(keyId)}`)
  if (!Array.isArray(keyValues)) return refusal(400, 2003, 'array expected')
  if (keyValues.length > maxContacts) return refusal(400, 2002, 'Too many ids')
  const wanted = Array.isArray(fields) ? fields.map(String) : undefined
  const errors: { key: string; errorCode: number; errorMsg: string }[] = []
  const result = keyValues.flatMap((value) => {
    const found = account.find(key, String(value))
    if (found.length === 1) return [dataOf(account, found[0] as Contact, wanted)]
    const [errorCode, errorMsg] =
      found.length === 0
        ? [2008, 'No contact found with the external id']
        : [2010, 'More contacts found with the external id']
    errors.push({ key: String(value), errorCode: errorCode as number, errorMsg: errorMsg as string })
    return []
  })
  return reply({ errors, result: result.length === 0 ? false : result })
}

function dataOf(account: Account, { id, uid, values }: Contact, wanted: readonly string[] | undefined) {
  const ids = [...account.fields.keys()].filter(
    (field) => wanted === undefined || wanted.includes(String(field)),
  )
  return {
    ...Object.fromEntries(ids.map((field) => [String(field), values.get(field) ?? null])),
    id: String(id),
    uid,
  }
}

/** `POST contact/checkids`: ids by external id. */
export function checkIds({ account, body }: Call): EmulatorAnswer {
  const { key_id, external_ids, get_multiple_ids } = isObject(body) ? body : {}
  const key = account.keyOf(key_id)
  if (key === undefined) return refusal(400, 2004, `Invalid key field id: ${String(key_id)}`)
  if (!Array.isArray(external_ids)) return refusal(400, 2003, 'array expected')
  if (external_ids.length > maxContacts) return refusal(400, 2002, 'Too many ids')
  const ids: Record<string, unknown> = {}
  const errors: RowErrors = {}
  for (const value of external_ids) {
    const found = account.find(key, String(value)).map(({ id }) => String(id))
    if (found.length === 0) errors[String(value)] = { 2008: 'No contact found with the external id' }
    else if (found.length > 1 && !get_multiple_ids)
      errors[String(value)] = { 2010: 'More contacts found with the external id' }
    else ids[String(value)] = get_multiple_ids ? found : found[0]
  }
  return reply({ ids, errors })
}

/** `POST email/unsubscribe`: of one mailing. */
export function unsubscribe({ account, body }: Call): EmulatorAnswer {
  const { email, contact_uid, launch_list_id, email_id } = isObject(body) ? body : {}
  const key = contact_uid === undefined ? account.keyOf(emailField) : 'uid'
  const found = account.find(key as Key, String(contact_uid ?? email ?? ''))
  if (found.length !== 1) return refusal(400, 1003, 'The key does not identify exactly one contact')
  const contact = found[0] as Contact
  account.unsubscriptions.push({ contact: contact.id, campaign: String(email_id ?? launch_list_id ?? '') })
  account.write(contact, 31, '2')
  return reply('')
}
