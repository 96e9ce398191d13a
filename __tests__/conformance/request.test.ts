import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { ModifiedResponse } from '@segment/actions-core'
import * as fc from 'fast-check'
import { runs } from '../src/pipeline/random-mapping'
import { type Core, copy, describeResponse, expectSame } from '../support/both-cores'

/** How the server answers. */
type Reply = {
  status: number
  type: string
  text: string
  encoding: 'none' | 'gzip' | 'broken gzip'
  more: Record<string, string | string[]>
  hangsUp: boolean
}

let reply: Reply
const requests: unknown[] = []

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  const { host: _host, ...headers } = request.headers
  requests.push({ method: request.method, url: request.url, headers, body })
  const isTarget = request.url?.startsWith('/target')
  if (reply.hangsUp) return void request.socket.destroy()
  const { status, type, text, encoding, more } = isTarget ? { ...reply, status: 200, more: {} } : reply
  const content = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text)
  response.sendDate = false
  response.writeHead(status, {
    ...(type ? { 'content-type': type } : {}),
    ...(encoding === 'none' ? {} : { 'content-encoding': 'gzip' }),
    ...more,
    'content-length': content.length,
  })
  response.end(status === 204 || status === 304 ? undefined : content)
}

const server = createServer((request, response) => void answer(request, response))
let url = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const randomReply = fc.record({
  status: fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    fc.constantFrom(201, 202, 204, 207, 301, 302, 303, 304, 307, 308),
    fc.constantFrom(400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 501, 502, 503, 504, 599),
  ),
  type: fc.constantFrom(
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.api+json',
    'text/plain',
    'text/html; charset=iso-8859-1',
    '',
  ),
  text: fc.constantFrom(
    '',
    '{}',
    '{"a":1,"long":12345678901234567890}',
    '[1,null]',
    '{broken',
    'null',
    'ÅÄ😀',
    'x'.repeat(900),
  ),
  encoding: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'gzip' as const),
  more: fc.constantFrom<Record<string, string | string[]>>(
    {},
    { 'retry-after': '3' },
    { 'set-cookie': ['a=1', 'b=2'] },
    { location: '/target?x=1' },
    { location: '/target' },
  ),
  hangsUp: fc.constantFrom(false, false, false, false, false, false, false, false, true),
})

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const headers = fc.record(
  {
    authorization: fc.constantFrom('Bearer t', undefined),
    'Content-Type': fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', undefined),
    'User-Agent': fc.constantFrom('mine', undefined),
    'x-trace': fc.constantFrom('1', '2', '3', '4', '5', '6', '7', 'ä', 'a\nb'),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const json = fc.constantFrom<unknown>({ a: 1 }, [], 'text', null, 0, {
  nested: { list: [1, { b: undefined }] },
})
const options = fc.record(
  {
    method: fc.constantFrom('post', 'POST', 'post', 'post', 'get', 'put', 'patch', 'delete', 'head'),
    json,
    body: fc.constantFrom('text', ''),
    headers,
    searchParams: fc.constantFrom<object>({ a: 1, b: 'x y' }, { list: [1, 2] }, { none: undefined }, {}),
    username: fc.constantFrom('me', 'mé', ''),
    password: fc.constantFrom('secret', ''),
    throwHttpErrors: fc.boolean(),
    timeout: fc.constantFrom(5000, false as const),
    skipResponseCloning: fc.boolean(),
    redirect: fc.constantFrom('follow', 'manual', 'error'),
  },
  { requiredKeys: ['method'], noNullPrototype: true },
)
const path = fc.constantFrom('/', '/a?b=1', '/a%20b?list=1&list=2#part')
/** What a hook adds to the request. */
const added = sometimes(
  fc.record({ headers, json, searchParams: fc.constant({ added: '1' }) }, { requiredKeys: [] }),
)

type Given = { path: string; client: object; options: object; added: object | undefined; reply: Reply }

/** Sends a request, and gives all that an action and its listeners can see of it. */
async function send(core: Core, given: Given): Promise<unknown> {
  requests.length = 0
  reply = given.reply
  const seen: unknown[] = []
  const request = core.createRequestClient(
    copy(given.client) as never,
    {
      beforeRequest: [
        (({ headers: _headers, signal: _signal, ...others }: Record<string, unknown>) => {
          seen.push(copy(JSON.parse(JSON.stringify(others))))
          return given.added ? copy(given.added) : undefined
        }) as never,
      ],
      afterResponse: [
        ((sent: Request, used: Record<string, unknown>, response: ModifiedResponse) => {
          seen.push(
            sent.method,
            sent.url,
            [...sent.headers.entries()],
            Object.keys(used),
            used.body,
            used.timeout,
            inspect(used.signal),
          )
          seen.push(describeResponse(response), JSON.stringify(response.headers))
        }) as never,
      ],
    } as never,
  )
  try {
    const response = await request(url + given.path, copy(given.options) as never)
    return [describeResponse(response), await response.text(), seen, copy(requests)]
  } catch (error) {
    const { name, message, code, status, response } = error as Error & Record<string, unknown>
    const answered = response ? describeResponse(response as ModifiedResponse) : undefined
    return [
      { name, message, code, status, answered, keys: Object.keys(error as object) },
      seen,
      copy(requests),
    ]
  }
}

test('random requests and answers: the same on the wire, the same to the action', async () => {
  const given = fc.record({
    path,
    client: fc.record(
      { headers, throwHttpErrors: fc.boolean(), searchParams: fc.constant({ base: '1' }) },
      { requiredKeys: [] },
    ),
    options,
    added,
    reply: randomReply,
  })
  await fc.assert(
    fc.asyncProperty(given, async (value) => {
      await expectSame((core) => send(core, value as Given))
    }),
    runs(500),
  )
})
