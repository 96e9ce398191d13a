import { type Core, copy, expectEqual, ours, outcomeOf, theirs } from '../support/both-cores'
import { type Answer, startRecorder } from '../support/both-runtimes'
import { everyFeature } from '../support/every-feature'

/** The methods, those that types of the reference hide included. */
type Open = Record<string, (...parameters: unknown[]) => Promise<unknown>> & {
  actions: Record<
    string,
    { executeHook(hook: string, data: unknown): Promise<unknown>; hasHookSupport: boolean }
  >
  responses: { status: number; options: { json?: unknown } }[]
  results: unknown
}
type Scenario = (destination: Open, url: string, told: unknown[]) => Promise<unknown>

/** The vendor: an expired token is refused, ids decide what becomes of the items of a batch. */
const answer = (path: string, body: unknown, headers: Readonly<Record<string, string>>): Answer => {
  const found =
    headers.authorization === 'Bearer old' ? { status: 401, body: { error: 'expired' } } : undefined
  if (path === '/token') return { status: 200, body: { access_token: 'new', refresh_token: 'next' } }
  if (found) return found
  if (path === '/lists' && body === undefined) return { status: 200, body: { lists: ['a', 'b'], next: '2' } }
  if (path === '/batch') {
    const results = (body as { ids: string[] }).ids.map((id) =>
      id === 'bad' ? { status: 422, message: 'bad id' } : { status: 200 },
    )
    return { status: 207, body: { results } }
  }
  if (path === '/upsert' && JSON.stringify(body).includes('"quiet"')) return { status: 503, body: { no: 1 } }
  if (path === '/me' && headers['x-region'] === 'us') return { status: 403, body: { error: 'no' } }
  return { status: 200, body: { id: 'made', jobId: 'j1', done: true } }
}

const settings = (url: string, more: object = {}) => ({ url, apiKey: 'secret', region: 'eu', ...more })
const tokens = { access_token: 'old', refresh_token: 'spare', clientId: 'c', clientSecret: 's' }
const identify = (userId: string, more: object = {}) => ({
  type: 'identify',
  userId,
  messageId: `m-${userId}`,
  timestamp: '2026-01-15T12:00:00.000Z',
  traits: {
    email: 'a@example.com',
    attributes: { city: 'Oslo', empty: null },
    products: [{ product_id: 1, price: '2.5' }, { product_id: 's2' }],
    big: true,
  },
  context: {
    personas: {
      computation_class: 'audience',
      computation_key: 'big',
      audience_settings: { advertiserId: 'adv' },
    },
  },
  ...more,
})
const mapping = {
  id: { '@path': '$.userId' },
  email: { '@path': '$.traits.email' },
  listId: 'l1',
  attributes: { '@path': '$.traits.attributes' },
  products: {
    '@arrayPath': ['$.traits.products', { sku: { '@path': '$.product_id' }, price: { '@path': '$.price' } }],
  },
  sentAt: { '@path': '$.timestamp' },
  __segment_internal_sync_mode: 'mirror',
  __segment_internal_matching_key: 'email',
  onMappingSave: { inputs: { name: 'n' }, outputs: { id: 'made' } },
}
const subscription = {
  subscribe: 'type = "identify"',
  partnerAction: 'upsert',
  mapping,
  ID: '1',
  ConfigID: '2',
  ActionID: '3',
  ProjectID: '4',
}
const onBoth = [subscription, { subscribe: 'type = "track"', partnerAction: 'track', mapping: { name: 'n' } }]
const options = (told: unknown[]) => ({
  features: { flag: true },
  logger: { info: () => undefined },
  statsContext: {
    statsClient: { incr: (...given: unknown[]) => told.push(copy(given)), histogram: () => undefined },
    tags: ['tag'],
  },
  stateContext: { getRequestContext: () => 'state' },
  transactionContext: { transaction: { id: 't' }, setTransaction: () => undefined },
  engageDestinationCache: { getByKey: async () => null },
  onTokenRefresh: async (refreshed: unknown) => void told.push(['refreshed', copy(refreshed)]),
  synchronizeRefreshAccessToken: async () => void told.push(['locked']),
})

