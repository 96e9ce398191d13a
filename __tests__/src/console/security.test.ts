import { createConsole, routes } from '../../../src/console/create-console'
import { openApiDocument } from '../../../src/console/openapi'
import type { ConsoleSource } from '../../../src/console/source'

const origin = 'http://127.0.0.1:8377'

/** Refusals come before any source is asked; what is asked here says only that it was. */
const source = {
  about: () => ({
    version: '0.0.0',
    environment: 'test',
    store: { kind: 'memory', durable: false },
    features: [],
  }),
  connectionNames: ['zaius'],
  connection: async () => undefined,
  pause: async () => ({ name: 'zaius' }),
  job: () => undefined,
} as unknown as ConsoleSource

const open = createConsole({ source, port: () => 8377 })
const guarded = createConsole({
  source,
  port: () => 8377,
  access: { tokens: { operate: 'operate-token', read: 'read-token' } },
})

const ask = (to: typeof open, path: string, init: RequestInit & { host?: string } = {}) => {
  const { host = '127.0.0.1:8377', ...rest } = init
  return to.fetch(new Request(`${origin}${path}`, { ...rest, headers: { host, ...rest.headers } }))
}
const post = (to: typeof open, path: string, headers: Record<string, string> = {}, body = '{}') =>
  ask(to, path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
const codeOf = async (response: Response | Promise<Response>) => {
  const { error } = (await (await response).json()) as { error: { code: string; message: string } }
  return [(await response).status, error.code]
}

test.each(['127.0.0.1:8377', 'localhost:8377', '[::1]:8377'])('answers under %s', async (host) => {
  expect((await ask(open, '/api/me', { host })).status).toBe(200)
})

test.each(['evil.example', 'evil.example:8377', '127.0.0.1:80', '127.0.0.1.evil.example:8377', 'localhost'])(
  'refuses the host %s, pages included',
  async (host) => {
    expect(await codeOf(ask(open, '/api/me', { host }))).toEqual([403, 'NOT_ALLOWED'])
    expect(await codeOf(ask(open, '/', { host }))).toEqual([403, 'NOT_ALLOWED'])
  },
)

test('a name of a proxy is allowed where the operator says so', async () => {
  const behind = createConsole({ source, port: () => 8377, allowedHosts: ['waybill.example'] })
  expect((await ask(behind, '/api/me', { host: 'waybill.example' })).status).toBe(200)
})

test('refuses what changes something and comes from elsewhere', async () => {
  const path = '/api/connections/zaius/pause'
  expect(await codeOf(post(open, path, { origin: 'https://evil.example' }))).toEqual([403, 'NOT_ALLOWED'])
  expect(await codeOf(post(open, path, { origin: 'null' }))).toEqual([403, 'NOT_ALLOWED'])
  expect(await codeOf(post(open, path, { 'sec-fetch-site': 'cross-site' }))).toEqual([403, 'NOT_ALLOWED'])
  expect(await codeOf(post(open, path, { 'sec-fetch-site': 'same-site' }))).toEqual([403, 'NOT_ALLOWED'])
  expect(await codeOf(post(open, path, { 'content-type': 'text/plain' }))).toEqual([415, 'INVALID_REQUEST'])
  expect((await post(open, path, { origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
  expect((await post(open, path)).status).toBe(200)
})

test('every response forbids scripts of others, frames and sniffing; the API is not kept', async () => {
  for (const path of ['/api/me', '/api/nothing', '/metrics']) {
    const { headers } = await ask(open, path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
  expect((await ask(open, '/api/me')).headers.get('cache-control')).toBe('no-store')
})

test('a token opens a session by cookie; the cookie is for the API alone and out of reach of scripts', async () => {
  expect(await codeOf(ask(guarded, '/api/me'))).toEqual([401, 'UNAUTHENTICATED'])
  const response = await post(guarded, '/api/session', {}, '{"token":"operate-token"}')
  const cookie = response.headers.get('set-cookie') as string
  expect(cookie).toMatch(/^waybill_session=[\w-]{43}; /)
  for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/api']) expect(cookie).toContain(part)
  expect(cookie).not.toContain('operate-token')
  const headers = { cookie: cookie.split(';')[0] as string }
  const me = (await (await ask(guarded, '/api/me', { headers })).json()) as { permissions: string[] }
  expect(me.permissions).toEqual(['read', 'payloads', 'operate', 'send'])
  await ask(guarded, '/api/session', {
    method: 'DELETE',
    headers: { ...headers, 'content-type': 'application/json' },
  })
  expect((await ask(guarded, '/api/me', { headers })).status).toBe(401)
})

test('behind TLS the cookie is secure', async () => {
  const response = await post(
    guarded,
    '/api/session',
    { 'x-forwarded-proto': 'https' },
    '{"token":"read-token"}',
  )
  expect(response.headers.get('set-cookie')).toContain('Secure')
})

test('the reading token changes nothing', async () => {
  const headers = { authorization: 'Bearer read-token' }
  expect((await ask(guarded, '/api/me', { headers })).status).toBe(200)
  expect(await codeOf(post(guarded, '/api/connections/zaius/pause', headers))).toEqual([403, 'NOT_ALLOWED'])
})

test('five wrong tokens within a minute, then 429 with the right one too', async () => {
  const strict = createConsole({ source, access: { tokens: { operate: 'right' } } })
  for (let count = 0; count < 5; count++)
    expect(await codeOf(post(strict, '/api/session', {}, '{"token":"wrong"}'))).toEqual([
      401,
      'UNAUTHENTICATED',
    ])
  const refused = await post(strict, '/api/session', {}, '{"token":"right"}')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('60')
})

test('an address from the page is refused, however it is called', async () => {
  for (const key of ['endpoint', 'baseUrl', 'api_host']) {
    const body = JSON.stringify({ destination: 'zaius', event: {}, settings: { [key]: 'http://10.0.0.1/' } })
    for (const path of ['/api/explain', '/api/actions/zaius/trackEvent'])
      expect(
        await codeOf(
          post(open, path, {}, body.replace(path.includes('actions') ? '"destination":"zaius",' : '~', '')),
        ),
      ).toEqual([400, 'INVALID_REQUEST'])
  }
})

test('bodies are bounded, have to be objects, and unknown parameters are refused', async () => {
  const large = JSON.stringify({ text: 'x'.repeat(70_000) })
  expect((await post(open, '/api/connections/zaius/pause', {}, large)).status).toBe(413)
  expect(await codeOf(post(open, '/api/connections/zaius/pause', {}, '[1]'))).toEqual([
    400,
    'INVALID_REQUEST',
  ])
  expect(await codeOf(post(open, '/api/connections/zaius/pause', {}, '{'))).toEqual([400, 'INVALID_REQUEST'])
  expect(await codeOf(ask(open, '/api/overview?rnage=1h'))).toEqual([400, 'INVALID_REQUEST'])
  expect(await codeOf(ask(open, '/api/overview?range=2h'))).toEqual([400, 'INVALID_REQUEST'])
  expect(await codeOf(ask(open, '/api/dead?limit=201'))).toEqual([400, 'INVALID_REQUEST'])
})

test('a wrong name is answered with the nearest one', async () => {
  const response = await ask(open, '/api/connections/zaiu')
  const { error } = (await response.json()) as { error: { message: string } }
  expect(response.status).toBe(404)
  expect(error.message).toContain('did you mean "zaius"?')
})

test('the document and the routes are the same', () => {
  const own = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
  const apart = ['POST /api/session', 'DELETE /api/session', 'GET /api/openapi.json', 'GET /api/stream']
  const told = Object.entries(openApiDocument.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(told.sort()).toEqual([...own, ...apart].sort())
  for (const route of routes) {
    const operation =
      openApiDocument.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
    const names = ((operation?.parameters ?? []) as { name: string; in: string }[])
      .filter((parameter) => parameter.in === 'query')
      .map(({ name }) => name)
    expect([route.path, names.sort()]).toEqual([route.path, [...(route.query ?? [])].sort()])
  }
})
