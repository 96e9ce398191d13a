import { startZaiusEmulator, type ZaiusEmulator, type ZaiusEmulatorOptions } from 'waybill/emulators/zaius'

let now: number
let emulator: ZaiusEmulator
const start = async (options: ZaiusEmulatorOptions = {}) => {
  await emulator?.close()
  emulator = await startZaiusEmulator({ clock: () => now, ...options })
}
beforeEach(() => {
  now = Date.parse('2024-05-01T12:00:00Z')
  return start()
})
afterAll(() => emulator.close())

type Call = { key?: string; method?: string; text?: string }
async function call(path: string, body?: unknown, { key = emulator.publicKey, method, text }: Call = {}) {
  const response = await fetch(`${emulator.url}${path}`, {
    method: method ?? (body === undefined && text === undefined ? 'GET' : 'POST'),
    headers: { 'X-API-Key': key, 'content-type': 'application/json' },
    ...(body === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(body) }),
  })
  expect(response.headers.get('content-type')).toBe('application/json')
  return { status: response.status, body: (await response.json()) as unknown }
}
const privately = () => ({ key: emulator.privateKey })
const timestamp = '2024-05-01T12:00:00.000Z'
const accepted = { status: 202, body: { title: 'Accepted', status: 202, timestamp } }
const refused = (status: number, title: string, detail: object) => ({
  status,
  body: { title, status, timestamp, detail },
})
const badRequest = (detail: object) => refused(400, 'Bad Request', detail)
const insufficient = refused(403, 'Forbidden', {
  message: 'Insufficient privileges to access this resource.',
})
const event = (more: object = {}) => ({ type: 'seen', identifiers: { email: 'a' }, ...more })

test('1: an unknown path or method is not found', async () => {
  const wrong = refused(404, 'Not Found', { message: expect.any(String) })
  expect(await call('/v3/unknown')).toEqual(wrong)
  expect(await call('/v3/events')).toEqual(wrong)
  expect(await call('/v2/events', event())).toEqual(wrong)
})

test('2: the public and the private key open the gate', async () => {
  expect(await call('/v3/events', event())).toEqual(accepted)
  expect(await call('/v3/events', event(), privately())).toEqual(accepted)
})

test('3: events and profiles come alone or in a list; action, data and known names are optional', async () => {
  expect(await call('/v3/events', [event(), event({ action: 'x', data: { unheard: 1 } })])).toEqual(accepted)
  expect(await call('/v3/profiles', { attributes: { email: 'a' } })).toEqual(accepted)
  expect(await call('/v3/profiles', [{ attributes: { email: 'b' } }])).toEqual(accepted)
  expect(emulator.account.events()).toHaveLength(2)
  expect(emulator.account.customers.all()).toHaveLength(2)
})

test('4: profiles can be read with the private key', async () => {
  await call('/v3/profiles', [{ attributes: { email: 'a', city: 'Aachen' } }])
  expect(await call('/v3/profiles?email=a', undefined, privately())).toEqual({
    status: 202,
    body: { attributes: { zaius_id: 'zaius-1', email: 'a', emails: ['a'], city: 'Aachen' } },
  })
  expect(await call('/v3/profiles?email=x', undefined, privately())).toEqual(
    refused(404, 'Not Found', { message: 'Unable to find profile for email = x' }),
  )
})

test.each([
  ['ISO 8601', '2024-01-02T03:04:05.678Z', '2024-01-02T03:04:05.678Z'],
  ['seconds', 1704164645, '2024-01-02T03:04:05.000Z'],
  ['digits', '1704164645', '2024-01-02T03:04:05.000Z'],
  ['nothing', undefined, timestamp],
  ['nonsense', 'soon', timestamp],
  ['a number that is no time', 1e300, timestamp],
])('5: the time of an event as %s', async (_name, ts, stored) => {
  await call('/v3/events', event({ data: { ts } }))
  expect(emulator.account.events()[0]?.ts).toBe(stored)
})

test('6: a wrong key is forbidden by the gateway, a public one where a private one is needed by ODP', async () => {
  const forbidden = { status: 403, body: { message: 'Forbidden' } }
  expect(await call('/v3/events', event(), { key: '' })).toEqual(forbidden)
  expect(await call('/v3/events', event(), { key: `${emulator.publicKey}.wrong` })).toEqual(forbidden)
  expect(await call('/v3/profiles?email=a')).toEqual(insufficient)
  expect(await call('/v3/schema/objects/events/fields')).toEqual(insufficient)
  await start({ profilesNeedPrivateKey: true })
  expect(await call('/v3/profiles', { attributes: { email: 'a' } })).toEqual(insufficient)
  expect(await call('/v3/profiles', { attributes: { email: 'a' } }, privately())).toEqual(accepted)
})

