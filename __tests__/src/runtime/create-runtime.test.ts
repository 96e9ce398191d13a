import {
  type BatchInput,
  ClosedError,
  createMultiStatus,
  createRuntime,
  defineAction,
  defineDestination,
  defineSettings,
  type Outcome,
  type OutcomeKind,
  PayloadValidationError,
  path,
  type RuntimeOptions,
  type SegmentEvent,
} from 'waybill'
import { type Emulator, startEmulator } from 'waybill/testing'

let emulator: Emulator
let answer: { status: number; body?: unknown; headers?: Record<string, string> }
let received: { name: string; token: string | undefined; key: string | undefined }[]
let refusedAuthorization: string | undefined
beforeEach(async () => {
  answer = { status: 200 }
  refusedAuthorization = undefined
  received = []
  emulator = await startEmulator({
    handle: ({ body, headers }) => {
      if (refusedAuthorization && headers.authorization === refusedAuthorization) return { status: 401 }
      const { name, key } = JSON.parse(body.toString()) as { name: string; key?: string }
      received.push({ name, key, token: headers.authorization })
      return answer
    },
  })
})
afterEach(() => emulator.close())

const settings = defineSettings({
  url: { label: 'URL', description: '', type: 'string', required: true },
  apiKey: { label: 'Key', description: '', type: 'password', required: true },
})
const track = defineAction({
  settings,
  title: 'Track',
  description: '',
  fields: {
    name: { label: 'Name', description: '', type: 'string', required: true, default: path('$.event') },
  },
  perform: (request, { payload, settings, idempotencyKey }) => {
    if (payload.name === 'throw') throw new TypeError('oops')
    if (payload.name === 'refuse') throw new PayloadValidationError('no')
    return request(settings.url, { method: 'post', json: { name: payload.name, key: idempotencyKey } })
  },
})
/** Answers as the test says: what `performBatch` returns is decided by `batchResult`. */
let batchResult: (input: { payload: { name: string }[]; settings: unknown }) => unknown
const batch = defineAction({
  settings,
  title: 'Batch',
  description: '',
  fields: {
    name: { label: 'Name', description: '', type: 'string', required: true, default: path('$.event') },
  },
  perform: () => undefined,
  performBatch: (_request, input) => batchResult(input as never),
})
const destination = defineDestination({
  name: 'Test',
  slug: 'test',
  settings,
  authentication: { scheme: 'custom' },
  actions: { track, batch },
  presets: [{ name: 'Track', type: 'automatic', partnerAction: 'track', subscribe: 'type = "track"' }],
})
const connection = () => ({
  destination,
  settings: { url: emulator.url, apiKey: 'canary-secret' },
  subscriptions: 'presets' as const,
})
const event = (name: string, more: object = {}): SegmentEvent => ({
  type: 'track',
  event: name,
  messageId: `m-${name}`,
  ...more,
})

async function send(events: SegmentEvent[], options: Partial<RuntimeOptions> = {}): Promise<Outcome[]> {
  const runtime = createRuntime({ connections: [connection()], ...options })
  const outcomes = await runtime.send(events)
  await runtime.close()
  return outcomes
}
const kinds = (outcomes: Outcome[]): OutcomeKind[] => outcomes.map((outcome) => outcome.kind)

test('one bad event harms none of its neighbors, and outcomes keep the order of events', async () => {
  const outcomes = await send([
    event('a'),
    event('throw'),
    { type: 'track' },
    event('refuse'),
    { type: 'page' },
    event('b'),
  ])
  expect(kinds(outcomes)).toEqual(['delivered', 'rejected', 'invalid', 'invalid', 'skipped', 'delivered'])
  expect(outcomes[1]).toMatchObject({ code: 'DESTINATION_BUG', message: 'TypeError in perform: oops' })
  expect(outcomes.map((outcome) => outcome.index)).toEqual([0, 1, 2, 3, 4, 5])
})

test('a refusal for now is tried again within the window, as late as the destination asks', async () => {
  emulator.fault({ status: 503, times: 2 })
  emulator.fault({ status: 429, retryAfter: 0 })
  const retries: [number, number][] = []
  const [outcome] = await send([event('a')], {
    retry: { forMs: 60_000, minMs: 1, maxMs: 1 },
    on: { retry: (failed, afterMs) => retries.push([failed.attempt, afterMs]) },
  })
  expect(outcome).toMatchObject({ kind: 'delivered', attempt: 4, idempotencyKey: 'm-a' })
  expect(retries.map(([attempt]) => attempt)).toEqual([1, 2, 3])
  expect(received.map(({ key }) => key)).toEqual(['m-a'])
})

