import { getEventListeners } from 'node:events'
import {
  createRuntime,
  defineAction,
  defineDestination,
  defineSettings,
  path,
  type RuntimeOptions,
} from 'waybill'
import { createSampleEvents } from 'waybill/testing'

const settings = defineSettings({})
const payloads: unknown[] = []
const track = defineAction({
  settings,
  title: 'Track',
  description: '',
  fields: {
    name: { label: 'Name', description: '', type: 'string', required: true, default: path('$.event') },
    revenue: { label: 'Revenue', description: '', type: 'number', default: path('$.properties.revenue') },
    traits: { label: 'Traits', description: '', type: 'object', default: path('$.context') },
  },
  perform: (_request, { payload }) => {
    payloads.push(payload)
  },
})
const destination = defineDestination({
  name: 'Test',
  slug: 'test',
  settings,
  authentication: { scheme: 'custom' },
  actions: { track },
  presets: [{ name: 'Track', type: 'automatic', partnerAction: 'track', subscribe: 'type = "track"' }],
})
const runtimeOf = (options: Partial<RuntimeOptions> = {}) =>
  createRuntime({ connections: [{ destination, settings: {}, subscriptions: 'presets' }], ...options })

const samples = createSampleEvents()
/** Enough for a subscription to count as busy; every seventh is invalid, every fifth is not wanted. */
const events = Array.from({ length: 200 }, (_, index) => {
  if (index % 5 === 0) return samples.page()
  return samples.track('Order Completed', index % 7 === 0 ? { event: '' } : {})
})

beforeEach(() => {
  payloads.length = 0
})
afterEach(() => jest.restoreAllMocks())

test('a busy subscription runs generated code, unless that is turned off; outcomes and payloads are the same', async () => {
  const deliver = async (options: Partial<RuntimeOptions>) => {
    payloads.length = 0
    const generate = jest.spyOn(globalThis, 'Function')
    const outcomes = await runtimeOf({
      clock: { now: () => 1, after: () => () => undefined },
      ...options,
    }).send(events)
    const generated = generate.mock.calls.length
    generate.mockRestore()
    return { outcomes, generated, payloads: structuredClone(payloads) }
  }
  const usual = await deliver({})
  const closures = await deliver({ codeGeneration: false })
  expect(usual.generated).toBeGreaterThan(0)
  expect(closures.generated).toBe(0)
  expect(new Set(usual.outcomes.map(({ kind }) => kind))).toEqual(
    new Set(['delivered', 'invalid', 'skipped']),
  )
  expect(closures.outcomes).toEqual(usual.outcomes)
  expect(closures.payloads).toEqual(usual.payloads)
})

test('totals are the same whether or not anyone listens to outcomes', async () => {
  const heard: string[] = []
  const silent = await runtimeOf().stream([events])
  const loud = await runtimeOf().stream([events], { onOutcome: ({ kind }) => heard.push(kind) })
  const listening = await runtimeOf({ on: { outcome: ({ kind }) => heard.push(kind) } }).stream([events])
  expect(loud).toEqual(silent)
  expect(listening).toEqual(silent)
  expect(silent.connections.test?.Track).toMatchObject({ delivered: 137, invalid: 23, skipped: 40 })
  expect(heard).toHaveLength(2 * 160)
})

test('a signal that serves many calls remembers none of them', async () => {
  const { signal } = new AbortController()
  const runtime = runtimeOf()
  for (const event of events.slice(0, 5)) await runtime.send([event], { signal })
  await runtime.stream([events], { signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test.each([
  ['alone', false, { name: 'x' }],
  ['in a batch', {}, { name: 'x', note: '' }],
] as const)(
  'in compatibility mode an empty text of an event sent %s is what the reference makes of it',
  async (_name, batch, expected) => {
    const seen: unknown[] = []
    const text = { label: 'Text', description: '', type: 'string' } as const
    const action = defineAction({
      settings,
      title: 'Note',
      description: '',
      fields: { name: { ...text, default: path('$.event') }, note: { ...text, default: path('$.note') } },
      perform: (_request, { payload }) => void seen.push(payload),
      performBatch: (_request, { payload }) => void seen.push(...payload),
    })
    const runtime = createRuntime({
      compatibility: true,
      connections: [
        {
          destination: { ...destination, actions: { track: action } },
          settings: {},
          subscriptions: [{ action: 'track', filter: 'type = "track"', batch }],
        },
      ],
    })
    await runtime.send([{ type: 'track', event: 'x', note: '' }])
    expect(seen).toEqual([expected])
  },
)
