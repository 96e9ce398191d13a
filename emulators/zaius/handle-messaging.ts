import type { EmulatorAnswer } from 'waybill/testing'
import type { Customer } from './customers'
import { type Call, takeItems } from './handle-data'
import { allLists } from './lists'
import { unreachableTypes } from './standing'
import { isIdentifierValue } from './validate-item'
import { isObject, readTime, type Values } from './values'

/** `GET /v3/lists` */
export const showLists = ({ account, answers }: Call): EmulatorAnswer =>
  answers.json(202, { lists: account.lists.all() })

/** `POST /v3/lists` */
export function createList({ account, answers, body, now }: Call): EmulatorAnswer {
  const name = isObject(body) ? body.name : undefined
  if (!isIdentifierValue(name)) return answers.badRequest('Missing required field `name`')
  const created = account.lists.create(name, now)
  return created === undefined
    ? answers.invalid([{ field: 'name', reason: 'already used by another object' }])
    : answers.json(201, { created })
}

/** `PUT /v3/lists/{list}`: gives a list another name. */
export function renameList({ account, answers, body }: Call, id: string): EmulatorAnswer {
  const name = isObject(body) ? body.name : undefined
  if (!isIdentifierValue(name)) return answers.badRequest('Missing required field `name`')
  const updated = account.lists.rename(id, name)
  return updated === undefined
    ? answers.notFound(`Unable to find list ${id}`)
    : answers.json(200, { updated })
}

type Address = { name: string; value: string; customer: Customer }

/** The first identifier of an item, and whom it names; unknown ones make a new customer. */
function addressOf({ account }: Call, item: Values): Address | undefined {
  const entry = Object.entries(item).find(
    ([name, value]) => account.schema.identifiers.has(name) && isIdentifierValue(value),
  )
  if (entry === undefined) return undefined
  const [name, value] = entry as [string, string]
  return { name, value, customer: account.customers.resolve({ [name]: value }) }
}

/** `POST /v3/lists/subscriptions`, also in the older form with `opted_in`. */
export function takeSubscriptions(call: Call): EmulatorAnswer {
  const problemOf = (item: unknown): string | undefined => {
    if (!isObject(item)) return 'a subscription is an object'
    const isNamed = Object.keys(item).some((name) => call.account.schema.identifiers.has(name))
    if (!isNamed) return 'Missing required field `email`'
    if (typeof item.opted_in === 'boolean') return undefined
    if (!isIdentifierValue(item.list_id)) return 'Missing required field `list_id`'
    return typeof item.subscribed === 'boolean' ? undefined : 'Missing required field `subscribed`'
  }
  const store = (item: Values): void => {
    const address = addressOf(call, item)
    const isOn = (item.opted_in ?? item.subscribed) as boolean
    const list = item.opted_in === undefined ? String(item.list_id) : allLists
    if (address !== undefined) call.account.lists.set(address, list, isOn, call.now)
  }
  return takeItems(call, problemOf, store, (items) =>
    items.some((item) => item.opted_in !== undefined)
      ? call.answers.accepted()
      : call.answers.json(202, { updates: items }),
  )
}

/** `GET /v3/lists/subscriptions?email=...` */
export function showSubscriptions({ account, answers, query }: Call): EmulatorAnswer {
  const [name, value] = [...query][0] ?? ['email', '']
  const customer = account.customers.find(name, value)
  if (customer === undefined) return answers.notFound(`Customer with ${name} ${value} was not found`)
  const all = account.lists.subscriptionsOf(name, value)
  const overall = all.find((subscription) => subscription.list_id === allLists)
  return answers.json(202, {
    customer: { [name]: value },
    opted_in: overall?.subscribed ?? false,
    explicit_opt_in: overall?.subscribed === true,
    subscriptions: all
      .filter((subscription) => subscription !== overall)
      .map((subscription) => ({ name: account.lists.nameOf(subscription.list_id), ...subscription })),
  })
}

const isNamed = (call: Call, item: Values): boolean =>
  call.account.schema.identifiers.has(String(item.identifier_field_name)) &&
  isIdentifierValue(item.identifier_value)

const standingOf = (call: Call, item: Values): Address => {
  const name = String(item.identifier_field_name)
  const value = String(item.identifier_value)
  return { name, value, customer: call.account.customers.resolve({ [name]: value }) }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** `POST /v3/consent` */
export function takeConsent(call: Call): EmulatorAnswer {
  const problemOf = (item: unknown): string | undefined => {
    if (!isObject(item) || !isNamed(call, item)) return 'Missing required field `identifier_value`'
    return typeof item.consent === 'boolean' ? undefined : 'Missing required field `consent`'
  }
  return takeItems(call, problemOf, (item) =>
    call.account.standing.setConsent(
      standingOf(call, item),
      item.consent === true,
      textOrNull(item.consent_update_reason),
      readTime(item.consent_update_ts) ?? call.now,
    ),
  )
}

/** `POST /v3/reachability` */
export function takeReachability(call: Call): EmulatorAnswer {
  const problemOf = (item: unknown): string | undefined => {
    if (!isObject(item) || !isNamed(call, item)) return 'Missing required field `identifier_value`'
    if (typeof item.reachable !== 'boolean') return 'Missing required field `reachable`'
    if (item.reachable) return undefined
    return unreachableTypes.includes(String(item.reachable_update_type))
      ? undefined
      : 'Missing required field `reachable_update_type`'
  }
  return takeItems(call, problemOf, (item) =>
    call.account.standing.setReachable(
      standingOf(call, item),
      item.reachable === true,
      item.reachable === true ? null : String(item.reachable_update_type),
      textOrNull(item.reachable_update_reason),
      readTime(item.reachable_update_ts) ?? call.now,
    ),
  )
}
