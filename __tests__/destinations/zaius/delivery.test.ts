import { Destination } from '@segment/actions-core'
import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { startZaiusEmulator, type ZaiusEmulator, type ZaiusEmulatorOptions } from 'waybill/emulators/zaius'
import { defaultMapping } from '../../support/default-mapping'
import { outcomesOf } from './senders'

let emulator: ZaiusEmulator
const start = async (options: ZaiusEmulatorOptions = {}) => {
  await emulator?.close()
  emulator = await startZaiusEmulator(options)
}
beforeEach(() => start())
afterAll(() => emulator.close())

const seen = (count: number): SegmentEvent[] =>
  Array.from({ length: count }, (_, index) => ({
    type: 'track',
    event: 'Seen',
    userId: `u${index}`,
    messageId: `m${index}`,
    timestamp: '2024-05-01T10:00:00Z',
  }))
const sizes = () => emulator.requests.map(({ body }) => (JSON.parse(String(body)) as unknown[]).length)
const kinds = (outcomes: readonly Outcome[]) =>
  outcomes.filter(({ kind }) => kind !== 'skipped').map(({ kind }) => kind)
const relevant = (outcomes: readonly Outcome[]) => outcomes.filter(({ kind }) => kind !== 'skipped')

/** Answers the next request to `/v3/events` as ODP does when it refuses objects of a list. */
const refuse = (...positions: number[]) =>
  emulator.fault({
    match: { path: '/v3/events' },
    status: 400,
    body: {
      title: 'Bad Request',
      status: 400,
      detail: { invalids: positions.map((event) => ({ event, message: 'wrong' })) },
    },
  })

test('no request has more than 100 objects', async () => {
  expect(kinds(await outcomesOf(emulator, seen(250)))).toEqual(Array(250).fill('delivered'))
  expect(sizes().sort((a, b) => a - b)).toEqual([50, 100, 100])
})

test('each endpoint has its own batches', async () => {
  const events = seen(3).flatMap((event) => [
    event,
    { ...event, type: 'identify' },
    { ...event, type: 'page' },
  ])
  await outcomesOf(emulator, events)
  expect(emulator.requests.map(({ path }) => path).sort()).toEqual([
    '/v3/events',
    '/v3/events',
    '/v3/profiles',
  ])
  expect(sizes()).toEqual([3, 3, 3])
})

test('objects that ODP refuses fail alone: the others are sent once more', async () => {
  refuse(1, 3)
  const outcomes = relevant(await outcomesOf(emulator, seen(5)))
  expect(outcomes.map(({ kind }) => kind)).toEqual([
    'delivered',
    'rejected',
    'delivered',
    'rejected',
    'delivered',
  ])
  expect(outcomes[1]).toMatchObject({
    owner: 'event',
    code: 'ODP_INVALID',
    status: 400,
    message: 'ODP answered 400: wrong',
  })
  expect(sizes()).toEqual([5, 3])
  expect(emulator.account.events()).toHaveLength(3)
})

test('refused twice, the others wait for another attempt', async () => {
  refuse(0)
  refuse(0)
  expect(kinds(await outcomesOf(emulator, seen(3)))).toEqual(['rejected', 'rejected', 'retry'])
  expect(sizes()).toEqual([3, 2])
})

test('a refusal that names no object concerns all', async () => {
  emulator.fault({
    status: 400,
    body: { title: 'Bad Request', detail: { message: 'Unable to parse request body.' } },
  })
  expect(kinds(await outcomesOf(emulator, seen(3)))).toEqual(['rejected', 'rejected', 'rejected'])
  expect(sizes()).toEqual([3])
})

test('positions that are not in the list concern nobody', async () => {
  refuse(7, -1)
  expect(kinds(await outcomesOf(emulator, seen(2)))).toEqual(['rejected', 'rejected'])
  expect(sizes()).toEqual([2])
})

test('a list that is too long for ODP is sent in halves, down to the one that is too long by itself', async () => {
  await start({ maxBodyBytes: 1500 })
  const events = seen(8).map((event, index) => ({
    ...event,
    properties: { text: 'x'.repeat(index === 2 ? 2000 : 100) },
  }))
  const outcomes = relevant(await outcomesOf(emulator, events))
  expect(outcomes.map(({ kind }) => kind)).toEqual(
    events.map((_, index) => (index === 2 ? 'rejected' : 'delivered')),
  )
  expect(outcomes[2]).toMatchObject({ owner: 'event', code: 'ODP_TOO_LONG', status: 413 })
  expect(emulator.account.events()).toHaveLength(7)
})

test('an event that cannot have a body fails alone, before anything is sent', async () => {
  const events = seen(3).map((event, index) => (index === 1 ? { ...event, userId: null } : event))
  const outcomes = relevant(await outcomesOf(emulator, events))
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'invalid', 'delivered'])
  expect(outcomes[1]).toMatchObject({ code: 'PAYLOAD_VALIDATION_FAILED', owner: 'event' })
})

test.each([429, 500, 502, 503, 504])('%i is tried again', async (status) => {
  emulator.fault({ status, body: 'not JSON' })
  const outcomes = await outcomesOf(emulator, seen(2), {}, { retry: { forMs: 5000, minMs: 1 } })
  expect(kinds(outcomes)).toEqual(['delivered', 'delivered'])
  expect(sizes()).toEqual([2, 2])
})

test('Retry-After is heeded, for the whole batch', async () => {
  emulator.fault({ status: 429, retryAfter: 7 })
  const outcomes = relevant(await outcomesOf(emulator, seen(2)))
  expect(outcomes).toMatchObject([
    { kind: 'retry', afterMs: 7000 },
    { kind: 'retry', afterMs: 7000 },
  ])
})

