import { type Connection, createRuntime } from 'waybill'
import { kindsOf, send, track, useVendor } from './vendor'

const vendor = useVendor()
type Destination = Connection['destination']
type Authentication = NonNullable<Destination['authentication']>

const perform = (request: (url: string, options: object) => unknown, { payload, settings }: never) => {
  const { name } = payload as { name: string }
  const { url } = settings as { url: string }
  return request(`${url}/events`, { method: 'post', json: { name } })
}
const fields = {
  url: { label: 'URL', description: '', type: 'string' as const, required: true },
  user: { label: 'User', description: '', type: 'string' as const },
  apiSecret: { label: 'Secret', description: '', type: 'string' as const },
}
const nameField = { label: 'Name', description: '', type: 'string' as const, default: { '@path': '$.event' } }

const destinationWith = (
  authentication: object,
  extendRequest?: (input: never) => object,
  more: object = {},
): Destination =>
  ({
    name: 'Authenticated',
    slug: 'authenticated',
    mode: 'cloud',
    authentication: { fields, ...authentication } as unknown as Authentication,
    ...(extendRequest && { extendRequest }),
    actions: { track: { title: 'Track', description: '', fields: { name: nameField }, perform } },
    ...more,
  }) as unknown as Destination

const connectionTo = (destination: Destination, settings: object = {}): Connection => ({
  destination,
  settings: { url: vendor.emulator.url, ...settings },
  subscriptions: [{ action: 'track', filter: 'type = "track"', batch: {} }],
})
const authorizations = () => vendor.emulator.requests.map(({ headers }) => headers.authorization)

const bearer = ({ auth }: { auth?: { accessToken?: string } }) => ({
  headers: { authorization: `Bearer ${auth?.accessToken}` },
})

test('custom: extendRequest gets the settings and the payload', async () => {
  const destination = destinationWith({ scheme: 'custom' }, (({
    settings,
    payload,
  }: {
    settings: { apiSecret: string }
    payload: { name: string }
  }) => ({ headers: { 'x-key': settings.apiSecret, 'x-name': payload.name } })) as never)
  await send({ connections: [connectionTo(destination, { apiSecret: 's3cret' })] }, [track('a')])
  expect(vendor.emulator.requests[0]?.headers).toMatchObject({ 'x-key': 's3cret', 'x-name': 'a' })
})

test('basic: user and password become one header in UTF-8', async () => {
  const destination = destinationWith({ scheme: 'basic' }, (({
    settings,
  }: {
    settings: { user: string; apiSecret: string }
  }) => ({ username: settings.user, password: settings.apiSecret })) as never)
  await send({ connections: [connectionTo(destination, { user: 'ü', apiSecret: 'p:w' })] }, [track('a')])
  expect(authorizations()).toEqual([`Basic ${Buffer.from('ü:p:w').toString('base64')}`])
})

/** A vendor that takes only the newest token, and gives a new one for each refresh. */
function tokenVendor() {
  const state = { token: 'old', refreshes: 0, refreshBodies: [] as unknown[] }
  vendor.answer = ({ path, headers, body }) => {
    if (path === '/token') {
      state.refreshes += 1
      state.token = `new-${state.refreshes}`
      state.refreshBodies.push(JSON.parse(body.toString()))
      return { status: 200, body: { access_token: state.token, refresh_token: `refresh-${state.refreshes}` } }
    }
    return { status: headers.authorization === `Bearer ${state.token}` ? 200 : 401 }
  }
  return state
}
const refreshAccessToken = async (
  request: (
    url: string,
    options: object,
  ) => Promise<{ data: { access_token: string; refresh_token: string } }>,
  { settings, auth }: { settings: { url: string }; auth: object },
) => {
  const { data } = await request(`${settings.url}/token`, { method: 'post', json: auth })
  return { accessToken: data.access_token, refreshToken: data.refresh_token }
}

