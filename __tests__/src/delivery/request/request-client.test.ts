import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { type Emulator, startEmulator } from 'waybill/testing'
import { createFetchTransport } from '../../../../src/delivery/request/fetch-transport'
import type { HTTPError } from '../../../../src/delivery/request/http-error'
import { createRequestClientFactory } from '../../../../src/delivery/request/request-client'
import { createUndiciTransport } from '../../../../src/delivery/request/undici-transport'

let emulator: Emulator
let answer: { status: number; headers?: Record<string, string>; body?: unknown }
beforeEach(async () => {
  answer = { status: 200, body: { ok: true } }
  emulator = await startEmulator({ handle: () => answer })
})
afterEach(() => emulator.close())

describe.each([
  ['pooled connections', () => createUndiciTransport()],
  ['an injected fetch', () => createFetchTransport(() => fetch)],
])('over %s', (_name, createTransport) => {
  const transport = createTransport()
  afterAll(() => transport.close())
  const request = (limits: { timeoutMs?: number; maxResponseBytes?: number } = {}) =>
    createRequestClientFactory({ transport, ...limits }).with({ headers: { 'X-Base': 'b' } })

  test('options make the request, and the answer is read lazily and completely', async () => {
    const response = await request()(`${emulator.url}/path?old=1`, {
      method: 'post',
      json: { a: 'ü' },
      searchParams: { q: 1 },
      username: 'user',
      password: 'pâss',
      headers: { 'x-base': undefined, 'X-Own': 'o' },
    })
    const sent = emulator.requests[0]
    expect(sent).toMatchObject({ method: 'POST', path: '/path' })
    expect(`${sent?.query}`).toBe('q=1')
    expect(sent?.body.toString()).toBe('{"a":"ü"}')
    expect(sent?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Segment (Actions)',
      'x-own': 'o',
      authorization: `Basic ${Buffer.from('user:pâss').toString('base64')}`,
    })
    expect(sent?.headers).not.toHaveProperty('x-base')
    expect(response).toMatchObject({ status: 200, ok: true, content: '{"ok":true}', data: { ok: true } })
    expect(response.headers.get('Content-Type')).toBe('application/json')
  })

  test('a status outside 200 to 299 rejects with the response, unless told otherwise', async () => {
    answer = { status: 404, body: { error: 'no' } }
    await expect(request()(emulator.url)).rejects.toMatchObject({
      name: 'HTTPError',
      response: { status: 404, data: { error: 'no' } },
    })
    await expect(request()(emulator.url, { throwHttpErrors: false })).resolves.toMatchObject({ status: 404 })
  })

  test('bodies of 64 KiB and 5 MiB arrive whole', async () => {
    for (const size of [64 * 1024, 5 * 1024 * 1024]) {
      answer = { status: 200, body: 'x'.repeat(size) }
      const response = await request({ maxResponseBytes: 6 * 1024 * 1024 })(emulator.url)
      expect(response.content).toHaveLength(size)
    }
  })

  test('a response above the limit has its status, and a clear error for who reads it', async () => {
    answer = { status: 200, body: 'x'.repeat(200_000) }
    const response = await request({ maxResponseBytes: 100_000 })(emulator.url)
    expect(response).toMatchObject({ status: 200, ok: true })
    const tooLarge = expect.objectContaining({
      code: 'RESPONSE_TOO_LARGE',
      message: expect.stringContaining('larger than 100000 bytes'),
    })
    await expect(response.text()).rejects.toEqual(tooLarge)
    await expect(response.json()).rejects.toEqual(tooLarge)
    await expect(response.arrayBuffer()).rejects.toEqual(tooLarge)
    expect(() => response.data).toThrow('larger than 100000 bytes')
  })

  test('stalled headers end at the deadline, a signal notwithstanding', async () => {
    emulator.fault({ stall: 'headers', times: 2 })
    const call = request({ timeoutMs: 80 })
    await expect(call(emulator.url)).rejects.toMatchObject({ code: 'ETIMEDOUT', isSent: true })
    const { signal } = new AbortController()
    await expect(call(emulator.url, { signal })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
  })

  test('a stalled body ends at the deadline: the status stands, and who reads the body learns why', async () => {
    emulator.fault({ stall: 'body' })
    const notes: string[] = []
    const client = createRequestClientFactory({ transport, timeoutMs: 1_500 }).with(undefined, {
      note: (reason) => notes.push(reason),
    })
    const response = await client(emulator.url)
    expect(response.status).toBe(200)
    expect(() => response.content).toThrow('no complete answer within 1500 ms')
    expect(notes).toEqual([expect.stringContaining('its response cannot be read: no complete answer')])
  })

  test('a signal ends a stalled body', async () => {
    emulator.fault({ stall: 'body' })
    const controller = new AbortController()
    const pending = request()(emulator.url, { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(pending).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('a connection that is dropped after the request may have delivered it', async () => {
    emulator.fault({ reset: 'after' })
    await expect(request()(emulator.url, { method: 'post', json: {} })).rejects.toMatchObject({
      isSent: true,
    })
  })

  test('a redirect to another origin carries a body only where that is allowed, and never credentials', async () => {
    const other = await startEmulator({ handle: () => ({ status: 200 }) })
    answer = { status: 307, headers: { location: `${other.url}/elsewhere` } }
    const call = (redirectOrigins?: true | string[]) =>
      createRequestClientFactory({ transport }).with({ headers: { 'x-base': 'b' } }, { redirectOrigins })(
        emulator.url,
        {
          method: 'post',
          json: { a: 1 },
          headers: { authorization: 'Bearer t', cookie: 'c', 'x-vendor-key': 'k' },
        },
      )
    await expect(call()).rejects.toMatchObject({
      code: 'REDIRECT',
      responseStatus: 307,
      message: expect.stringContaining(`it leads to another origin, ${other.url}`),
    })
    await expect(call(['https://api.example.com'])).rejects.toMatchObject({ code: 'REDIRECT' })
    expect(other.requests).toEqual([])
    await call([other.url])
    expect(other.requests[0]?.body.toString()).toBe('{"a":1}')
    for (const name of ['authorization', 'cookie', 'x-vendor-key', 'x-base'])
      expect(other.requests[0]?.headers).not.toHaveProperty(name)
    await other.close()
  })

  test.each([
    [301, 'post'],
    [302, 'post'],
    [303, 'post'],
    [303, 'put'],
  ])(
    'a redirect %i after a %s is not followed, since it would leave the body behind',
    async (status, method) => {
      answer = { status, headers: { location: '/login' } }
      await expect(request()(emulator.url, { method, json: {} })).rejects.toMatchObject({
        code: 'REDIRECT',
        responseStatus: status,
        message: expect.stringContaining('nothing is delivered'),
      })
      expect(emulator.requests).toHaveLength(1)
    },
  )

  test('an address in UTF-8 is followed', async () => {
    const location = Buffer.from('/straße').toString('latin1')
    const other = await startEmulator({
      handle: ({ path }) => (path === '/' ? { status: 308, headers: { location } } : { status: 200 }),
    })
    await request()(other.url, { method: 'post', json: {} })
    expect(other.requests.map(({ path }) => path)).toEqual(['/', '/stra%C3%9Fe'])
    await other.close()
  })

  test('a redirect is an answer where it is not to be followed', async () => {
    answer = { status: 302, headers: { location: '/there' } }
    await expect(request()(emulator.url, { redirect: 'manual' })).rejects.toMatchObject({
      response: { status: 302 },
    })
    await expect(request()(emulator.url, { redirect: 'error' })).rejects.toMatchObject({ code: 'REDIRECT' })
  })

  test('a body without a method is a mistake of the definition', async () => {
    await expect(request()(emulator.url, { json: {} })).rejects.toThrow('a GET request cannot have a body')
  })

  test('forms and parameters are encoded', async () => {
    const form = new FormData()
    form.set('a', '1')
    await request()(emulator.url, { method: 'post', body: form })
    await request()(emulator.url, { method: 'post', body: new URLSearchParams({ b: '2' }) })
    expect(emulator.requests.map((entry) => entry.headers['content-type'])).toEqual([
      expect.stringContaining('multipart/form-data'),
      'application/x-www-form-urlencoded;charset=UTF-8',
    ])
  })

  test('no printed error shows a secret of the request', async () => {
    answer = { status: 400 }
    const error = (await request()(emulator.url, {
      method: 'post',
      json: { token: 'body-secret' },
      headers: { 'x-key': 'header-secret' },
      password: 'basic-secret',
    }).catch((caught: unknown) => caught)) as HTTPError
    const printed = `${inspect(error, { depth: 9 })}${JSON.stringify(error)}${error.stack}`
    expect(printed).not.toMatch(/body-secret|header-secret|basic-secret|YmFzaWMtc2VjcmV0/)
  })
})

test('a percent sign in the credentials of an address stands for itself', async () => {
  const transport = createUndiciTransport()
  await createRequestClientFactory({ transport }).with(undefined)(
    emulator.url.replace('//', '//user%40x:100%@'),
  )
  expect(emulator.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from('user@x:100%').toString('base64')}`,
  )
  await transport.close()
})

test('a refused connection was certainly not sent', async () => {
  const closed: Server = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const transport = createUndiciTransport()
  const request = createRequestClientFactory({ transport }).with(undefined)
  await expect(request(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    isSent: false,
  })
  await transport.close()
})

test('2,000 requests, 16 at a time, share at most 17 connections', async () => {
  const sockets = new Set<unknown>()
  const server = createServer((incoming, outgoing) => {
    sockets.add(incoming.socket)
    incoming.resume()
    incoming.on('end', () => outgoing.end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const transport = createUndiciTransport()
  const request = createRequestClientFactory({ transport }).with(undefined)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let left = 2_000
  const worker = async (): Promise<void> => {
    while (left-- > 0) await request(url, { method: 'post', json: { left } })
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  expect(sockets.size).toBeLessThanOrEqual(17)
  await transport.close()
  server.close()
})
