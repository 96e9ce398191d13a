import { type Connection, defineAction, defineDestination, defineSettings, path } from 'waybill'

const settings = defineSettings({
  key: { label: 'Key', description: 'Its key.', type: 'password', required: true },
  endpoint: { label: 'Endpoint', description: 'Its address.', type: 'string', required: true },
})

/** A destination that sends whole events to the vendor. */
export function connectionTo(
  vendor: { url: string },
  name: string,
  more: { integrationNames?: string[]; connection?: object } = {},
): Connection {
  const forward = defineAction({
    settings,
    title: 'Forward',
    description: 'Sends the event as it is.',
    defaultSubscription: 'type != "none"',
    fields: {
      event: {
        label: 'Event',
        description: 'All of it.',
        type: 'object',
        required: true,
        default: path('$.'),
      },
    },
    perform: (request, { payload, settings: { endpoint } }) =>
      request(endpoint, { method: 'post', json: { name, event: payload.event } }),
  })
  return {
    destination: defineDestination({
      name,
      slug: name.toLowerCase(),
      ...(more.integrationNames !== undefined && { integrationNames: more.integrationNames }),
      settings,
      authentication: { scheme: 'custom' },
      actions: { forward },
    }),
    settings: { key: 'k', endpoint: vendor.url },
    subscriptions: [{ action: 'forward', filter: 'type != "none"' }],
    ...more.connection,
  }
}
