import { type ActionContext, type Connection, createRuntime, type SegmentEvent } from 'waybill'
import { kindsOf, send, track } from './vendor'

type Input = Record<string, unknown>
let received: Input[]
beforeEach(() => {
  received = []
})

const text = (more: object = {}) => ({ label: 'Text', description: '', type: 'string', ...more })
const fields = {
  name: text({ default: { '@path': '$.event' } }),
  region: text({ default: { '@path': '$.properties.region' } }),
  enable_batching: { label: '', description: '', type: 'boolean', default: true },
  batch_size: { label: '', description: '', type: 'number' },
  batch_bytes: { label: '', description: '', type: 'number' },
  batch_keys: text({ multiple: true }),
}
const perform = (_request: unknown, input: Input) => {
  received.push(input)
}
const performBatch = async (_request: unknown, input: Input) => {
  received.push(input)
  const { MultiStatusResponse } = await import('waybill')
  const result = new MultiStatusResponse()
  for (const _ of input.payload as unknown[]) result.pushSuccessResponse({ status: 200, sent: {}, body: {} })
  return result
}
const syncMode = { default: 'add', label: '', description: '', choices: [] }
const single = { title: 'Single', description: '', fields, perform, syncMode }
const hooks = { onMappingSave: { label: '', description: '', performHook: () => ({}) } }
const destination = {
  name: 'Inputs with spaces, and ümlauts',
  slug: 'inputs',
  mode: 'cloud',
  actions: {
    single: { ...single, hooks },
    batch: { ...single, title: 'Single', performBatch },
    plain: { title: 'Plain', description: '', fields, perform },
  },
} as unknown as Connection['destination']

const connection = (
  action: string,
  mapping: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Connection => ({
  destination,
  settings: { own: 1, oauth: { access_token: 'at', refresh_token: 'rt' } },
  subscriptions: [{ action, filter: 'type = "track" or type = "identify"', mapping, ...more }],
})
const name = { '@path': '$.event' }

const context = {
  features: { flag: true },
  statsContext: { tags: ['a'], statsClient: {} },
  logger: { info: () => undefined },
  engageDestinationCache: { getByKey: () => null },
  transactionContext: { transaction: {} },
  stateContext: { getRequestContext: () => undefined },
} as unknown as ActionContext
const personas = { computation_key: 'vip', computation_class: 'audience', audience_settings: { list: 7 } }
const engage = (member: unknown, more: object = {}): SegmentEvent => ({
  type: 'identify',
  messageId: `e-${String(member)}`,
  userId: 'u',
  traits: { vip: member },
  context: { personas: { ...personas, ...more } },
})

test('perform gets everything that the framework promises, the contexts as they were handed over', async () => {
  const mapping = {
    name: 'given',
    __segment_internal_sync_mode: 'mirror',
    __segment_internal_matching_key: 5,
    onMappingSave: { inputs: {}, outputs: { id: 'x' } },
  }
  const ids = { ID: 'sub', ConfigID: 'dest', ActionID: 'act', ProjectID: 'src' }
  const runtime = createRuntime({ connections: [connection('single', mapping, ids)], context })
  const event = engage(true)
  expect(kindsOf(await runtime.send([event]))).toEqual(['delivered'])
  await runtime.close()
  const [input] = received as [Input]
  const { notes, signal, ...rest } = input
  expect(rest).toEqual({
    rawData: event,
    rawMapping: mapping,
    payload: { name: 'given' },
    settings: { own: 1 },
    auth: { accessToken: 'at', refreshToken: 'rt', refreshTokenUrl: undefined },
    ...context,
    personasContext: personas,
    audienceSettings: { list: 7 },
    audienceMembership: true,
    hookOutputs: { onMappingSave: mapping.onMappingSave },
    syncMode: 'mirror',
    matchingKey: '5',
    subscriptionMetadata: {
      actionConfigId: 'sub',
      destinationConfigId: 'dest',
      actionId: 'act',
      sourceId: 'src',
    },
    idempotencyKey: 'e-true',
  })
  for (const [key, value] of Object.entries(context)) expect(input[key]).toBe(value)
  expect(notes).toBeDefined()
  expect(signal).toBeInstanceOf(AbortSignal)
})

test.each([
  ['an action that does not declare it', 'plain', 'add'],
  ['a mode that does not exist', 'single', 'ad'],
])('there is no sync mode for %s', async (_what, action, mode) => {
  await send({ connections: [connection(action, { name, __segment_internal_sync_mode: mode })] }, [
    track('a'),
  ])
  expect(received[0]?.syncMode).toBeUndefined()
})

describe('audience membership', () => {
  test('is that of Engage, of Reverse ETL by the sync mode, or left out', async () => {
    const mapping = { name, __segment_internal_sync_mode: 'mirror' }
    await send({ connections: [connection('single', mapping)] }, [
      engage(false),
      engage('yes'),
      track('new'),
      track('deleted'),
      track('anything'),
    ])
    expect(
      received.map((input) => ('audienceMembership' in input ? input.audienceMembership : 'absent')),
    ).toEqual([false, 'absent', true, false, 'absent'])
  })

  test('in a batch it is a list beside the payloads', async () => {
    const mapping = { name, enable_batching: true, __segment_internal_sync_mode: 'upsert' }
    await send({ connections: [connection('batch', mapping)] }, [
      track('new'),
      track('other'),
      track('updated'),
    ])
    expect(received[0]?.audienceMembership).toEqual([true, undefined, true])
  })
})

describe('batches', () => {
  const batchesOf = async (mapping: object, events: SegmentEvent[]) => {
    const outcomes = await send({ connections: [connection('batch', { name, ...mapping })] }, events)
    expect(new Set(kindsOf(outcomes))).toEqual(new Set(['delivered']))
    return received.map(({ payload }) =>
      Array.isArray(payload) ? payload.map((item: { name: string }) => item.name) : (payload as Input).name,
    )
  }
  const letters = ['a', 'b', 'c', 'd', 'e']
  const events = letters.map((letter, index) =>
    track(letter, { properties: { region: index % 2 ? 'eu' : 'us' } }),
  )

  test('enable_batching decides where the action declares it', async () => {
    expect(await batchesOf({ enable_batching: false }, events)).toEqual(letters)
    received = []
    expect(await batchesOf({}, events)).toEqual(letters)
    received = []
    expect(await batchesOf({ enable_batching: true }, events)).toEqual([letters])
  })

  test('batch_size bounds them by number', async () => {
    expect(await batchesOf({ enable_batching: true, batch_size: 2 }, events)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ])
  })

  test('batch_bytes bounds them by the JSON of their payloads', async () => {
    const long = 'x'.repeat(100)
    const mapping = { enable_batching: true, region: long, batch_bytes: 400 }
    expect(await batchesOf(mapping, events)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
  })

  test('batch_keys keeps apart what differs in them', async () => {
    const mapping = {
      enable_batching: true,
      region: { '@path': '$.properties.region' },
      batch_keys: ['region'],
    }
    expect(await batchesOf(mapping, events)).toEqual([
      ['a', 'c', 'e'],
      ['b', 'd'],
    ])
  })

  test('events of two audiences never share one', async () => {
    const mapping = { enable_batching: true, name: { '@path': '$.context.personas.computation_key' } }
    expect(
      await batchesOf(mapping, [engage(true), engage(true, { computation_key: 'b' }), engage(true)]),
    ).toEqual([['vip', 'vip'], ['b']])
  })
})
