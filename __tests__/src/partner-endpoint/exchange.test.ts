import { Destination } from '@segment/actions-core'
import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { type Emulator, type EmulatorRequest, startEmulator } from 'waybill/testing'
import { partner } from './partner-destination'

let server: Emulator
let answer: (request: EmulatorRequest) => { status: number; body?: unknown; headers?: Record<string, string> }

beforeEach(async () => {
  answer = () => ({ status: 200 })
  server = await startEmulator({ handle: (request) => answer(request) })
})
afterEach(() => server.close())

const settings = () => ({ apiKey: 'segment', endpoint: `${server.url}/segment`, timeoutMs: 2_000 })
const event: SegmentEvent = {
  type: 'track',
  messageId: 'm',
  userId: 'u',
  event: 'E',
  properties: { n: null },
}
const contractHeaders = ['accept', 'authorization', 'cache-control', 'content-type', 'user-agent']
const ofTheContract = ({ headers }: EmulatorRequest) => contractHeaders.map((name) => headers[name])
const bodyOf = (request: EmulatorRequest): SegmentEvent => JSON.parse(request.body.toString())

async function send(
  events: readonly SegmentEvent[],
  options: { batch?: boolean; settings?: Record<string, unknown> } = {},
): Promise<Outcome[]> {
  const runtime = createRuntime({
    connections: [
      {
        destination: partner,
        settings: options.settings ?? settings(),
        subscriptions: [
          { action: 'forward', filter: 'type != "delete"', batch: options.batch ? { maxCount: 100 } : false },
        ],
      },
    ],
  })
  try {
    return await runtime.send(events)
  } finally {
    await runtime.close()
  }
}

/** What an outcome says, without where and when. */
const essence = (outcome: Outcome | undefined) => {
  const { kind, code, owner, status, vendorCode } = outcome as Outcome & Record<string, unknown>
  return { kind, code, owner, status, vendorCode }
}

const meanings: [number, string, string, string][] = [
  [400, 'rejected', 'BAD_REQUEST', 'event'],
  [401, 'blocked', 'INVALID_AUTHENTICATION', 'configuration'],
  [403, 'blocked', 'FORBIDDEN', 'configuration'],
  [404, 'rejected', 'HTTP_404', 'destination'],
  [408, 'retry', 'HTTP_408', 'destination'],
  [413, 'rejected', 'PAYLOAD_REJECTED', 'event'],
  [423, 'retry', 'HTTP_423', 'destination'],
  [429, 'retry', 'HTTP_429', 'destination'],
  [500, 'retry', 'HTTP_500', 'destination'],
  [501, 'rejected', 'EVENT_NOT_SUPPORTED', 'configuration'],
  [502, 'retry', 'HTTP_502', 'destination'],
  [503, 'retry', 'HTTP_503', 'destination'],
  [504, 'retry', 'HTTP_504', 'destination'],
]