const scenarios: Record<string, Scenario> = {
  'tests credentials': (destination, url) => destination.testAuthentication?.(settings(url)) as never,
  'refuses credentials': (destination, url) =>
    destination.testAuthentication?.(settings(url, { region: 'us' })) as never,
  'refuses settings': (destination, url) =>
    destination.testAuthentication?.({ url, region: 'mars' }) as never,
  'sends an event with all contexts': (destination, url, told) =>
    destination.onEvent?.(
      identify('u1'),
      { ...settings(url), subscriptions: onBoth },
      options(told),
    ) as never,
  'sends a batch, item by item': (destination, url, told) =>
    destination.onBatch?.(
      [identify('u1'), identify('bad'), { type: 'track' }, identify(''), identify('u4')],
      { ...settings(url), subscriptions: onBoth.slice(0, 1) },
      options(told),
    ) as never,
  'takes an answer for the whole batch': (destination, url) =>
    destination.onBatch?.([identify('whole'), identify('u2')], {
      ...settings(url),
      subscription,
    }) as never,
  'renews an expired token': (destination, url, told) => {
    const stored = { ...settings(url), oauth: copy(tokens), subscriptions: onBoth.slice(0, 1) }
    return destination
      .onEvent?.(identify('expired'), stored, options(told))
      .then((results) => [results, stored.oauth]) as never
  },
  'renews an expired token of a batch': (destination, url, told) => {
    const stored = { ...settings(url), oauth: copy(tokens), subscriptions: onBoth.slice(0, 1) }
    return destination.onBatch?.([identify('expired')], stored, options(told)) as never
  },
  'refuses a payload': (destination, url) =>
    destination.onEvent?.(identify('refuse'), { ...settings(url), subscription }) as never,
  'asks to be called later': (destination, url) =>
    destination.onEvent?.(identify('later'), { ...settings(url), subscription }) as never,
  'deletes a person': (destination, url) =>
    destination.onDelete?.({ type: 'delete', userId: 'u', anonymousId: 'a' }, settings(url)) as never,
  'creates an audience': (destination, url) =>
    destination.createAudience?.({
      settings: settings(url, { oauth: copy(tokens) }),
      audienceName: 'Big',
      audienceSettings: { advertiserId: 5 },
    }) as never,
  'refuses the settings of an audience': (destination, url) =>
    destination.createAudience?.({
      settings: settings(url),
      audienceName: 'Big',
      audienceSettings: { other: 5 },
    }) as never,
  'finds an audience': (destination, url) =>
    destination.getAudience?.({
      settings: settings(url, { oauth: copy(tokens) }),
      externalId: 'x1',
    }) as never,
  'sends test events': async (destination, url) => {
    const responses = (await destination.testAction?.('upsert', {
      event: identify('u1'),
      mapping: { listId: 'l' },
      useDefaultMappings: true,
      settings: settings(url),
      auth: { accessToken: 'given', refreshToken: '' },
      features: { on: true },
    })) as Open['responses']
    return [responses.map(({ status, options }) => [status, options.json]), destination.results]
  },
  'sends test batches': async (destination, url) => {
    const responses = (await destination.testBatchAction?.('upsert', {
      events: [identify('u1'), identify('bad')],
      mapping,
      settings: settings(url),
    })) as Open['responses']
    return [responses.map(({ status, options }) => [status, options.json]), destination.results]
  },
  'keeps an answer that is no error': async (destination, url) => {
    const result = await destination.onEvent?.(identify('quiet'), { ...settings(url), subscription })
    return [result, destination.responses.map(({ status }) => status)]
  },
  'gives pages of choices': (destination, url) =>
    destination.testDynamicField?.('upsert', 'listId', {
      settings: settings(url),
      payload: {},
      page: '2',
    }) as never,
  'says what hooks it has': async ({ actions }) => [
    actions.upsert?.hasHookSupport,
    actions.track?.hasHookSupport,
  ],
}
for (const field of [
  'attributes.__keys__',
  'attributes.city',
  'products.[3].sku',
  'products.sku',
  'nope',
  'broken',
])
  scenarios[`gives choices of ${field}`] = (destination, url) =>
    destination.executeDynamicField?.('upsert', field, { settings: settings(url), payload: {} }) as never
