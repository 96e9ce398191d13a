import type { HarnessOptions } from 'waybill/testing'

const reply = { replyCode: 0, replyText: 'OK', data: { ids: ['1'], errors: {} } }
const contact = { key_value: 'ada@example.com' }

/** What the kits cannot know of the public API of Emarsys. */
export const emarsysApiOptions: HarnessOptions = {
  settings: { clientId: 'client', clientSecret: 'sample-client-secret' },
  replies: [
    // A token that is over at once: each case fetches one of its own.
    { url: '/oauth2/token', reply: { status: 200, body: { access_token: 'token', expires_in: 0 } } },
    { url: '/api/v3/', reply: { status: 200, body: reply } },
  ],
  actions: {
    processMessage: {
      mapping: {
        primary_key: ['traits.email', 'userId'],
        data_maps: [{ from: 'traits.firstName', to: 1 }],
        rules: [{ id: 'any', steps: [{ types: ['track'] }], repeat: 'always', trigger: { eventId: 17 } }],
      },
    },
    triggerEvent: { mapping: { event_id: 17, ...contact } },
    addToContactList: { mapping: { contact_list_id: 5, ...contact } },
    removeFromContactList: { mapping: { contact_list_id: 5, ...contact } },
    unsubscribe: { mapping: contact },
    deleteContact: { mapping: contact },
  },
}