describe('one message', () => {
  test('goes in one POST to the one address, unchanged, with the headers of the contract', async () => {
    await send([event], { settings: { ...settings(), region: 'eu' } })
    expect(server.requests).toHaveLength(1)
    const [request] = server.requests
    expect(request).toMatchObject({
      method: 'POST',
      path: '/segment',
      headers: {
        accept: '*/*',
        authorization: 'Basic c2VnbWVudDo=',
        'cache-control': 'no-cache',
        'content-type': 'application/json',
        'user-agent': 'Segment.io/1.0',
        'x-segment-settings': Buffer.from('{"region":"eu"}').toString('base64'),
        'content-length': String(request?.body.length),
      },
    })
    expect(bodyOf(request as EmulatorRequest)).toEqual(event)
  })

  test.each([200, 201, 202, 204])('%d is success', async (status) => {
    answer = () => ({ status })
    expect((await send([event]))[0]).toMatchObject({ kind: 'delivered', status })
  })

  test.each(meanings)(
    '%d ends as %s, %s, owner %s, with the text of the partner',
    async (status, kind, code, owner) => {
      answer = () => ({ status, body: { message: 'The text.', trace: 'internal' } })
      const expected = { kind, code, owner, status, vendorCode: 'The text.' }
      expect(essence((await send([event]))[0])).toEqual(expected)
      expect(essence((await send([event], { batch: true }))[0])).toEqual(expected)
    },
  )

  test.each([
    ['no JSON', 'the text', { 'content-type': 'text/plain' }],
    ['JSON that is no object', 'null', { 'content-type': 'application/json' }],
    ['an object without message', '{"error":"inner","code":7}', { 'content-type': 'application/json' }],
    ['a message that is no text', '{"message":{"a":1}}', { 'content-type': 'application/json' }],
  ])('a failure with %s has no text', async (_name, body, headers) => {
    answer = () => ({ status: 400, body, headers })
    expect((await send([event]))[0]).not.toHaveProperty('vendorCode')
  })

  test('the text is cut at 1,000 characters', async () => {
    answer = () => ({ status: 400, body: { message: 'x'.repeat(5_000) } })
    expect((await send([event]))[0]).toMatchObject({ vendorCode: 'x'.repeat(1_000) })
  })

  test('Retry-After is honored', async () => {
    answer = () => ({ status: 503, headers: { 'retry-after': '7' } })
    expect((await send([event]))[0]).toMatchObject({ kind: 'retry', afterMs: 7_000 })
  })

  test.each([false, true])(
    'a redirect is not followed and blocks the connection (batch: %p)',
    async (batch) => {
      answer = () => ({ status: 302, headers: { location: `${server.url}/elsewhere` } })
      expect((await send([event], { batch }))[0]).toMatchObject({
        kind: 'blocked',
        code: 'REDIRECTED',
        status: 302,
      })
      expect(server.requestCount).toBe(1)
    },
  )

  test.each([false, true])('a time-out leaves open whether it arrived (batch: %p)', async (batch) => {
    server.fault({ stall: 'headers' })
    const [outcome] = await send([event], { batch, settings: { ...settings(), timeoutMs: 100 } })
    expect(outcome).toMatchObject({ kind: 'unknown', owner: 'network' })
  })

  test.each([false, true])('a refused connection is certainly not sent (batch: %p)', async (batch) => {
    const dead = await startEmulator({ handle: () => ({ status: 200 }) })
    await dead.close()
    const [outcome] = await send([event], { batch, settings: { ...settings(), endpoint: dead.url } })
    expect(outcome).toMatchObject({ kind: 'retry', owner: 'network' })
  })

  test.each([false, true])(
    'an address without TLS blocks the connection unsent (batch: %p)',
    async (batch) => {
      const [outcome] = await send([event], {
        batch,
        settings: { ...settings(), endpoint: 'http://partner.example/segment' },
      })
      expect(outcome).toMatchObject({ kind: 'blocked', code: 'INVALID_ENDPOINT', owner: 'configuration' })
    },
  )

  test.each([false, true])('a blank key blocks the connection unsent (batch: %p)', async (batch) => {
    const [outcome] = await send([event], { batch, settings: { ...settings(), apiKey: ' ' } })
    expect(outcome).toMatchObject({ kind: 'blocked', code: 'INVALID_AUTHENTICATION' })
    expect(server.requestCount).toBe(0)
  })
})

describe('a batch', () => {
  const events = Array.from({ length: 40 }, (_, index) => ({
    type: 'track',
    messageId: `m${index}`,
    userId: `u${index % 20}`,
    event: String(index),
  }))

  test('is one request per message, with an outcome per item', async () => {
    answer = (request) => ({ status: Number(bodyOf(request).event) % 3 === 0 ? 400 : 200 })
    const outcomes = await send(events, { batch: true })
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(
      events.map((_, index) => (index % 3 === 0 ? 'rejected' : 'delivered')),
    )
    expect(server.requests.map((request) => bodyOf(request).messageId).sort()).toEqual(
      events.map((entry) => entry.messageId).sort(),
    )
  })

  test('has ten requests on their way at a time, never more', async () => {
    let open = 0
    let most = 0
    let release: () => void = () => undefined
    const tenAreOpen = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = await startEmulator({
      handle: async () => {
        open += 1
        most = Math.max(most, open)
        // An eleventh that is on its way has arrived when a call that began later is answered.
        if (open === 10) fetch(`${slow.url}/__emulator/requests`).then(release)
        await tenAreOpen
        open -= 1
        return { status: 200 }
      },
    })
    await send(events, { batch: true, settings: { ...settings(), endpoint: slow.url } })
    expect(most).toBe(10)
    await slow.close()
  })

  test('keeps the order of each person', async () => {
    await send(events, { batch: true })
    for (let user = 0; user < 20; user++) {
      const seen = server.requests.map(bodyOf).filter((entry) => entry.userId === `u${user}`)
      expect(seen.map((entry) => entry.event)).toEqual([String(user), String(user + 20)])
    }
  })

  test('on the reference sends the same and reports each item', async () => {
    answer = (request) => ({ status: Number(bodyOf(request).event) % 3 === 0 ? 501 : 202 })
    const reference = new Destination(partner)
    const results = await reference.onBatch(
      events as never,
      {
        ...settings(),
        subscriptions: [
          {
            partnerAction: 'forward',
            subscribe: 'type != "delete"',
            mapping: { message: { '@path': '$.' }, enable_batching: true },
          },
        ],
      } as never,
    )
    const items = (results[0] as unknown as { multistatus: { status: number }[] }).multistatus
    expect(items.map((item) => item.status)).toEqual(events.map((_, index) => (index % 3 === 0 ? 501 : 202)))
    const sent = () =>
      server.requests
        .map((request) => ({ headers: ofTheContract(request), body: bodyOf(request) }))
        .sort((a, b) => String(a.body.messageId).localeCompare(String(b.body.messageId)))
    const byReference = sent()
    server.clear()
    await send(events, { batch: true })
    expect(sent()).toEqual(byReference)
    expect(byReference).toHaveLength(events.length)
  })
})

