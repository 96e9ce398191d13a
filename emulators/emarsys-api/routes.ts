import type { EmulatorAnswer } from 'waybill/testing'
import {
  type Call,
  checkIds,
  deleteContacts,
  showContacts,
  unsubscribe,
  writeContacts,
} from './handle-contacts'
import { showEvents, showUsages, triggerEvent } from './handle-events'
import { changeList, countMembers, createList, deleteList, showLists, showMembers } from './handle-lists'
import { refusal, reply } from './reply'

export type Route = {
  /** The vendor's name of the permission. */
  readonly permission: string
  readonly run: (call: Call, ...parameters: string[]) => EmulatorAnswer
}

/** `GET field` and `GET field/translate/{language}`. Names may be null, string ids may be empty. */
const showFields = ({ account }: Call): EmulatorAnswer =>
  reply(
    [...account.fields.values()].map(({ id, name, stringId, type }) => ({
      id,
      name: name === '' ? null : name,
      application_type: type,
      string_id: stringId,
    })),
  )

/** `GET field/{id}/choice/translate/{language}` */
function showChoices({ account }: Call, id: string): EmulatorAnswer {
  const field = account.fields.get(Number(id))
  if (field === undefined) return refusal(400, 1007, 'There is no such field')
  return field.type === 'singlechoice' || field.type === 'multichoice'
    ? reply(field.choices)
    : refusal(400, 2007, 'The field has no choices')
}

/** `GET field/choices?fields=1,2&language=en` */
function showChoicesOf({ account, query }: Call): EmulatorAnswer {
  const ids = (query.get('fields') ?? '').split(',').filter(Boolean)
  const missing = ids.find((id) => !account.fields.has(Number(id)))
  if (missing !== undefined) return refusal(400, 1007, `There is no field ${missing}`)
  return reply(Object.fromEntries(ids.map((id) => [id, account.fields.get(Number(id))?.choices])))
}

const showSettings = (): EmulatorAnswer =>
  reply({
    id: 1,
    environment: 'suite.example',
    timezone: 'UTC',
    name: 'Waybill',
    country: 'AT',
    totalContacts: '0',
  })

const languages = 'en|de|fr|es|it|hu|jp|cn|cz|dk|bp|[a-z]{2}'

const routes: Readonly<Record<string, Route>> = {
  'PUT contact': { permission: 'contact.update', run: (call) => writeContacts(call, false) },
  'POST contact': { permission: 'contact.create', run: (call) => writeContacts(call, true) },
  'POST contact/delete': { permission: 'contact.delete', run: deleteContacts },
  'POST contact/getdata': { permission: 'contact.getdata', run: showContacts },
  'POST contact/checkids': { permission: 'contact.contactid.verify', run: checkIds },
  'POST email/unsubscribe': { permission: 'email.unsubscribe', run: unsubscribe },
  'POST event/*/trigger': { permission: 'externalevent.trigger', run: triggerEvent },
  'GET event': { permission: 'externalevent.list', run: showEvents },
  'GET event/*/usages': { permission: 'externalevent.usages', run: showUsages },
  'GET contactlist': { permission: 'contactlist.list', run: showLists },
  'POST contactlist': { permission: 'contactlist.create', run: createList },
  'POST contactlist/*/add': {
    permission: 'contactlist.contact.add',
    run: (call, id) => changeList(call, id as string, true),
  },
  'POST contactlist/*/delete': {
    permission: 'contactlist.contact.delete',
    run: (call, id) => changeList(call, id as string, false),
  },
  'POST contactlist/*/deletelist': { permission: 'contactlist.delete', run: deleteList },
  'GET contactlist/*/contactIds': { permission: 'contactlist.contact.list', run: showMembers },
  'GET contactlist/*/count': { permission: 'contactlist.contact.count', run: countMembers },
  'GET field': { permission: 'field.list', run: showFields },
  [`GET field/translate/(?:${languages})`]: { permission: 'field.list', run: showFields },
  'GET field/choices': { permission: 'field.singlechoice.trans.list', run: showChoicesOf },
  [`GET field/*/choice/translate/(?:${languages})`]: {
    permission: 'field.singlechoice.trans.list',
    run: showChoices,
  },
  'GET field/*/choice': { permission: 'field.singlechoice.trans.list', run: showChoices },
  'GET settings': { permission: 'customer.settings', run: showSettings },
}

const patterns = Object.entries(routes).map(([name, route]) => {
  const [method, path] = name.split(' ') as [string, string]
  return { method, pattern: new RegExp(`^${path.replaceAll('*', '([^/]+)')}/?$`), route }
})

/** The endpoint of a method and a path below the version; `isPath`: there is one with another method. */
export function findRoute(method: string, path: string) {
  const matching = patterns.filter(({ pattern }) => pattern.test(path))
  const found = matching.find((candidate) => candidate.method === method)
  if (found === undefined) return { isPath: matching.length > 0 }
  return { route: found.route, parameters: (found.pattern.exec(path) ?? []).slice(1), isPath: true }
}
