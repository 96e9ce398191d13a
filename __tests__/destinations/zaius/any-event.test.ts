import fc from 'fast-check'
import { createRuntime, type Runtime, type SegmentEvent } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'
import { createEventStream, createSampleEvents, semanticEventNames } from 'waybill/testing'

let emulator: ZaiusEmulator
let runtime: Runtime
const connect = (settings: Record<string, unknown> = {}): Runtime =>
  createRuntime({
    connections: [
      {
        destination: zaius,
        settings: { apiKey: emulator.publicKey, endpoint: emulator.url, ...settings },
        subscriptions: 'presets',
        limits: { requestsPerSecond: 100_000 },
      },
    ],
  })
beforeEach(async () => {
  emulator = await startZaiusEmulator()
  runtime = connect()
})
afterEach(async () => {
  await runtime.close()
  await emulator.close()
})

/** Every request was accepted, nothing was sent that ODP keeps in no field, and every other event says why not. */
async function expectAcceptedOrInvalid(events: SegmentEvent[], deliveringRuntime = runtime) {
  const outcomes = await deliveringRuntime.send(events)
  expect(emulator.requests.filter(({ status }) => status !== 202)).toEqual([])
  expect(
    emulator.account.sideLog.filter(({ kind }) => kind === 'nested-value' || kind === 'no-customer'),
  ).toEqual([])
  for (const outcome of outcomes) {
    if (outcome.kind === 'invalid') expect(outcome.message).not.toBe('')
    else expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(delivered|skipped)$/) })
  }
  return outcomes
}

test('every event of the Spec is delivered, and those without support skipped', async () => {
  const samples = createSampleEvents()
  const supported = [
    ...Object.values(semanticEventNames).flatMap((names) =>
      (names as string[]).map((name) => samples.track(name)),
    ),
    samples.identify(),
    samples.page(),
    ...(['identify', 'track'] as const).flatMap((call) => [
      samples.audience({ call }),
      samples.audience({ call, entered: false }),
      samples.computedTrait({ call }),
    ]),
  ]
  const outcomes = await expectAcceptedOrInvalid([
    ...supported,
    samples.screen(),
    samples.group(),
    samples.alias(),
  ])
  expect(outcomes.filter(({ kind }) => kind === 'delivered').map(({ index }) => index)).toEqual(
    supported.map((_, index) => index),
  )
})

test('a stream of a whole shop is delivered without one refusal', async () => {
  const outcomes = await expectAcceptedOrInvalid([...createEventStream({ users: 20, count: 1500 })])
  expect(outcomes.filter(({ kind }) => kind === 'invalid')).toEqual([])
  expect(outcomes.filter(({ kind }) => kind === 'delivered').length).toBeGreaterThan(1000)
})

/** What programs put where the Spec wants something else. */
const oddValue = fc.oneof(
  fc.constantFrom(
    null,
    '',
    ' ',
    0,
    -1,
    1e300,
    true,
    'text',
    '12.5',
    [],
    {},
    [null],
    [{}],
    [{ product_id: '' }],
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.constantFrom('Order', 'Product', 'zaius_id', 'é'.repeat(2000)),
)
const propertyNames = [
  'product_id',
  'sku',
  'order_id',
  'total',
  'revenue',
  'value',
  'products',
  'coupon',
  'email',
  'list_id',
  'query',
  'filters',
  'campaign_name',
  'type',
  'order',
  'ts',
  'zaius_id',
  'idempotence_id',
  'active_event',
  '__proto__',
]
const traitNames = [
  'email',
  'phone',
  'firstName',
  'first_name',
  'address',
  'birthday',
  'gender',
  'avatar',
  'company',
  'zaius_id',
  'segment_user_id',
  'vuid',
  'constructor',
  '__proto__',
]
const changes = (names: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...names), oddValue, { maxKeys: 5 })
const eventName = fc.oneof(
  fc.constantFrom(
    ...Object.values(semanticEventNames).flat(),
    'Email Sent',
    'order',
    'Product',
    'PRODUCT',
    '!!!',
    '',
  ),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
)

/** An event of the Spec of which anything may be missing or odd. */
const oddEvent: fc.Arbitrary<SegmentEvent> = fc
  .record({
    type: fc.constantFrom('track', 'track', 'track', 'identify', 'page', 'screen'),
    name: eventName,
    properties: changes(propertyNames),
    traits: changes(traitNames),
    context: fc.option(changes(['traits', 'page', 'campaign', 'ip', 'locale', 'userAgent', 'referrer'])),
    ids: fc.dictionary(fc.constantFrom('userId', 'anonymousId', 'timestamp', 'messageId'), oddValue, {
      maxKeys: 1,
    }),
    without: fc.subarray(
      ['userId', 'anonymousId', 'messageId', 'timestamp', 'context', 'properties', 'traits'],
      { maxLength: 2 },
    ),
    isBare: fc.boolean(),
  })
  .map(({ type, name, properties, traits, context, ids, without, isBare }) => {
    const samples = createSampleEvents()
    const sample: SegmentEvent =
      type === 'track'
        ? samples.track(name)
        : type === 'identify'
          ? samples.identify()
          : type === 'page'
            ? samples.page()
            : samples.screen()
    const event: Record<string, unknown> = {
      ...sample,
      ...ids,
      properties: isBare ? properties : { ...sample.properties, ...properties },
      traits: isBare ? traits : { ...sample.traits, ...traits },
      context: { ...sample.context, ...context },
    }
    for (const member of without) delete event[member]
    return event as SegmentEvent
  })

/** Every choice of the settings that changes what is sent, taken at least once. */
const settingsThatMatter = [
  {},
  {
    identifyByPhone: true,
    customEventNames: 'unchanged',
    spamReportAction: 'spam_report',
    clearWithNull: true,
    truncateText: true,
  },
]

test('whatever is odd about an event: it is accepted, or invalid with a reason', async () => {
  let delivered = 0
  let invalid = 0
  const runtimes = settingsThatMatter.map(connect)
  const anyRuntime = fc.constantFrom(...runtimes)
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddEvent, { minLength: 10, maxLength: 30 }),
      anyRuntime,
      async (events, connected) => {
        for (const { kind } of await expectAcceptedOrInvalid(events, connected)) {
          if (kind === 'delivered') delivered += 1
          if (kind === 'invalid') invalid += 1
        }
      },
    ),
    { numRuns: 40 },
  )
  for (const connected of runtimes) await connected.close()
  expect(delivered).toBeGreaterThan(100)
  expect(invalid).toBeGreaterThan(10)
}, 60_000)
