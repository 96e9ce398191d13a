import uniq from 'lodash/uniq'
import { type BatchItem, defineAction, defineFields, type FieldsOf, type ItemResponse, path } from 'waybill'
import { accountName, type Connection } from '../api'
import { deliver, deliverBatch, type Plan } from '../deliver'
import { batchFields, messageFields } from '../fields'
import type { DataMap, Message } from '../people/data-maps'
import { peopleOf } from '../people/people'
import {
  type Configuration,
  clearOutboxes,
  configurationOf,
  identityOf,
  processMessage,
  readOutbox,
} from '../people/process'
import type { Rule } from '../people/rules'
import { sendOutboxes } from '../people/send'
import { type EmarsysSettings, settings } from '../settings'

const fields = defineFields({
  message: {
    label: 'Message',
    description: 'The whole message. Data maps and rules refer to its members by their names.',
    type: 'object',
    required: true,
    default: path('$.'),
  },
  primary_key: {
    label: 'Primary key',
    description:
      'Where the message has the value of the key field: traits.email, or traits -> email. Of several, the first that has a value.',
    type: 'string',
    multiple: true,
    default: ['traits.email', 'context.traits.email', 'properties.email'],
  },
  data_maps: {
    label: 'Data maps',
    description:
      'What goes into which field: {"from": "traits.firstName", "to": 1}. transform: none, date, numeric, optIn, boolChoice, singleChoice, multiChoice or json; choices: from values to ids of choices; types, default, whenMissing.',
    type: 'object',
    multiple: true,
    additionalProperties: true,
  },
  rules: {
    label: 'Rules',
    description:
      'Sequences of messages that start an external event: {"id", "steps": [{"event": "Cart Viewed"}], "window": "3d", "unless": [...], "repeat": "once", "trigger": {"eventId": 17, "data": {"product": "properties.name"}}}.',
    type: 'object',
    multiple: true,
    additionalProperties: true,
  },
  ...messageFields,
  ...batchFields,
})

type Payload = FieldsOf<typeof fields>

const keyField = ({ keyField }: EmarsysSettings): string => keyField?.trim() || '3'

/** The same for all payloads of a subscription; compiled once. */
const configured = (
  { primary_key = [], data_maps = [], rules = [] }: Payload,
  settings: EmarsysSettings,
): Configuration =>
  configurationOf({
    primaryKey: primary_key,
    maps: data_maps as unknown as DataMap[],
    rules: rules as unknown as Rule[],
    keyField: keyField(settings),
    emptyValues: settings.emptyValues ?? 'skip',
    account: accountName(settings),
  })

function bodyOf(payload: Payload, { settings }: { readonly settings: EmarsysSettings }): Message {
  const message = payload.message as Message
  identityOf(message, configured(payload, settings))
  return message
}

/** So long that a store's transaction is worth it, so short that nobody waits for it. */
const perTransaction = 100
let isNoted = false

/**
 * The users table, data maps and rules take the messages in one transaction, which also writes down what has to be sent;
 * that is sent, and taken out again. A process that is killed in between sends it when the message comes again: contacts
 * are written as they were, and Emarsys knows an event by its id.
 */
async function send(
  connection: Connection,
  items: readonly BatchItem<Payload, Message>[],
): Promise<readonly ItemResponse[]> {
  const { settings, state } = connection
  const people = peopleOf(settings, state, connection.isOpen)
  const configuration = configured((items[0] as (typeof items)[0]).payload, settings)
  const { comparable } = configuration
  const responses: ItemResponse[] = []
  if (state === undefined && !isNoted) {
    isNoted = true
    connection.dropped?.(
      'state',
      'no store was given: the users table and open sequences are kept in this process alone',
      items[0]?.index ?? 0,
    )
  }
  for (let start = 0; start < items.length; start += perTransaction) {
    const some = items.slice(start, start + perTransaction)
    const { keys, outboxes } = await people.transaction(async (session) => {
      const keys: (string | undefined)[] = []
      for (const { body, index } of some)
        keys.push(
          await processMessage(session, body, configuration, {
            now: Date.now(),
            knowsMessages: people.knowsMessages,
            dropped: (field, reason) => connection.dropped?.(field, reason, index),
          }),
        )
      const comparableKeys = keys.map((key) => (key === undefined ? undefined : comparable(key)))
      const wanted = uniq(comparableKeys.filter((key) => key !== undefined))
      const found = await Promise.all(wanted.map((key) => readOutbox(session, key)))
      return { keys: comparableKeys, outboxes: found.filter((outbox) => outbox !== undefined) }
    })
    const flushed = await sendOutboxes(connection, keyField(settings), outboxes)
    await people.transaction((session) => clearOutboxes(session, flushed.sent, comparable))
    const byKey = new Map([...flushed.responses].map(([key, response]) => [comparable(key), response]))
    responses.push(...keys.map((key) => (key === undefined ? undefined : byKey.get(key)) ?? { status: 200 }))
  }
  return responses
}

const plan: Plan<Payload, Message> = {
  bodyOf,
  // Subscriptions of one action have maps and rules of their own.
  groupOf: ({ primary_key, data_maps, rules }) => JSON.stringify([primary_key, data_maps, rules]),
  send,
}

/** What the segment.com add-on does at Emarsys, done here: users table, data maps, rules. */
export const processMessageAction = defineAction({
  settings,
  title: 'Process Message',
  description:
    'Keep a table of who is who, map data to fields of contacts, and start external events after sequences of messages. Page, screen, identify and track calls have identical behavior.',
  defaultSubscription: 'type = "identify" or type = "track" or type = "page" or type = "screen"',
  fields,
  perform: (request, input) => deliver(request, input, plan),
  performBatch: (request, input) => deliverBatch(request, input, plan),
})