describe.each(['oauth2', 'oauth-managed'])('%s', (scheme) => {
  const destination = () => destinationWith({ scheme, refreshAccessToken }, bearer as never)

  test('one refresh serves all who are refused at the same time, and the next one uses its token', async () => {
    const state = tokenVendor()
    state.token = 'expired elsewhere'
    const told: unknown[] = []
    const runtime = createRuntime({
      connections: [
        connectionTo(destination(), {
          oauth: { access_token: 'old', refresh_token: 'r', clientId: 'id', clientSecret: 'cs' },
        }),
      ],
      on: { tokenRefresh: (name, tokens) => void told.push([name, tokens]) },
    })
    const outcomes = await runtime.send([track('a'), track('b'), track('c'), track('d')])
    expect(kindsOf(outcomes)).toEqual(Array(4).fill('delivered'))
    state.token = 'gone'
    expect(kindsOf(await runtime.send([track('e')]))).toEqual(['delivered'])
    await runtime.close()
    expect(told).toEqual([
      ['authenticated', { accessToken: 'new-1', refreshToken: 'refresh-1' }],
      ['authenticated', { accessToken: 'new-2', refreshToken: 'refresh-2' }],
    ])
    expect(state.refreshBodies).toEqual([
      { accessToken: 'old', refreshToken: 'r', clientId: 'id', clientSecret: 'cs' },
      { accessToken: 'new-1', refreshToken: 'refresh-1', clientId: 'id', clientSecret: 'cs' },
    ])
  })

  test('a token that is refused again blocks the connection after one refresh', async () => {
    const state = tokenVendor()
    vendor.answer = ({ path }) => {
      if (path !== '/token') return { status: 401 }
      state.refreshes += 1
      return { status: 200, body: { access_token: 'never good' } }
    }
    const outcomes = await send(
      { connections: [connectionTo(destination(), { oauth: { access_token: 'old' } })] },
      [track('a'), track('b')],
    )
    expect(outcomes).toMatchObject([
      { kind: 'blocked', attempt: 2 },
      { kind: 'blocked', attempt: 2 },
    ])
    expect(state.refreshes).toBe(1)
  })
})

test('client credentials: a connection without a token gets its first one when it is refused', async () => {
  const state = tokenVendor()
  state.token = 'none yet'
  const destination = destinationWith({ scheme: 'oauth2', refreshAccessToken }, bearer as never)
  for (const settings of [{ oauth: { clientId: 'id', clientSecret: 'cs' } }, {}])
    expect(kindsOf(await send({ connections: [connectionTo(destination, settings)] }, [track('a')]))).toEqual(
      ['delivered'],
    )
  expect(state.refreshBodies[0]).toEqual({ clientId: 'id', clientSecret: 'cs' })
})

test('in a multistatus only the items that were refused are sent again', async () => {
  const state = tokenVendor()
  const batches: string[][] = []
  const performBatch = async (
    request: (url: string, options: object) => Promise<{ status: number }>,
    { payload, settings }: { payload: { name: string }[]; settings: { url: string } },
  ) => {
    batches.push(payload.map(({ name }) => name))
    const { MultiStatusResponse } = await import('waybill')
    const result = new MultiStatusResponse()
    for (const { name } of payload) {
      // The token goes out of date in the middle of the first batch.
      if (name === 'b' && batches.length === 1) state.token = 'rotated'
      const { status } = await request(`${settings.url}/events`, {
        method: 'post',
        json: { name },
        throwHttpErrors: false,
      })
      if (status === 200) result.pushSuccessResponse({ status, sent: {}, body: {} })
      else result.pushErrorResponse({ status, errormessage: 'refused' })
    }
    return result
  }
  const destination = destinationWith({ scheme: 'oauth2', refreshAccessToken }, bearer as never, {
    actions: {
      track: { title: 'Track', description: '', fields: { name: nameField }, perform, performBatch },
    },
  })
  const outcomes = await send(
    { connections: [connectionTo(destination, { oauth: { access_token: 'old' } })] },
    ['a', 'b', 'c'].map((name) => track(name)),
  )
  expect(outcomes).toMatchObject([
    { kind: 'delivered', attempt: 1 },
    { kind: 'delivered', attempt: 2 },
    { kind: 'delivered', attempt: 2 },
  ])
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ])
})

test('synchronizeRefreshAccessToken runs once before a refresh, and tokens that it gives are taken instead', async () => {
  const state = tokenVendor()
  state.token = 'of another process'
  const destination = destinationWith({ scheme: 'oauth2', refreshAccessToken }, bearer as never)
  const asked: string[] = []
  const connections = [connectionTo(destination, { oauth: { access_token: 'stale' } })]
  const options = { connections, on: { tokenRefresh: () => void asked.push('stored') } }
  const given = await send(
    {
      ...options,
      synchronizeRefreshAccessToken: async (connection) => {
        asked.push(connection)
        return { accessToken: 'of another process' }
      },
    },
    [track('a'), track('b')],
  )
  expect(kindsOf(given)).toEqual(['delivered', 'delivered'])
  expect(asked).toEqual(['authenticated'])
  expect(state.refreshes).toBe(0)

  const order: string[] = []
  await send(
    {
      ...options,
      on: { tokenRefresh: () => void order.push('stored') },
      synchronizeRefreshAccessToken: async () => {
        order.push('locked')
        return undefined
      },
    },
    [track('a')],
  )
  expect(order).toEqual(['locked', 'stored'])
})

test('when tokens cannot be renewed, the outcome says why without showing one', async () => {
  vendor.answer = ({ path, body }) =>
    path === '/token'
      ? { status: 400, body: { error: 'invalid_grant', error_description: `bad token ${body}` } }
      : { status: 401 }
  const destination = destinationWith({ scheme: 'oauth2', refreshAccessToken }, bearer as never)
  const settings = { oauth: { access_token: 'canary-access', refresh_token: 'canary-refresh' } }
  const [outcome] = await send({ connections: [connectionTo(destination, settings)] }, [track('a')])
  expect(outcome).toMatchObject({ kind: 'blocked', status: 401 })
  expect((outcome as { message: string }).message).toContain(
    'the tokens could not be renewed: the destination answered 400',
  )
  expect(JSON.stringify(outcome)).not.toContain('canary')
})

