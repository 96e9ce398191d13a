import { type Connection, createRuntime } from 'waybill'
import { kindsOf, send, track, useVendor } from './vendor'

const vendor = useVendor()

type Request = (url: string, options: object) => unknown
type Input = { settings: { url: string }; payload: Record<string, unknown> }

const destination = {
  name: 'Deleting',
  slug: 'deleting',
  mode: 'cloud',
  ordering: 'user',
  authentication: {
    scheme: 'custom',
    fields: { url: { label: 'URL', description: '', type: 'string', required: true } },
  },
  actions: {
    track: {
      title: 'Track',
      description: '',
      fields: {
        user: { label: 'User', description: '', type: 'string', default: { '@path': '$.userId' } },
      },
      perform: (request: Request, { payload, settings }: Input) =>
        request(`${settings.url}/track`, { method: 'post', json: payload }),
    },
  },
  onDelete: (request: Request, { payload, settings }: Input) =>
    request(`${settings.url}/delete`, { method: 'post', json: payload }),
} as unknown as Connection['destination']

const connection = (change: Partial<Connection> = {}): Connection => ({
  destination,
  settings: { url: vendor.emulator.url },
  subscriptions: [{ action: 'track', filter: 'type = "track"' }],
  ...change,
})
const deletion = (ids: object) => ({ type: 'delete', messageId: 'd', ...ids })

test('a delete event goes to onDelete with its ids, after the earlier events of the person', async () => {
  vendor.emulator.fault({ delayMs: 40 })
  const outcomes = await send({ connections: [connection()] }, [
    track('a', { userId: 'u1' }),
    deletion({ userId: 'u1', anonymousId: 'an1', properties: { secret: 1 } }),
    track('b', { userId: 'u2' }),
  ])
  expect(outcomes.map(({ subscription, kind }) => [subscription, kind])).toEqual([
    ['track', 'delivered'],
    ['track', 'skipped'],
    ['onDelete', 'delivered'],
    ['track', 'delivered'],
  ])
  expect(vendor.bodies('/delete')).toEqual([{ userId: 'u1', anonymousId: 'an1' }])
  const ofPerson = vendor.emulator.requests.filter(({ body }) => body.toString().includes('u1'))
  expect(ofPerson.map(({ path }) => path)).toEqual(['/track', '/delete'])
})

test('deletions are tried again like other events, and one without an id is invalid', async () => {
  vendor.emulator.fault({ status: 503 })
  const retry = { forMs: 60_000, minMs: 1, maxMs: 1 }
  const outcomes = await send({ connections: [connection({ subscriptions: [] })], retry }, [
    deletion({ userId: 7 }),
    deletion({}),
  ])
  expect(outcomes).toMatchObject([
    { kind: 'delivered', attempt: 2, action: 'onDelete' },
    { kind: 'invalid', fields: [{ path: 'userId' }] },
  ])
  expect(vendor.bodies('/delete').at(-1)).toEqual({ userId: '7' })
})

test('totals have a row for deletions from the first one on', async () => {
  const runtime = createRuntime({ connections: [connection()] })
  expect((await runtime.stream([[track('a')]])).connections.deleting).not.toHaveProperty('onDelete')
  const totals = await runtime.stream([[deletion({ userId: 'u' })]])
  expect(totals.connections.deleting).toMatchObject({ onDelete: { delivered: 1 }, track: { skipped: 1 } })
  await runtime.close()
})

test('as a call it gives the outcome', async () => {
  const runtime = createRuntime({ connections: [connection()] })
  const person = { userId: 'u' }
  const outcome = await runtime.connection('deleting').delete(person)
  expect(outcome).toMatchObject({ kind: 'delivered', status: 200, subscription: 'onDelete', attempt: 1 })
  const again = await runtime.connection('deleting').delete(person)
  expect(again.idempotencyKey).toBe(outcome.idempotencyKey)
  vendor.answer = () => ({ status: 404 })
  expect(await runtime.connection('deleting').delete(person)).toMatchObject({ kind: 'rejected', status: 404 })
  await runtime.close()
})

test('a connection that is turned off deletes nothing', async () => {
  const runtime = createRuntime({ connections: [connection({ enabled: false })] })
  expect(await runtime.connection('deleting').delete({ userId: 'u' })).toMatchObject({
    kind: 'skipped',
    reason: 'disabled',
  })
  await runtime.close()
  expect(vendor.emulator.requestCount).toBe(0)
})

test('without onDelete a delete event is not subscribed, and the call is an error', async () => {
  const { onDelete: _, ...without } = destination as unknown as Record<string, unknown>
  const runtime = createRuntime({ connections: [connection({ destination: without as never })] })
  expect(kindsOf(await runtime.send([deletion({ userId: 'u' })]))).toEqual(['skipped'])
  await expect(runtime.connection('deleting').delete({ userId: 'u' })).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
  })
  await runtime.close()
})
