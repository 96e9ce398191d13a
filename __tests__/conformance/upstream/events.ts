import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { action, all, definition, field, type Row, subscribe } from './row'
import type { Way } from './ways'

const a = { type: 'track', event: 'A' }

export const events: Row[] = [
  {
    subject: 'a stored subscription is no setting of the action',
    isOfModule: true,
    run: async ({ open }) => {
      let seen: unknown
      const perform = (_request: unknown, { settings }: { settings: object }) => {
        seen = Object.keys(settings)
      }
      const settings = { key: 'k', subscription: subscribe(all) }
      await open?.(definition(action({ perform }))).onEvent({ type: 'track' }, settings as never)
      return seen
    },
    right: ['key'],
    reference: ['key', 'subscription'],
  },
  {
    subject: 'a subscription that fails leaves the fate of the others',
    run: async (way) => {
      const perform = (_request: unknown, { payload }: { payload: { id: string } }) => {
        if (payload.id === 'bad') throw new way.core.PayloadValidationError('no')
      }
      const subscriptions = [subscribe(all, { id: 'good' }), subscribe(all, { id: 'bad' })]
      return way.send({ definition: definition(action({ perform })), subscriptions, events: [a] })
    },
    right: ['sent', 'invalid'],
    reference: ['invalid'],
  },
  {
    subject: 'an unknown action in a batch is said to be unknown',
    isOfModule: true,
    run: (way) =>
      way.send({
        definition: definition(),
        subscriptions: [subscribe(all, {}, 'nope')],
        events: [a],
        isBatch: true,
      }),
    right: ['status 501'],
    reference: ["thrown: Cannot read properties of undefined (reading 'status')"],
  },
  {
    subject: 'a listener is told the results, and no secret',
    isOfModule: true,
    run: async ({ open }) => {
      let told: { input: { settings: unknown }; output: unknown } | undefined
      const authentication = { scheme: 'custom', fields: { key: field('password') } }
      const settings = { key: 'secret', subscriptions: [subscribe(all)] }
      const onComplete = (stats: typeof told) => {
        told = stats
      }
      await open?.(definition(action(), { authentication })).onEvent(
        { type: 'track' },
        settings as never,
        { onComplete } as never,
      )
      return [JSON.stringify(told?.input.settings).includes('secret'), Array.isArray(told?.output)]
    },
    right: [false, true],
    reference: [true, false],
  },
  {
    subject: 'responses of a long run are not kept for ever',
    isOfModule: true,
    run: async ({ open }) => {
      const destination = open?.(definition())
      for (let count = 0; count < 250; count++)
        destination?.actions.act?.emit('response', { status: 200, count })
      return destination?.responses.length
    },
    right: 100,
    reference: 250,
  },
  {
    subject: 'an object nested 100,000 deep is refused by name',
    run: async (way) => {
      let value: unknown = 1
      for (let level = 0; level < 100_000; level++) value = [value]
      const [fate] = await way.send({
        definition: definition(action({ fields: { v: field('object') } })),
        subscriptions: [subscribe(all, { v: { '@path': '$.deep' } })],
        events: [{ type: 'track', deep: value }],
      })
      return fate === 'thrown: Maximum call stack size exceeded' ? 'a full stack' : 'refused'
    },
    right: 'refused',
    reference: 'a full stack',
  },
]

/** What a vendor gets as JSON where the options of `extendRequest` and those of the call are merged. */
async function mergedBody(way: Way): Promise<unknown> {
  let body = ''
  const vendor = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (part) => {
      body += part
    })
    request.on('end', () => response.end('{}'))
  }).listen(0, '127.0.0.1')
  await new Promise((done) => vendor.once('listening', done))
  const { port } = vendor.address() as AddressInfo
  const perform = (request: (url: string, options: object) => unknown) =>
    request(`http://127.0.0.1:${port}/`, { method: 'post', json: { call: 1 } })
  const extendRequest = () => ({ json: { extension: 1 } })
  const given = definition(action({ perform }), { extendRequest })
  await way.send({ definition: given, subscriptions: [subscribe(all)], events: [a] })
  vendor.closeAllConnections()
  vendor.close()
  return JSON.parse(body)
}

export const requests: Row[] = [
  {
    subject: 'merged `json` has no `headers: {}` of its own',
    run: mergedBody,
    right: { extension: 1, call: 1 },
    reference: { extension: 1, call: 1, headers: {} },
  },
]
