/**
 * A destination with one action, `send`, that posts the payload, or a batch of payloads, as JSON and reads nothing of
 * the answer. `MultiStatusResponse` is that of the runtime that will execute it. Named after the mapping's size, since
 * the reference keeps one compiled schema for each name.
 */
function postingDestination({ name, fields }, MultiStatusResponse) {
  return {
    name: `bench-${name}`,
    mode: 'cloud',
    authentication: {
      scheme: 'custom',
      fields: {
        endpoint: { label: 'Endpoint', description: 'Where to post', type: 'string', required: true },
        apiKey: { label: 'Key', description: 'Credential', type: 'password', required: true },
      },
    },
    extendRequest: ({ settings }) => ({ headers: { authorization: `Bearer ${settings.apiKey}` } }),
    actions: {
      send: {
        title: 'Send',
        description: 'Post the payload',
        fields,
        perform: (request, { settings, payload }) =>
          request(`${settings.endpoint}/v1/events`, { method: 'POST', json: payload }),
        performBatch: async (request, { settings, payload }) => {
          const { status } = await request(`${settings.endpoint}/v1/batch`, {
            method: 'POST',
            json: { events: payload },
          })
          return itemsOf(MultiStatusResponse, payload, status)
        },
      },
    },
  }
}

/** The same without a request: what is left is the runtime. `seen` gets every payload or list of payloads. */
function silentDestination({ name, fields }, MultiStatusResponse, seen = () => undefined) {
  return {
    name: `bench-silent-${name}`,
    mode: 'cloud',
    actions: {
      send: {
        title: 'Send',
        description: 'Take the payload',
        fields,
        perform: (_request, { payload }) => {
          seen(payload)
          return 'taken'
        },
        performBatch: (_request, { payload }) => {
          seen(payload)
          return itemsOf(MultiStatusResponse, payload, 200)
        },
      },
    },
  }
}

function itemsOf(MultiStatusResponse, payloads, status) {
  const items = new MultiStatusResponse()
  for (const sent of payloads) items.pushSuccessResponse({ status, sent, body: 'accepted' })
  return items
}

const postingSettings = (endpoint) => ({ endpoint, apiKey: 'bench-key-0123456789' })

module.exports = { postingDestination, postingSettings, silentDestination }