test('without a window the caller is told how long to wait', async () => {
  emulator.fault({ status: 429, retryAfter: 7 })
  expect(await send([event('a')])).toMatchObject([
    { kind: 'retry', afterMs: 7_000, status: 429, owner: 'destination' },
  ])
})

test('what was sent without an answer is repeated only where that is safe', async () => {
  emulator.fault({ reset: 'after', times: 2 })
  const retry = { forMs: 60_000, minMs: 1, maxMs: 1 }
  expect(await send([event('a')], { retry })).toMatchObject([
    { kind: 'unknown', attempt: 1, owner: 'network' },
  ])
  expect(await send([event('a')], { retry: { ...retry, allowDuplicates: true } })).toMatchObject([
    { kind: 'delivered', attempt: 2 },
  ])
})

test('refused credentials pause the connection, say so once, and keep its events', async () => {
  answer = { status: 401 }
  const blocked: string[] = []
  const runtime = createRuntime({
    connections: [{ ...connection(), name: 'main' }],
    on: { connectionBlocked: (name) => blocked.push(name) },
  })
  await runtime.send([event('a')])
  const outcomes = await runtime.send([event('b'), event('c')])
  expect(outcomes).toMatchObject([
    { kind: 'blocked', code: 'CONNECTION_BLOCKED', attempt: 0 },
    { kind: 'blocked' },
  ])
  expect(emulator.requestCount).toBe(1)
  expect(blocked).toEqual(['main'])
  await runtime.close()
})

test.each([
  ['nothing', () => undefined, ['unknown', 'unknown', 'unknown']],
  ['a list', () => [{ status: 200 }], ['unknown', 'unknown', 'unknown']],
  ['a plain status', () => ({ status: 500 }), ['unknown', 'unknown', 'unknown']],
  [
    'a multistatus answer that leaves one out',
    (input: BatchInput) => {
      const result = createMultiStatus(input)
      result.setSuccessResponseAtIndex(0, { status: 200, sent: {}, body: {} })
      result.setErrorResponseAtIndex(1, { status: 400, errormessage: 'bad' })
      return result
    },
    ['delivered', 'rejected', 'retry'],
  ],
])('performBatch that returns %s is never taken for success', async (_name, result, expected) => {
  batchResult = result as never
  const outcomes = await send([event('a'), event('b'), event('c')], {
    connections: [
      { ...connection(), subscriptions: [{ action: 'batch', filter: 'type = "track"', batch: {} }] },
    ],
  })
  expect(kinds(outcomes)).toEqual(expected)
})

test('a batch leaves out invalid events, and raw events stay beside their payloads', async () => {
  const seen: unknown[] = []
  batchResult = (input) => {
    const { payload, rawData } = input as unknown as { payload: { name: string }[]; rawData: SegmentEvent[] }
    seen.push(payload.map(({ name }, index) => [name, rawData[index]?.event]))
    const result = createMultiStatus(input)
    payload.forEach((_, index) => {
      result.setSuccessResponseAtIndex(index, { status: 200, sent: {}, body: {} })
    })
    return result
  }
  const outcomes = await send([event('a'), { type: 'track' }, event('c')], {
    connections: [
      { ...connection(), subscriptions: [{ action: 'batch', filter: 'type = "track"', batch: {} }] },
    ],
  })
  expect(kinds(outcomes)).toEqual(['delivered', 'invalid', 'delivered'])
  expect(seen).toEqual([
    [
      ['a', 'a'],
      ['c', 'c'],
    ],
  ])
})

test('the integrations object and the filter of the connection are honored', async () => {
  const outcomes = await send(
    [
      event('a', { integrations: { All: false } }),
      event('b', { integrations: { All: false, Test: true } }),
      event('c', { integrations: { Test: false } }),
      event('d', { userId: 'vip' }),
    ],
    { connections: [{ ...connection(), filter: 'userId != "vip"' }] },
  )
  expect(outcomes.map((outcome) => (outcome.kind === 'skipped' ? outcome.reason : outcome.kind))).toEqual([
    'integrations',
    'delivered',
    'integrations',
    'connection-filter',
  ])
})

test('two subscriptions of one event get keys of their own, the first the message id', async () => {
  const subscription = { action: 'track', filter: 'type = "track"' }
  await send([event('a')], {
    connections: [{ ...connection(), subscriptions: [subscription, subscription] }],
  })
  const keys = received.map(({ key }) => key)
  expect(keys[0]).toBe('m-a')
  expect(new Set(keys).size).toBe(2)
})