test.each(['{', '7', '"text"', 'null', ''])('7: the body %p cannot be parsed', async (text) => {
  expect(await call('/v3/events', undefined, { text })).toEqual(
    badRequest({ message: 'Unable to parse request body.' }),
  )
})

const invalidEvents: [string, object, string][] = [
  ['no type', { identifiers: { email: 'a' } }, "missing 'type' field"],
  ['no identifiers', { type: 'seen' }, 'Missing required field `identifiers`'],
  ['empty identifiers', { type: 'seen', identifiers: {} }, 'Missing required field `identifiers`'],
  [
    'a product without id',
    event({ type: 'product', action: 'detail' }),
    'Missing required field `product_id`',
  ],
  ['an order without order', event({ type: 'order', data: {} }), 'Missing required field `order`'],
  ['an order without id', event({ type: 'order', data: { order: {} } }), 'Missing required field `order_id`'],
]
test.each(invalidEvents)(
  '8: an event with %s spoils the list, of which nothing is stored',
  async (_name, bad, message) => {
    expect(await call('/v3/events', [event(), bad, event()])).toEqual(
      badRequest({ invalids: [{ event: 1, message }] }),
    )
    expect(emulator.account.events()).toEqual([])
    await start({ storesPartly: true })
    expect((await call('/v3/events', [event(), bad, event()])).status).toBe(400)
    expect(emulator.account.events()).toHaveLength(2)
  },
)

test('8: a profile needs an identifier', async () => {
  expect(await call('/v3/profiles', [{ attributes: { city: 'x' } }, {}])).toEqual(
    badRequest({
      invalids: [
        { event: 0, message: expect.any(String) },
        { event: 1, message: expect.any(String) },
      ],
    }),
  )
})

test('9: more than 500 objects, or too many bytes, are too much', async () => {
  expect((await call('/v3/events', Array(500).fill(event()))).status).toBe(202)
  expect((await call('/v3/events', Array(501).fill(event()))).status).toBe(400)
  await start({ maxBodyBytes: 1000 })
  expect(await call('/v3/events', event({ data: { text: 'x'.repeat(1000) } }))).toEqual({
    status: 413,
    body: { message: 'Request Too Long' },
  })
})

test('10: faults answer instead of ODP, and profiles may be limited to some per second', async () => {
  emulator.fault({ status: 503, body: 'unavailable', times: 1 })
  expect(
    (await fetch(`${emulator.url}/v3/lists`, { headers: { 'x-api-key': emulator.publicKey } })).status,
  ).toBe(503)
  expect((await call('/v3/lists')).status).toBe(202)
  await start({ profilesPerSecond: 2 })
  const upsert = () => call('/v3/profiles', { attributes: { email: 'a' } })
  expect([(await upsert()).status, (await upsert()).status]).toEqual([202, 202])
  expect(await upsert()).toEqual({ status: 429, body: { message: 'Too Many Requests' } })
  expect((await call('/v3/events', event())).status).toBe(202)
  now += 1000
  expect((await upsert()).status).toBe(202)
})

test('11: requests are remembered in their order, the key masked', async () => {
  await call('/v3/events', event())
  await call('/v3/lists')
  expect(emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /v3/events',
    'GET /v3/lists',
  ])
  expect(JSON.parse(String(emulator.requests[0]?.body))).toEqual(event())
  const overHttp = await (await fetch(`${emulator.url}/__emulator/requests`)).text()
  for (const text of [JSON.stringify(emulator.requests), overHttp])
    expect(text).not.toContain(emulator.publicKey)
})

test('17: a write can be seen when its lag is over', async () => {
  await start({ visibleAfterMs: 5000 })
  await call('/v3/profiles', { attributes: { email: 'a' } })
  await call('/v3/events', event())
  expect((await call('/v3/profiles?email=a', undefined, privately())).status).toBe(404)
  now += 5000
  expect((await call('/v3/profiles?email=a', undefined, privately())).status).toBe(202)
  expect(emulator.account.events()).toHaveLength(1)
})
