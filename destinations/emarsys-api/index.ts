import { defineDestination, IntegrationError, InvalidAuthenticationError, RetryableError } from 'waybill'
import { addToContactList, removeFromContactList } from './actions/contact-lists'
import { deleteContact } from './actions/delete-contact'
import { processMessageAction } from './actions/process-message'
import { triggerEvent } from './actions/trigger-event'
import { unsubscribe } from './actions/unsubscribe'
import { upsertContact } from './actions/upsert-contact'
import { call } from './api'
import { deleteContacts } from './contacts'
import { peopleOf } from './people/people'
import { forgetUser } from './people/process'
import { classify, responseOfAll, throwIfFailed } from './replies'
import { settings } from './settings'

type WithState = { readonly state?: import('waybill').ActionState }

/**
 * Emarsys through its public API: contacts, external events and contact lists, for accounts without the segment.com
 * add-on. What the add-on does at Emarsys (a users table, data maps, rules over sequences) is done here, by the action
 * `processMessage`.
 */
export const emarsysApi = defineDestination({
  name: 'Emarsys API',
  slug: 'emarsys-api',
  description:
    'Write contacts, start external events and keep contact lists in Emarsys, through its public API.',
  settings,
  authentication: {
    scheme: 'custom',
    // Uses the token that deliveries use; one that is fetched for this is kept for them.
    testAuthentication: async (request, input) => {
      const { settings, state } = input as typeof input & WithState
      const refusal = responseOfAll(
        await call({ request, settings, state }, 'get', 'field/translate/en'),
        'read',
      )
      if (refusal === undefined) return
      const message = `Emarsys: ${refusal.reason}`
      if (refusal.status === 401) throw new InvalidAuthenticationError(message)
      if (refusal.status >= 500 || refusal.status === 429) throw new RetryableError(message, 503)
      throw new IntegrationError(message, refusal.code ?? `HTTP_${refusal.status}`, refusal.status)
    },
  },
  // Redirects are not followed, since the credentials would travel along.
  extendRequest: () => ({ redirect: 'manual' }),
  // No order per person, which would mean one request per message: the users table takes messages as they come, and rules
  // go by the time at which they happened.
  // Emarsys writes contacts as often as they come, and knows a trigger by its id.
  idempotent: true,
  integrationNames: ['Emarsys (Actions)'],
  // 1,000 requests a minute for each credential. Most messages need none, so that action has a limit of its own; where
  // it meets the vendor's, what waits is kept and sent after the wait.
  limits: {
    requestsPerSecond: 16,
    concurrency: 4,
    actions: { processMessage: { requestsPerSecond: 500, concurrency: 4 } },
  },
  classify,
  onDelete: async (request, input) => {
    const { payload, settings, state } = input as typeof input & WithState
    const field = settings.keyField?.trim() || '3'
    const comparable = (key: string): string => (field === '3' ? key.toLowerCase() : key)
    const key = await peopleOf(settings, state).transaction((session) =>
      forgetUser(session, String(payload.userId), comparable),
    )
    if (key === undefined) return undefined
    const [response] = await deleteContacts({ request, settings, state }, field, [key])
    if (response !== undefined) throwIfFailed(response)
    return response
  },
  presets: [
    {
      name: 'Identify, Track, Page and Screen calls',
      type: 'automatic',
      partnerAction: 'processMessage',
      subscribe: 'type = "identify" or type = "track" or type = "page" or type = "screen"',
    },
  ],
  actions: {
    processMessage: processMessageAction,
    upsertContact,
    triggerEvent,
    addToContactList,
    removeFromContactList,
    unsubscribe,
    deleteContact,
  },
})
