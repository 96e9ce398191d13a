import { type Connection, createRuntime, type SegmentEvent } from 'waybill'
import { kindsOf, send, track, useVendor } from './vendor'

const vendor = useVendor()

type Request = (url: string, options: object) => unknown
type Input = { settings: { url: string }; payload: Record<string, unknown> }

const text = { label: 'Name', description: '', type: 'string' }
/** Two actions of one title: nothing of one may be taken for the other's. */
const action = (field: string) => ({
  title: 'Same Title',
  description: '',
  fields: { [field]: { ...text, required: true } },
  perform: (request: Request, { payload, settings }: Input) =>
    request(settings.url, { method: 'post', json: payload }),
})
const destination = {
  name: 'My Destination: Pro (v2) / 100% ümlaut',
  mode: 'cloud',
  authentication: { scheme: 'custom', fields: { url: { ...text, required: true } } },
  actions: { one: action('a'), two: action('b') },
} as unknown as Connection['destination']
const connection = (subscriptions: Connection['subscriptions']): Connection => ({
  destination,
  settings: { url: vendor.emulator.url },
  subscriptions,
})
const filter = 'type = "track"'

test('a mapping that fails on an event leaves the one beside it alone', async () => {
  const failing = { a: { '@path': { '@path': '$.properties.which' } } }
  const outcomes = await send(
    {
      connections: [
        connection([
          { name: 'failing', action: 'one', filter, mapping: failing },
          { name: 'good', action: 'two', filter, mapping: { b: { '@path': '$.event' } } },
        ]),
      ],
    },
    [track('x', { properties: { which: 5 } }), track('y', { properties: { which: '$.event' } })],
  )
  expect(outcomes.map(({ subscription, kind }) => `${subscription}: ${kind}`)).toEqual([
    'failing: invalid',
    'good: delivered',
    'failing: delivered',
    'good: delivered',
  ])
  expect(outcomes[0]).toMatchObject({
    fields: [{ path: 'a', message: expect.stringContaining('@path: expected string, got number') }],
  })
})

test('a name with spaces and signs addresses the destination in the integrations object', async () => {
  const { name } = destination
  const outcomes = await send(
    { connections: [connection([{ action: 'two', filter, mapping: { b: 'x' } }])] },
    [
      track('a', { integrations: { All: false, [name]: true } }),
      track('b', { integrations: { [name]: false } }),
    ],
  )
  expect(outcomes).toMatchObject([
    { kind: 'delivered', connection: name },
    { kind: 'skipped', reason: 'integrations' },
  ])
})

test.each([false, true])(
  'an unknown action is refused when the connection opens (compatibility %s)',
  (compatibility) => {
    expect(() =>
      createRuntime({ connections: [connection([{ action: 'onee', filter }])], compatibility }),
    ).toThrow('connections[0].subscriptions[0].action: "onee" is not an action; there are one, two')
  },
)

describe.each([false, true])('with compatibility %s', (compatibility) => {
  test.each([
    ['a text', 'x', /string|text/],
    ['a number', 5, /number/],
    ['a list', [{}], /list|array/],
  ])('a mapping that is %s is refused when the connection opens', (_what, mapping, message) => {
    const open = () =>
      createRuntime({
        connections: [connection([{ action: 'one', filter, mapping: mapping as never }])],
        compatibility,
      })
    expect(open).toThrow(message)
    expect(open).toThrow('connections[0].subscriptions[0].mapping')
    expect(open).toThrow(expect.objectContaining({ code: 'INVALID_MAPPING' }))
  })
})

test('everything that is wrong with a configuration is one problem each, for programs', () => {
  const subscriptions = [
    { action: 'onee', filter },
    { action: 'one', filter: 'type =', mapping: { a: { '@pat': 'x' }, c: 1 } },
    { action: 'two', filter, mapping: { b: { '@if': {} } } },
  ]
  let problems: unknown
  try {
    createRuntime({
      connections: [
        { ...connection(subscriptions), settings: { url: 5, uri: 'canary', extra: 1 } },
        {
          ...connection([]),
          name: 'second',
          destination: { name: 'x', actions: { a: {} }, presets: 3 } as never,
        },
      ],
    })
  } catch (error) {
    problems = (error as { problems: unknown }).problems
  }
  expect(problems).toMatchObject([
    { path: 'connections[0].settings.uri', code: 'INVALID_SETTINGS' },
    { path: 'connections[0].settings.extra', code: 'INVALID_SETTINGS' },
    { path: 'connections[0].subscriptions[0].action', code: 'UNKNOWN_ACTION' },
    { path: 'connections[0].subscriptions[1].filter', code: 'INVALID_SUBSCRIPTION' },
    { path: 'connections[0].subscriptions[1].mapping.c', code: 'INVALID_MAPPING' },
    { path: 'connections[0].subscriptions[2].mapping.b.@if', code: 'INVALID_MAPPING' },
    { path: 'connections[1].destination.actions.a.perform', code: 'INVALID_DEFINITION' },
    { path: 'connections[1].destination.presets', code: 'INVALID_DEFINITION' },
  ])
  expect(JSON.stringify(problems)).not.toContain('canary')
})

test('a single problem is the one of its error', () => {
  expect(() => createRuntime({ connections: 5 as never })).toThrow(
    expect.objectContaining({
      problems: [
        { path: 'connections', code: 'INVALID_CONFIGURATION', message: 'give a list of connections' },
      ],
    }),
  )
})

test('a thousand events get a thousand outcomes, in order', async () => {
  const events = Array.from({ length: 1_000 }, (_, index) => track(`n${index}`))
  const outcomes = await send(
    { connections: [connection([{ action: 'one', filter, mapping: { a: { '@path': '$.event' } } }])] },
    events,
  )
  expect(new Set(kindsOf(outcomes))).toEqual(new Set(['delivered']))
  expect(outcomes.map(({ messageId }) => messageId)).toEqual(events.map(({ messageId }) => messageId))
  expect(vendor.emulator.requestCount).toBe(1_000)
}, 30_000)

test('memory stays flat over a long stream, whatever becomes of its events', async () => {
  const body = 'x'.repeat(10_000)
  const runtime = createRuntime({
    connections: [connection([{ action: 'one', filter, mapping: { a: { '@path': '$.properties.body' } } }])],
    fetch: async (_url, init) =>
      new Response('{}', { status: String(init?.body).includes('odd') ? 400 : 200 }),
    limits: { maxPending: 100 },
  })
  /** 10 KB an event: 3,000 of them would be 30 MB if they were kept. */
  const stream = function* (count: number): Generator<SegmentEvent[]> {
    for (let index = 0; index < count; index++)
      yield [
        track(`e${index}`, {
          properties: index % 3 === 0 ? {} : { body: `${body}${index}${index % 2 ? 'odd' : ''}` },
        }),
      ]
  }
  await runtime.stream(stream(500))
  const before = heapAfterCollection()
  const totals = await runtime.stream(stream(3_000))
  const grown = heapAfterCollection() - before
  await runtime.close()
  expect(totals.connections[destination.name]?.one).toMatchObject({
    invalid: 1_000,
    delivered: 1_000,
    rejected: 1_000,
  })
  expect(grown).toBeLessThan(5_000_000)
}, 30_000)

/** Bytes in use after a full collection. */
function heapAfterCollection(): number {
  const { setFlagsFromString } = require('node:v8') as typeof import('node:v8')
  const { runInNewContext } = require('node:vm') as typeof import('node:vm')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
