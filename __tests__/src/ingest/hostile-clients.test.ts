import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { startIngest, type TestIngest } from './ingest-server'

let server: TestIngest
beforeEach(async () => {
  server = await startIngest({ bodyTimeoutMs: 300 })
})
afterEach(() => server.close())

const port = () => Number(new URL(server.url).port)
const good = JSON.stringify({ batch: [{ type: 'track', event: 'x', userId: 'u' }], writeKey: 'wk_site' })
const isAlive = async () => (await server.post('/v1/batch', good)).status === 200

/** Sends bytes as they are, and gives what came back until the server closed or fell silent. */
const raw = (bytes: string | Buffer, silentMs = 200): Promise<string> =>
  new Promise((resolve) => {
    const socket: Socket = connect(port(), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    const done = () => {
      socket.destroy()
      resolve(text)
    }
    socket.setTimeout(silentMs, done)
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('close', done).on('error', done)
  })

const paths = [
  '/v1/batch',
  '/v1/b',
  '/v1/t',
  '/v1/track',
  '/v1/m',
  '/v1/import',
  '/v1/projects/x/settings',
  '/v1/',
  '/',
  '//',
  '/v1/%ff',
]
const key = fc.constantFrom(
  'batch',
  'writeKey',
  'type',
  'event',
  'userId',
  'messageId',
  'context',
  'sentAt',
  'timestamp',
  'traits',
  'integrations',
  '__proto__',
  'toString',
)
const almostEvents = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('track', 'wk_site', 'u', '2026-01-01', null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
})).value
const body = fc.oneof(
  almostEvents.map((value) => Buffer.from(JSON.stringify(value))),
  almostEvents.map((value) => Buffer.from(JSON.stringify({ batch: [value], writeKey: 'wk_site' }))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.tuple(almostEvents, fc.nat()).map(([value, cut]) => {
    const zipped = gzipSync(JSON.stringify(value))
    return zipped.subarray(0, cut % (zipped.length + 1))
  }),
)
const headerValue = fc.oneof(
  fc.constantFrom(
    'gzip',
    'br',
    'deflate',
    'Basic',
    'Basic d2s=',
    'Bearer x',
    'null',
    '*',
    'application/json',
    '',
  ),
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 60,
  }),
)
const headers = fc.dictionary(
  fc.constantFrom(
    'authorization',
    'content-encoding',
    'content-type',
    'origin',
    'access-control-request-headers',
    'x-forwarded-for',
    'x-retry-count',
  ),
  headerValue,
)

test('no body and no header brings anything but a reply below 500, and the server lives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.constantFrom('POST', 'POST', 'POST', 'GET', 'OPTIONS', 'PUT', 'DELETE'),
      headers,
      body,
      async (path, method, fields, bytes) => {
        const status = await new Promise<number>((resolve, reject) => {
          const outgoing = request(`${server.url}${path}`, { method, headers: fields }, (reply) => {
            reply.resume().on('end', () => resolve(reply.statusCode ?? 0))
          })
          outgoing.on('error', reject).end(method === 'GET' ? undefined : bytes)
        })
        expect(status).toBeGreaterThanOrEqual(200)
        expect(status).toBeLessThan(500)
      },
    ),
    { numRuns: process.env.WAYBILL_LONG ? 100_000 : 400 },
  )
  expect(server.failures).toEqual([])
  expect(await isAlive()).toBe(true)
})

test('what is no HTTP, or too much of it, is refused', async () => {
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
  expect(await raw(`GET /v1/batch HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431/,
  )
  expect(
    await raw(
      'POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
  ).toMatch(/^HTTP\/1.1 400/)
  expect(await raw('POST http://any/v1/batch?x HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n{')).toMatch(
    /invalid_json/,
  )
  expect(await isAlive()).toBe(true)
})

test('a body that trickles in is cut at the deadline with a reply that SDKs repeat after', async () => {
  const reply = await raw(
    `POST /v1/batch HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\nContent-Length: 1000\r\n\r\n{`,
    1_500,
  )
  expect(reply).toMatch(/^HTTP\/1.1 408/)
  expect(reply).toMatch(/access-control-allow-origin: https:\/\/a.example/i)
  expect(reply).toMatch(/connection: close/i)
})

test('a body that grows without end is cut at the limit', async () => {
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const socket = connect(port(), '127.0.0.1')
  let sent = 0
  let text = ''
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve()).on('close', () => resolve())
    socket.on('data', (bytes) => {
      text += bytes
    })
    socket.write('POST /v1/batch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
    const push = () => {
      if (socket.destroyed) return
      sent += 65_536
      if (socket.write(chunk)) setImmediate(push)
      else socket.once('drain', push)
    }
    push()
  })
  expect(sent).toBeGreaterThan(4 * 1024 * 1024)
  expect(text).toMatch(/^HTTP\/1.1 400/)
  expect(await isAlive()).toBe(true)
})

test('an archive that inflates a thousandfold is refused without being inflated', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20))
  const before = process.memoryUsage.rss()
  const replies = await Promise.all(
    Array.from({ length: 8 }, () => server.post('/v1/batch', bomb, { 'content-encoding': 'gzip' })),
  )
  expect(replies.map(({ status }) => status)).toEqual(Array(8).fill(400))
  expect(process.memoryUsage.rss() - before).toBeLessThan(150 * 1024 * 1024)
})

test('clients that leave in the middle leave nothing behind', async () => {
  for (let count = 0; count < 50; count++) {
    const socket = connect(port(), '127.0.0.1')
    socket.on('error', () => undefined)
    await new Promise<void>((resolve) =>
      socket.write('POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"batch":', () =>
        resolve(),
      ),
    )
    socket.destroy()
  }
  const deadline = Date.now() + 5_000
  while (server.ingest.stats().inFlight > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(server.ingest.stats().inFlight).toBe(0)
  expect(server.failures).toEqual([])
})

test('more bodies at a time than the bound are asked to come again', async () => {
  const bounded = await startIngest({ maxBufferedBytes: 1_000 })
  const large = JSON.stringify({
    batch: [{ type: 'track', event: 'x', userId: 'u', properties: { text: 'x'.repeat(2_000) } }],
    writeKey: 'wk_site',
  })
  const reply = await bounded.post('/v1/batch', large)
  expect([reply.status, (await reply.json()).code]).toEqual([429, 'overloaded'])
  expect(reply.headers.get('retry-after')).toMatch(/^\d+$/)
  expect((await bounded.post('/v1/batch', good)).status).toBe(200)
  await bounded.close()
})

test('a thousand idle connections do not stand in the way', async () => {
  const sockets = await Promise.all(
    Array.from(
      { length: 1_000 },
      () =>
        new Promise<Socket>((resolve) => {
          const socket = connect(port(), '127.0.0.1', () => resolve(socket))
          socket.on('error', () => undefined)
        }),
    ),
  )
  expect(await isAlive()).toBe(true)
  for (const socket of sockets) socket.destroy()
})

test('a refusal by the million holds no memory: only the last hundred are kept', async () => {
  const bad = JSON.stringify({
    batch: Array.from({ length: 5_000 }, () => ({ type: 'track' })),
    writeKey: 'wk_site',
  })
  for (let count = 0; count < 10; count++) await server.post('/v1/batch', bad)
  expect(server.ingest.stats().refusals).toHaveLength(100)
  expect(server.ingest.stats().sources.site?.refused).toEqual({ no_user_anon_id: 50_000 })
})