test('Retry-After is heeded where other events of the batch have an outcome of their own', async () => {
  emulator.fault({ status: 429, retryAfter: 7 })
  const events = seen(3).map((event, index) => (index === 1 ? { ...event, userId: null } : event))
  const waits = { kind: 'retry', status: 429, afterMs: 7000 }
  expect(relevant(await outcomesOf(emulator, events))).toMatchObject([waits, { kind: 'invalid' }, waits])

  refuse(0)
  emulator.fault({ status: 503, retryAfter: 3, match: { path: '/v3/events' } })
  expect(relevant(await outcomesOf(emulator, seen(2)))).toMatchObject([
    { kind: 'rejected' },
    { kind: 'retry', status: 503, afterMs: 3000 },
  ])
})

test('an answer that does not come leaves it open whether an order was counted: no second attempt', async () => {
  emulator.fault({ reset: 'after' })
  expect(kinds(await outcomesOf(emulator, seen(2), {}, { retry: { forMs: 5000, minMs: 1 } }))).toEqual([
    'unknown',
    'unknown',
  ])
})

test('an answer that does not come after others had theirs is unknown for the rest alone', async () => {
  refuse(0)
  emulator.fault({ reset: 'after' })
  // The second fault waits for the repetition.
  expect(kinds(await outcomesOf(emulator, seen(3)))).toEqual(['rejected', 'unknown', 'unknown'])
})

test('idempotence_id is the message id, and the same in every attempt', async () => {
  emulator.fault({ status: 503 })
  await outcomesOf(emulator, seen(1), {}, { retry: { forMs: 5000, minMs: 1 } })
  const ids = emulator.requests.map(
    ({ body }) =>
      (JSON.parse(String(body)) as { data: { idempotence_id: string } }[])[0]?.data.idempotence_id,
  )
  expect(ids).toEqual(['m0', 'm0'])
})

test('customers are sent at most ten times a second', async () => {
  const startedAt = Date.now()
  const runtime = createRuntime({
    connections: [
      {
        destination: zaius,
        settings: { apiKey: emulator.publicKey, endpoint: emulator.url },
        subscriptions: [{ action: 'upsertCustomer', filter: 'type = "identify"', batch: false }],
      },
    ],
  })
  const outcomes = await runtime.send(seen(6).map((event) => ({ ...event, type: 'identify' })))
  await runtime.close()
  expect(kinds(outcomes)).toEqual(Array(6).fill('delivered'))
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450)
})

test('events do not wait for customers: ODP counts them apart and has no limit for them', async () => {
  const runtime = createRuntime({
    connections: [
      {
        destination: zaius,
        settings: { apiKey: emulator.publicKey, endpoint: emulator.url },
        subscriptions: [
          { action: 'upsertCustomer', filter: 'type = "identify"', batch: false },
          { action: 'trackEvent', filter: 'type = "track"', batch: false },
        ],
      },
    ],
  })
  const identifies = seen(5).map((event) => ({ ...event, type: 'identify' }))
  await runtime.send([...identifies, ...seen(40)])
  await runtime.close()
  const paths = emulator.requests.map(({ path }) => path)
  expect(paths.lastIndexOf('/v3/profiles')).toBe(44)
})

test('a key that ODP does not know blocks the connection, and the outcome says what to do', async () => {
  const [outcome] = relevant(await outcomesOf(emulator, seen(1), { apiKey: 'unknown' }))
  expect(outcome).toMatchObject({ kind: 'blocked', code: 'ODP_KEY_REFUSED', owner: 'configuration' })
})

test('a public key where the account wants a private one says so', async () => {
  await start({ profilesNeedPrivateKey: true })
  const identify = seen(1).map((event) => ({ ...event, type: 'identify' }))
  const [outcome] = relevant(await outcomesOf(emulator, identify))
  expect(outcome).toMatchObject({ kind: 'blocked', code: 'ODP_PRIVATE_KEY_NEEDED' })
  expect(kinds(await outcomesOf(emulator, identify, { apiKey: emulator.privateKey }))).toEqual(['delivered'])
})

test('an endpoint that is none of ODP is a matter of configuration', async () => {
  const [outcome] = relevant(await outcomesOf(emulator, seen(1), { endpoint: `${emulator.url}/wrong` }))
  expect(outcome).toMatchObject({ kind: 'rejected', code: 'ODP_NOT_FOUND', owner: 'configuration' })
})

test.each([400, 403, 503])('no outcome of a %i that repeats the key shows it', async (status) => {
  await start({ publicKey: 'tracker-4711' })
  const message = `no such key: ${emulator.privateKey}`
  emulator.fault({ status, body: { title: message, detail: { message, invalids: [{ event: 0, message }] } } })
  emulator.fault({ status, body: message })
  const outcomes = relevant(await outcomesOf(emulator, seen(2), { apiKey: emulator.privateKey }))
  expect(outcomes.map(({ kind }) => kind)).not.toContain('delivered')
  expect(JSON.stringify(outcomes)).not.toMatch(/tracker-4711|secret/)
})

test("the reference's own batches get an answer for each event", async () => {
  refuse(1)
  const mapping = defaultMapping(zaius.actions.trackEvent)
  const events = [...seen(2), { ...seen(1)[0], userId: null }, ...seen(1)]
  const results = await new Destination(zaius).onBatch(
    events as never,
    {
      apiKey: emulator.publicKey,
      endpoint: emulator.url,
      subscriptions: [{ partnerAction: 'trackEvent', subscribe: 'type = "track"', mapping }],
    } as never,
  )
  expect(results[0]?.multistatus?.map(({ status }) => status)).toEqual([202, 400, 400, 202])
})