describe('on the reference', () => {
  const subscription = {
    partnerAction: 'forward',
    subscribe: 'type != "delete"',
    mapping: { message: { '@path': '$.' }, enable_batching: true },
  }
  const withSettings = (more: object = {}) =>
    ({ ...settings(), ...more, subscriptions: [subscription] }) as never
  const thrownFor = async (more: object = {}) => {
    const attempt = new Destination(partner).onEvent(event as never, withSettings(more))
    const error = await attempt.then(
      () => undefined,
      (reason: Error & { code?: string; status?: number }) => reason,
    )
    return error && { name: error.name, code: error.code, status: error.status, message: error.message }
  }
  const itemsFor = async () => {
    const results = await new Destination(partner).onBatch([event] as never, withSettings())
    return (results[0] as unknown as { multistatus: Record<string, unknown>[] }).multistatus
  }

  test.each([
    [400, 'IntegrationError', 'BAD_REQUEST'],
    [401, 'InvalidAuthenticationError', 'INVALID_AUTHENTICATION'],
    [403, 'IntegrationError', 'FORBIDDEN'],
    [404, 'IntegrationError', 'HTTP_404'],
    [408, 'RetryableError', 'RETRYABLE_ERROR'],
    [413, 'IntegrationError', 'PAYLOAD_REJECTED'],
    [423, 'RetryableError', 'RETRYABLE_ERROR'],
    [429, 'RetryableError', 'RETRYABLE_ERROR'],
    [500, 'RetryableError', 'RETRYABLE_ERROR'],
    [501, 'IntegrationError', 'EVENT_NOT_SUPPORTED'],
    [503, 'RetryableError', 'RETRYABLE_ERROR'],
  ])('%d is thrown as %s %s, with the text of the partner', async (status, name, code) => {
    answer = () => ({ status, body: { message: 'The text.', trace: 'internal' } })
    const thrown = await thrownFor()
    expect(thrown).toMatchObject({ name, code, status })
    expect(thrown?.message).toMatch(/partner.*: The text\.$/)
    expect(thrown?.message).not.toContain('internal')
    const [item] = await itemsFor()
    expect(item).toMatchObject({ status, errormessage: thrown?.message })
  })

  test('a redirect is a final refusal', async () => {
    answer = () => ({ status: 307, headers: { location: `${server.url}/elsewhere` } })
    expect(await thrownFor()).toMatchObject({ name: 'IntegrationError', code: 'REDIRECTED', status: 400 })
    expect(server.requestCount).toBe(1)
  })

  test('what got no answer can be tried again', async () => {
    server.fault({ stall: 'headers' })
    expect(await thrownFor({ timeoutMs: 100 })).toMatchObject({ name: 'RetryableError', status: 504 })
    server.fault({ reset: 'after' })
    expect(await thrownFor()).toMatchObject({ name: 'RetryableError', status: 500 })
  })

  test('an unusable address and a blank key are final, and nothing is sent', async () => {
    expect(await thrownFor({ endpoint: 'http://partner.example/' })).toMatchObject({
      code: 'INVALID_ENDPOINT',
    })
    expect(await thrownFor({ apiKey: ' ' })).toMatchObject({
      name: 'InvalidAuthenticationError',
      status: 401,
    })
    expect(server.requestCount).toBe(0)
  })

  test('an item of a batch keeps how long the partner asks to wait', async () => {
    answer = () => ({ status: 503, headers: { 'retry-after': '7' } })
    expect(await itemsFor()).toMatchObject([{ status: 503, headers: { 'retry-after': '7' } }])
  })
})

describe('a deletion', () => {
  const erase = (userId: string | undefined) =>
    new Destination(partner).onDelete?.({ type: 'delete', userId } as never, settings() as never)

  test('is posted as a message of type delete with the same headers', async () => {
    await erase('user-1')
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', path: '/segment' })
    expect(request?.headers).toMatchObject({
      authorization: 'Basic c2VnbWVudDo=',
      'user-agent': 'Segment.io/1.0',
    })
    expect(bodyOf(request as EmulatorRequest)).toMatchObject({
      type: 'delete',
      userId: 'user-1',
      messageId: expect.stringMatching(/^delete-[0-9a-f-]{36}$/),
    })
  })

  test('without a user id is refused and not sent', async () => {
    await expect(erase(undefined)).rejects.toMatchObject({ name: 'PayloadValidationError' })
    expect(server.requestCount).toBe(0)
  })
})
