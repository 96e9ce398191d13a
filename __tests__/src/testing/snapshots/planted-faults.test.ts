import { type AnyDestination, snapshotDestination, testDestination } from 'waybill/testing'
import { recordingFramework } from '../../../support/recording-framework'

type Request = (url: string, options?: object) => Promise<{ status: number; data: Record<string, never> }>
type Payload = { email: string; name?: string; list?: string; amount?: number }
type Input = { payload: Payload; settings: Settings; auth: { accessToken: string } }
type BatchInput = Omit<Input, 'payload'> & { payload: Payload[] }
type Settings = { account: string; webhookKey: string }
type RefreshInput = { auth: { refreshToken: string; clientId: string; clientSecret: string } }

/** What a fault changes. Every value is right by default. */
const sound = {
  host: 'https://api.post.example',
  path: '/v1/people',
  method: 'post',
  accept: 'application/json',
  bearer: ({ accessToken }: { accessToken: string }) => `Bearer ${accessToken}`,
  version: '2026-01',
  emailKey: 'email',
  body: (payload: Payload): object => ({ name: payload.name, list: payload.list }),
  isBulk: (payload: Payload) => (payload.amount ?? 0) > 100,
  bulkPath: '/v1/bulk',
  batchPath: '/v1/people/batch',
  batchItems: (payload: Payload[]): Payload[] => payload,
  batchKey: 'people',
  hook: (key: string) => `/hooks?key=${key}`,
  refreshUrl: 'https://login.post.example/token',
  refreshBody: (auth: RefreshInput['auth']) => ({
    grant_type: 'refresh_token',
    refresh_token: auth.refreshToken,
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
  }),
  basic: ({ clientId, clientSecret }: RefreshInput['auth']) =>
    `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
  test: '/v1/me',
  lists: '/v1/lists?limit=50',
  createList: (name: string) => ({ title: name }),
  audience: (name: string) => ({ audience: name }),
  getAudience: (id: string) => `/v1/audiences/${id}`,
  deletion: (id: string) => `/v1/people/${id}`,
  presetFilter: 'type = "identify" and traits.email != null',
  listDefault: { '@path': '$.traits.list' } as unknown,
}
type Vendor = typeof sound

const text = (label: string, more: object = {}) => ({ label, description: label, type: 'string', ...more })

function post(change: Partial<Vendor> = {}): AnyDestination {
  const vendor = { ...sound, ...change }
  const { host } = vendor
  const bodyOf = (payload: Payload) => ({ [vendor.emailKey]: payload.email, ...vendor.body(payload) })
  const definition = {
    name: 'Post',
    slug: 'post',
    mode: 'cloud',
    authentication: {
      scheme: 'oauth2',
      fields: {
        account: text('Account', { required: true }),
        webhookKey: text('Webhook key', { type: 'password', required: true }),
      },
      testAuthentication: (request: Request) => request(`${host}${vendor.test}`),
      refreshAccessToken: async (request: Request, { auth }: RefreshInput) => {
        const { data } = await request(vendor.refreshUrl, {
          method: 'post',
          headers: { authorization: vendor.basic(auth) },
          body: new URLSearchParams(vendor.refreshBody(auth)),
        })
        return { accessToken: data.access_token }
      },
    },
    extendRequest: ({ auth }: { auth: { accessToken: string } }) => ({
      headers: { authorization: vendor.bearer(auth), 'x-api-version': vendor.version },
    }),
    onDelete: (request: Request, { payload }: { payload: { userId: string } }) =>
      request(`${host}${vendor.deletion(payload.userId)}`, { method: 'delete' }),
    audienceFields: {},
    audienceConfig: {
      mode: { type: 'synced', full_audience_sync: false },
      createAudience: async (request: Request, { audienceName }: { audienceName: string }) => {
        await request(`${host}/v1/audiences`, { method: 'post', json: vendor.audience(audienceName) })
        return { externalId: '1' }
      },
      getAudience: async (request: Request, { externalId }: { externalId: string }) => {
        await request(`${host}${vendor.getAudience(externalId)}`)
        return { externalId }
      },
    },
    presets: [{ name: 'People', type: 'automatic', partnerAction: 'upsert', subscribe: vendor.presetFilter }],
    actions: {
      upsert: {
        title: 'Upsert',
        description: 'Upserts a person.',
        defaultSubscription: 'type = "identify"',
        fields: {
          email: text('Email', { required: true, default: { '@path': '$.traits.email' } }),
          name: text('Name', { default: { '@path': '$.traits.firstName' } }),
          list: text('List', { dynamic: true, default: vendor.listDefault }),
          amount: { label: 'Amount', description: 'Amount', type: 'number', default: 250 },
        },
        dynamicFields: {
          list: async (request: Request) => {
            await request(`${host}${vendor.lists}`)
            return { choices: [] }
          },
        },
        hooks: {
          onMappingSave: {
            label: 'Create a list',
            description: 'Creates a list.',
            inputFields: { title: text('Title', { required: true }) },
            performHook: async (request: Request, { hookInputs }: { hookInputs: { title: string } }) => {
              await request(`${host}/v1/lists`, { method: 'post', json: vendor.createList(hookInputs.title) })
              return { successMessage: 'Created', savedData: {} }
            },
          },
        },
        perform: async (request: Request, { payload, settings }: Input) => {
          if (vendor.isBulk(payload))
            await request(`${host}${vendor.bulkPath}${vendor.hook(settings.webhookKey)}`)
          return request(`${host}${vendor.path}/${settings.account}`, {
            method: vendor.method,
            json: bodyOf(payload),
            headers: { accept: vendor.accept },
          })
        },
        performBatch: (request: Request, { payload }: BatchInput) =>
          request(`${host}${vendor.batchPath}`, {
            method: 'post',
            json: { [vendor.batchKey]: vendor.batchItems(payload).map(bodyOf) },
          }),
      },
    },
  }
  return definition as unknown as AnyDestination
}

/** Faults of credentials fail the conformance suite too. */
const credentialFaults: Record<string, Partial<Vendor>> = {
  'Token in place of Bearer': { bearer: ({ accessToken }) => `Token ${accessToken}` },
  'a constant in place of the token': { bearer: () => 'Bearer abc' },
  'a header without its scheme': { bearer: ({ accessToken }) => accessToken },
  'a token that is quoted': { bearer: ({ accessToken }) => `Bearer "${accessToken}"` },
  'a wrong client secret in the refresh': {
    refreshBody: (auth) => ({ ...sound.refreshBody(auth), client_secret: auth.clientId }),
  },
  'a constant client secret in the refresh': {
    refreshBody: (auth) => ({ ...sound.refreshBody(auth), client_secret: 's3cret' }),
  },
  'Basic credentials in the wrong order': {
    basic: ({ clientId, clientSecret }) =>
      `Basic ${Buffer.from(`${clientSecret}:${clientId}`).toString('base64')}`,
  },
  'Basic credentials that are not encoded': {
    basic: (auth) => `Basic ${auth.clientId}:${auth.clientSecret}`,
  },
  'Basic credentials without a colon': {
    basic: (auth) => `Basic ${Buffer.from(`${auth.clientId}${auth.clientSecret}`).toString('base64')}`,
  },
  'a key in the address under another name': { hook: (key) => `/hooks?apikey=${key}` },
  'a key that is left out of the address': { hook: () => '/hooks' },
}

const otherFaults: Record<string, Partial<Vendor>> = {
  'another host': { host: 'https://api.pots.example' },
  'another path': { path: '/v2/people' },
  'another method': { method: 'put' },
  'another header of one request': { accept: 'text/plain' },
  'a header with another value': { version: '2025-01' },
  'a key that is misspelt': { emailKey: 'e-mail' },
  'a property that is left out': { body: ({ name }) => ({ name }) },
  'a property too many': { body: (payload) => ({ ...sound.body(payload), source: 'segment' }) },
  'a number sent as a string': {
    body: (payload) => ({ ...sound.body(payload), amount: String(payload.amount) }),
  },
  'a condition that is turned around': { isBulk: (payload) => !sound.isBulk(payload) },
  'a condition off by a factor': { isBulk: ({ amount = 0 }) => amount > 1_000 },
  'a batch to another path': { batchPath: '/v1/people' },
  'a batch that loses its last item': { batchItems: (payload) => payload.slice(0, -1) },
  'a batch in another order': { batchItems: (payload) => payload.toReversed() },
  'a batch that sends its first item twice': {
    batchItems: (payload) => payload.map(() => payload[0] as Payload),
  },
  'a batch under another key': { batchKey: 'persons' },
  'a test of the credentials at another place': { test: '/v1/health' },
  'a refresh at another place': { refreshUrl: 'https://login.post.example/tokens' },
  'another grant in the refresh': {
    refreshBody: (auth) => ({ ...sound.refreshBody(auth), grant_type: 'client_credentials' }),
  },
  'choices of another size': { lists: '/v1/lists?limit=5' },
  'a hook with another body': { createList: (name) => ({ name }) as never },
  'an audience with another body': { audience: (name) => ({ name }) as never },
  'an audience asked for at another place': { getAudience: (id) => `/v1/audience/${id}` },
  'a deletion of somebody else': { deletion: (id) => `/v1/people/${id.slice(1)}` },
  'a preset for other events': { presetFilter: 'type = "identify" or type = "page"' },
  'a default that reads another path': { listDefault: { '@path': '$.traits.email' } },
}

async function recorded(
  suite: typeof snapshotDestination | typeof testDestination,
  definition: AnyDestination,
) {
  const framework = recordingFramework()
  suite(definition, { framework })
  await framework.run()
  return {
    snapshots: framework.snapshots,
    failures: framework.failures,
    names: framework.tests.map(({ name }) => name),
  }
}

describe('the generated tests of a destination', () => {
  test('pass while nothing is wrong, and are the same every time', async () => {
    const first = await recorded(snapshotDestination, post())
    expect(first.failures).toEqual({})
    expect(await recorded(snapshotDestination, post())).toEqual(first)
    expect(first.names).toEqual(
      expect.arrayContaining([
        'Post › connection › test of the credentials',
        'Post › connection › token refresh',
        'Post › connection › deletion of a person',
        'Post › audience › create',
        'Post › audience › get',
        'Post › upsert › dynamic field list',
        'Post › upsert › hook onMappingSave',
      ]),
    )
    expect((await recorded(testDestination, post())).failures).toEqual({
      // It is meant to be found there: the address carries the key.
      'Post › puts no secret into the address of a request': expect.stringContaining('/v1/bulk/hooks?key='),
    })
  })

  test('show credentials by their shape, and never a value', async () => {
    const { snapshots } = await recorded(snapshotDestination, post())
    const all = snapshots.join('\n')
    for (const shape of [
      'authorization: Bearer {accessToken}',
      'authorization: Bearer {renewed accessToken}',
      'authorization: Basic {clientId}:{clientSecret}',
      'refresh_token={refreshToken}&client_id={clientId}&client_secret={clientSecret}',
      '/v1/bulk/hooks?key={webhookKey}',
    ])
      expect(all).toContain(shape)
    expect(all).not.toMatch(/[0-9a-f]{32}/)
  })

  test.each(Object.entries({ ...credentialFaults, ...otherFaults }))('notice %s', async (_, change) => {
    const before = await recorded(snapshotDestination, post())
    const after = await recorded(snapshotDestination, post(change))
    expect({ snapshots: after.snapshots, names: after.names, failures: after.failures }).not.toEqual(before)
  })

  test.each(Object.entries(credentialFaults))('notice in the conformance suite %s', async (_, change) => {
    expect(await recorded(testDestination, post(change))).not.toEqual(await recorded(testDestination, post()))
  })

  test('keep every snapshot where a preset is put before the others', async () => {
    const preset = { name: 'People', type: 'automatic', partnerAction: 'upsert', subscribe: 'type = "page"' }
    const before = await recorded(snapshotDestination, post())
    const definition = post()
    const after = await recorded(snapshotDestination, {
      ...definition,
      presets: [preset, ...(definition.presets ?? [])],
    } as AnyDestination)
    for (const [place, name] of before.names.entries())
      expect(after.snapshots[after.names.indexOf(name)]).toBe(before.snapshots[place])
    expect(after.names).toHaveLength(before.names.length + 1)
  })
})
