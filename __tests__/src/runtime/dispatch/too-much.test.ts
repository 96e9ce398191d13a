import { type Connection, createRuntime } from 'waybill'
import { type Emulator, type EmulatorAnswer, startEmulator } from 'waybill/testing'

let emulator: Emulator
let answer: (body: string, count: number) => EmulatorAnswer
beforeEach(async () => {
  answer = () => ({ status: 200 })
  emulator = await startEmulator({ handle: ({ body }) => answer(body.toString(), emulator.requestCount) })
})
afterEach(() => emulator.close())

type Request = (url: string, options: object) => unknown
const field = { label: 'V', description: 'V.', type: 'string', default: { '@path': '$.event' } }
const batching = { label: 'B', description: 'B.', type: 'boolean', default: true }

const destination = (isBatched: boolean) =>
  ({
    name: 'Acme',
    slug: 'acme',
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: {} },
    actions: {
      go: {
        title: 'Go',
        description: 'Goes.',
        fields: { v: field, ...(isBatched ? { enable_batching: batching } : {}) },
        perform: (request: Request, { payload }: { payload: unknown }) =>
          request(emulator.url, { method: 'post', json: [payload] }),
        ...(isBatched && {
          performBatch: (request: Request, { payload }: { payload: unknown }) =>
            request(emulator.url, { method: 'post', json: payload }),
        }),
      },
    },
  }) as unknown as Connection['destination']

const connection = (isBatched: boolean): Connection => ({
  destination: destination(isBatched),
  settings: {},
  subscriptions: [{ action: 'go', filter: 'type = "track"' }],
  limits: { concurrency: 4 },
})
const events = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    type: 'track',
    messageId: `m${n}`,
    userId: 'u',
    event: `E${n}`,
  }))
const values = (body: string): string[] => (JSON.parse(body) as { v: string }[]).map(({ v }) => v)

test('a batch that is too large is halved until it passes, and each outcome says so', async () => {
  answer = (body) => ({ status: values(body).length > 10 ? 413 : 200 })
  const runtime = createRuntime({ connections: [connection(true)] })
  const outcomes = await runtime.send(events(40))
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(40).fill('delivered'))
  for (const { notes } of outcomes)
    expect(notes).toEqual([
      { reason: 'the destination found a batch of 40 too large, so it was sent in smaller ones' },
    ])
  const arrived = emulator.requests
    .filter(({ status }) => status === 200)
    .flatMap(({ body }) => values(body.toString()))
  expect(arrived.sort()).toEqual(
    events(40)
      .map(({ event }) => event)
      .sort(),
  )
  // What was learned holds: the next batches are as small from the beginning.
  const count = emulator.requestCount
  const later = await runtime.send(events(20))
  expect(later.every(({ kind, notes }) => kind === 'delivered' && notes === undefined)).toBe(true)
  expect(emulator.requests.slice(count).every(({ status }) => status === 200)).toBe(true)
  await runtime.close()
})

test('one event that is too large alone is refused alone', async () => {
  answer = (body) => ({ status: values(body).includes('E3') ? 413 : 200 })
  const runtime = createRuntime({ connections: [connection(true)] })
  const outcomes = await runtime.send(events(8))
  expect(outcomes.map(({ kind }) => kind)).toEqual(
    events(8).map((_, n) => (n === 3 ? 'rejected' : 'delivered')),
  )
  expect(outcomes[3]).toMatchObject({
    code: 'HTTP_413',
    status: 413,
    notes: [{ reason: expect.stringContaining('a batch of 8 too large') }],
  })
  await runtime.close()
})

test('429 without a time makes the whole connection wait, longer each time', async () => {
  answer = (_body, count) => ({ status: count <= 12 ? 429 : 200 })
  const runtime = createRuntime({
    connections: [connection(false)],
    retry: { forMs: 60_000, minMs: 40, maxMs: 400 },
    random: () => 0.5,
  })
  const outcomes = await runtime.send(events(24))
  expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true)
  const times = emulator.requests.map(({ receivedAt }) => receivedAt)
  const gaps = times
    .slice(1)
    .map((time, index) => time - (times[index] as number))
    .filter((gap) => gap >= 25)
  // Twelve refusals, four at a time: three pauses of 30, 60 and 120 ms.
  expect(gaps.length).toBeGreaterThanOrEqual(3)
  expect(emulator.requestCount).toBe(36)
  await runtime.close()
})

test('where nothing is tried again, 429 without a time is the outcome of one event alone', async () => {
  answer = (body) => ({ status: values(body).includes('E3') ? 429 : 200 })
  const runtime = createRuntime({ connections: [connection(false)] })
  const outcomes = await runtime.send(events(24))
  expect(outcomes.filter(({ kind }) => kind === 'retry')).toHaveLength(1)
  await runtime.close()
})