for (const [name, hook, hookInputs] of [
  ['a hook', 'onMappingSave', { name: 'n', size: '5', other: 1 }],
  ['a hook that refuses', 'onMappingSave', { name: 'taken' }],
  ['a hook with wrong inputs', 'onMappingSave', { size: 'x' }],
  ['a hook without a function', 'retlOnMappingSave', {}],
] as const)
  scenarios[`calls ${name}`] = ({ actions }, url) =>
    actions.upsert?.executeHook(hook, { settings: settings(url), hookInputs, payload: {} }) as never

async function play(core: Core, scheme: 'oauth2' | 'custom', scenario: Scenario) {
  const recorder = await startRecorder(answer)
  const destination = core.createTestIntegration(everyFeature(core, scheme)) as unknown as Open
  const told: unknown[] = []
  try {
    const outcome = await outcomeOf(() => scenario(destination, recorder.url, told))
    const text = JSON.stringify([outcome, told, recorder.requests]).replaceAll(recorder.url, 'https://vendor')
    return JSON.parse(text)
  } finally {
    await recorder.close()
  }
}

/** The version of the reference that we are held to has no asynchronous actions; later ones do. */
const playOurs = (run: Scenario) => play(ours, 'custom', run)

test('submits a batch, and asks how it stands', async () => {
  const input = (url: string) => ({ settings: settings(url), mapping: { id: { '@path': '$.userId' } } })
  const events = [identify('u1'), identify('', { userId: null }), identify('u3')]
  const [submitted, , requests] = await playOurs(
    (destination, url) => destination.testAsyncBatchAction?.('bulk', { ...input(url), events }) as never,
  )
  expect(submitted.value).toMatchObject({ jobId: 'j1', status: 202 })
  expect(submitted.value.multiStatusResponse.responses.map(({ data }: { data: object }) => data)).toEqual([
    { status: 202, sent: { id: 'u1' }, body: 'queued' },
    expect.objectContaining({ status: 400, errortype: 'PAYLOAD_VALIDATION_FAILED' }),
    { status: 202, sent: { id: 'u3' }, body: 'queued' },
  ])
  expect(requests[0]).toMatchObject({ path: '/jobs', body: [{ id: 'u1' }, { id: 'u3' }] })

  const pollPayload = { jobId: 'j1', uploadCount: 2 }
  const [polled] = await playOurs(
    (destination, url) => destination.testAsyncPollAction?.('bulk', { ...input(url), pollPayload }) as never,
  )
  expect(polled.value).toEqual({ jobId: 'j1', status: 200, jobStatus: 'SUCCEEDED' })
  const [unknown] = await playOurs(
    (destination, url) => destination.executeAsyncPoll?.('nope', { ...input(url), pollPayload }) as never,
  )
  expect(unknown.thrown).toMatchObject({
    name: 'IntegrationError',
    message: 'Async action nope not found or does not support polling.',
    code: 'NotImplemented',
    status: 501,
  })
})

test('an unknown action has no choices, said as later versions of the reference say it', async () => {
  const [choices] = await playOurs(
    (destination, url) =>
      destination.executeDynamicField?.('nope', 'listId', { settings: settings(url), payload: {} }) as never,
  )
  expect(choices.value).toEqual({ choices: [] })
})

describe.each(['oauth2', 'custom'] as const)('with %s', (scheme) => {
  test.each(Object.entries(scenarios))('%s as the reference does', async (_name, scenario) => {
    const expected = await play(theirs, scheme, scenario)
    expectEqual(await play(ours, scheme, scenario), expected)
  })
})