test('a renewed token and a setting that is named like a secret never show up in an outcome', async () => {
  tokenVendor()
  const destination = destinationWith(
    {
      scheme: 'oauth2',
      refreshAccessToken: async () => ({ accessToken: 'canary-renewed', refreshToken: 'canary-refresh' }),
    },
    bearer as never,
  )
  vendor.answer = ({ headers }) =>
    headers.authorization === 'Bearer canary-renewed'
      ? { status: 400, body: { message: 'canary-renewed and canary-secret-setting are not welcome' } }
      : { status: 401 }
  const settings = { apiSecret: 'canary-secret-setting', oauth: { access_token: 'canary-old' } }
  const [outcome] = await send({ connections: [connectionTo(destination, settings)] }, [track('a')])
  expect(outcome).toMatchObject({ kind: 'rejected', vendorCode: '*** and *** are not welcome' })
})

describe('testAuthentication', () => {
  const tested = (status: number, body: unknown = {}) => {
    vendor.answer = () => ({ status, body })
    return destinationWith({
      scheme: 'custom',
      testAuthentication: (request: (url: string) => unknown, { settings }: { settings: { url: string } }) =>
        request(`${settings.url}/me`),
    })
  }
  const ask = async (destination: Destination, settings: object = {}) => {
    const runtime = createRuntime({
      connections: [{ ...connectionTo(destination, settings), subscriptions: [] }],
      limits: { timeoutMs: 300 },
    })
    try {
      return await runtime.connection('authenticated').testAuthentication()
    } finally {
      await runtime.close()
    }
  }

  test('says that credentials work, or that the destination cannot tell', async () => {
    expect(await ask(tested(200))).toEqual({ ok: true, value: { isTested: true } })
    expect(await ask(destinationWith({ scheme: 'custom' }))).toEqual({ ok: true, value: { isTested: false } })
  })

  test.each([
    [401, 'blocked', 'the credentials are refused: the destination answered 401: no such key ***'],
    [
      503,
      'retry',
      'the credentials could not be tested, since the destination is not available: the destination answered 503: no such key ***',
    ],
    [404, 'rejected', 'the test failed: the destination answered 404: no such key ***'],
  ])('on %s it is %s, in plain words and without a secret', async (status, kind, message) => {
    const destination = tested(status, { message: 'no such key canary-key' })
    const result = await ask(destination, { apiSecret: 'canary-key' })
    expect(result).toMatchObject({ ok: false, kind, status, message })
    expect(JSON.stringify(result)).not.toContain('canary-key')
  })

  test('says when no answer comes', async () => {
    const destination = tested(200)
    const result = await ask(destination, { url: 'http://127.0.0.1:1' })
    expect(result).toMatchObject({ ok: false, kind: 'retry', owner: 'network' })
    expect((result as { message: string }).message).toMatch(
      /^the credentials could not be tested, since no answer came \(ECONNREFUSED\)/,
    )
  })

  test('renews a token that has run out before it calls the credentials bad', async () => {
    const state = tokenVendor()
    state.token = 'newer'
    const destination = destinationWith(
      {
        scheme: 'oauth2',
        refreshAccessToken,
        testAuthentication: (
          request: (url: string) => unknown,
          { settings }: { settings: { url: string } },
        ) => request(`${settings.url}/me`),
      },
      bearer as never,
    )
    expect(await ask(destination, { oauth: { access_token: 'old' } })).toMatchObject({ ok: true })
    expect(state.refreshes).toBe(1)
  })

  test('a success ends the pause of a connection that was refused', async () => {
    const destination = tested(401)
    const runtime = createRuntime({ connections: [connectionTo(destination)] })
    expect(kindsOf(await runtime.send([track('a')]))).toEqual(['blocked'])
    vendor.answer = () => ({ status: 200 })
    expect(await runtime.send([track('b')])).toMatchObject([{ code: 'CONNECTION_BLOCKED' }])
    await runtime.connection('authenticated').testAuthentication()
    expect(kindsOf(await runtime.send([track('b')]))).toEqual(['delivered'])
    await runtime.close()
  })

  test('an unknown connection, and a closed runtime, are errors', async () => {
    const runtime = createRuntime({ connections: [connectionTo(tested(200))] })
    expect(() => runtime.connection('x')).toThrow('there is no connection "x"; there are authenticated')
    await runtime.close()
    await expect(runtime.connection('authenticated').testAuthentication()).rejects.toMatchObject({
      code: 'CLOSED',
    })
  })
})