test('events of a person keep their order while others overtake', async () => {
  emulator.fault({ delayMs: 60 })
  const events = [
    event('1', { userId: 'u' }),
    event('2', { anonymousId: 'u' }),
    event('x', { userId: 'v' }),
    event('3', { userId: 'w', previousId: 'u' }),
  ]
  await send(events, { connections: [{ ...connection(), ordering: 'user' }] })
  expect(
    emulator.requests
      .map((request) => JSON.parse(request.body.toString()).name)
      .filter((name) => name !== 'x'),
  ).toEqual(['1', '2', '3'])
})

test('OAuth: one refresh serves all that were refused, and only those are sent again', async () => {
  let refreshes = 0
  const oauth = {
    ...destination,
    authentication: {
      scheme: 'oauth2' as const,
      fields: settings,
      refreshAccessToken: async () => {
        refreshes += 1
        return { accessToken: 'new' }
      },
    },
    extendRequest: ({ auth }: { auth?: { accessToken: string } }) => ({
      headers: { authorization: `Bearer ${auth?.accessToken}` },
    }),
  }
  refusedAuthorization = 'Bearer old'
  const stored: unknown[] = []
  const outcomes = await send([event('a'), event('b'), event('c')], {
    connections: [
      {
        ...connection(),
        destination: oauth,
        settings: { ...connection().settings, oauth: { access_token: 'old', refresh_token: 'r' } },
      },
    ],
    on: { tokenRefresh: (_name, tokens) => void stored.push(tokens) },
  })
  expect(kinds(outcomes)).toEqual(['delivered', 'delivered', 'delivered'])
  expect(refreshes).toBe(1)
  expect(stored).toEqual([{ accessToken: 'new' }])
  expect(received.map(({ token }) => token)).toEqual(['Bearer new', 'Bearer new', 'Bearer new'])
})

test('stream stays within the pending limit and counts everything', async () => {
  const runtime = createRuntime({ connections: [connection()], limits: { maxPending: 10 } })
  const batches = Array.from({ length: 20 }, (_, index) => [
    event(`a${index}`),
    event(`b${index}`),
    { type: 'page' },
  ])
  const outcomes: Outcome[] = []
  const totals = await runtime.stream(batches, { onOutcome: (outcome) => outcomes.push(outcome) })
  await runtime.close()
  expect(totals.events).toBe(60)
  expect(totals.connections.test?.Track).toMatchObject({
    delivered: 40,
    skipped: 20,
    skipReasons: { 'not-subscribed': 20 },
  })
  expect(outcomes).toHaveLength(40)
})

test('an interrupted stream settles what is in flight and keeps the rest', async () => {
  const controller = new AbortController()
  emulator.fault({ status: 503, times: 1000 })
  const runtime = createRuntime({
    connections: [connection()],
    retry: { forMs: 3_600_000, minMs: 600_000, maxMs: 600_000 },
    on: { retry: () => controller.abort() },
  })
  const outcomes: Outcome[] = []
  await runtime.stream([[event('a'), event('b')]], {
    signal: controller.signal,
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  await runtime.close()
  expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry'])
})

test('after close nothing more is taken', async () => {
  const runtime = createRuntime({ connections: [connection()] })
  await runtime.close()
  await expect(runtime.send([])).rejects.toThrow(ClosedError)
})

test('every mistake of a configuration is told at once, with its path and without a value', () => {
  const open = () =>
    createRuntime({
      connections: [
        { ...connection(), settings: { url: 5, apiKy: 'canary-secret' } },
        {
          ...connection(),
          name: 'second',
          subscriptions: [
            { action: 'trak', filter: 'type = "track"' },
            { action: 'track', filter: 'type == "track"' },
            { action: 'track', filter: 'type = "track"', mapping: { nam: 1 } },
          ],
        },
      ],
    })
  expect(open).toThrow(/connections\[0\]\.settings\.apiKy: unknown setting; there are url, apiKey/)
  expect(open).toThrow(
    /connections\[1\]\.subscriptions\[0\]\.action: "trak" is not an action; there are track, batch/,
  )
  expect(open).toThrow(/connections\[1\]\.subscriptions\[1\]\.filter: line 1, column 7/)
  expect(open).toThrow(
    /connections\[1\]\.subscriptions\[2\]\.mapping\.nam: the action has no such field; there are name/,
  )
  expect(open).not.toThrow(/canary-secret/)
})

test('no outcome shows a secret that the destination echoes', async () => {
  answer = { status: 400, body: { error: { message: 'the key canary-secret may not do this' } } }
  const outcomes = await send([event('a')])
  expect(JSON.stringify(outcomes)).not.toContain('canary-secret')
  expect(outcomes[0]).toMatchObject({ vendorCode: 'the key *** may not do this' })
})
