import type { EmulatorAnswer } from 'waybill/testing'
import type { Account } from './account'
import type { Answers, InvalidItem } from './answers'
import { eventProblem, profileProblem } from './validate-item'
import { isObject, type Values } from './values'

/** Most items in a request (the vendor's page on batches); what happens above is our guess. */
const maxItems = 500

/** What an endpoint needs to answer. */
export type Call = {
  readonly account: Account
  readonly answers: Answers
  /** The parsed body; undefined for requests without one. */
  readonly body: unknown
  readonly query: URLSearchParams
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Stores the good items of a batch that has bad ones. */
  readonly storesPartly: boolean
}

/** The items of a list, or the one object that was sent bare; undefined for anything else. */
function itemsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body
  return isObject(body) ? [body] : undefined
}

/** Checks every item, stores them or none, and accepts. */
export function takeItems(
  { answers, body, storesPartly }: Call,
  problemOf: (item: unknown) => string | undefined,
  store: (item: Values) => void,
  accept: (items: readonly Values[]) => EmulatorAnswer = () => answers.accepted(),
): EmulatorAnswer {
  const items = itemsOf(body)
  // An empty list is refused: the vendor's clients never send one, and a mistake of the sender would pass unseen.
  if (items === undefined || items.length === 0) return answers.badRequest('Unable to parse request body.')
  if (items.length > maxItems) return answers.badRequest(`A request holds at most ${maxItems} objects.`)
  const problems = items.map(problemOf)
  const invalids = problems.flatMap((message, event): InvalidItem[] =>
    message === undefined ? [] : [{ event, message }],
  )
  if (invalids.length === 0 || storesPartly)
    items.forEach((item, index) => {
      if (problems[index] === undefined) store(item as Values)
    })
  return invalids.length > 0 ? answers.invalid(invalids) : accept(items as readonly Values[])
}

/** `POST /v3/events` */
export const takeEvents = (call: Call): EmulatorAnswer =>
  takeItems(call, eventProblem, (item) => call.account.writeEvent(item, call.now))

/** `POST /v3/profiles` */
export const takeProfiles = (call: Call): EmulatorAnswer =>
  takeItems(
    call,
    (item) => profileProblem(item, call.account.schema.identifiers),
    (item) => call.account.writeProfile(item, call.now),
  )

/** `GET /v3/profiles?email=...` */
export function showProfile({ account, answers, query }: Call): EmulatorAnswer {
  const [name, value] = [...query][0] ?? ['identifier', '']
  const attributes = account.profile(name, value)
  return attributes === undefined
    ? answers.notFound(`Unable to find profile for ${name} = ${value}`)
    : answers.json(202, { attributes })
}

/** `POST /v3/objects/{name}` */
export function takeObjects(call: Call, name: string): EmulatorAnswer {
  const key = call.account.schema.primaryKey(name)
  if (key === undefined) return call.answers.notFound(`Unable to find object ${name}`)
  const problemOf = (item: unknown): string | undefined =>
    isObject(item) && item[key] !== undefined && item[key] !== null && item[key] !== ''
      ? undefined
      : `Missing required field \`${key}\``
  return takeItems(call, problemOf, (item) => call.account.writeObject(name, key, item, call.now))
}
