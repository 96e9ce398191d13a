import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** One thing that a vendor may answer to a POST, in words and in bytes. */
export type ScriptedAnswer = {
  readonly says: string
  /** Path `/ok` of the same vendor answers 200, as does `other`, which is another origin. */
  answer(socket: Socket, other: string): void
  /** Whether the action reads the body. */
  readonly isRead?: boolean
}

const reasons: Readonly<Record<number, string>> = { 200: 'OK', 404: 'Not Found', 429: 'Too Many Requests' }
const whole = (status: number, headers: Record<string, string> = {}, body: string | Buffer = '{}'): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} ${reasons[status] ?? 'X'}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${Object.entries(
        headers,
      )
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
      'utf8',
    ),
    Buffer.from(body),
  ])

const bytes = (says: string, ...parts: (string | Buffer)[]): ScriptedAnswer => ({
  says,
  answer: (socket) => void socket.write(Buffer.concat(parts.map((part) => Buffer.from(part as string)))),
})
const statuses = (numbers: readonly number[]): ScriptedAnswer[] =>
  numbers.map((status) =>
    bytes(String(status), status === 204 || status === 304 ? `HTTP/1.1 ${status} X\r\n\r\n` : whole(status)),
  )
const redirect = (status: number, location: string, says: string): ScriptedAnswer =>
  bytes(`${status} ${says}`, whole(status, { location }))
const read = (answer: ScriptedAnswer): ScriptedAnswer => ({
  ...answer,
  says: `${answer.says}; the action reads it`,
  isRead: true,
})
const json = { 'content-type': 'application/json' }
const problem = '{"type":"https://acme.test/e/42","title":"Invalid email"}'

const unreadable = [
  bytes('200, labeled gzip but plain', whole(200, { 'content-encoding': 'gzip' })),
  bytes('200, labeled br but plain', whole(200, { 'content-encoding': 'br' })),
  bytes('200, larger than `limits.maxResponseBytes`', whole(200, {}, 'x'.repeat(5_000))),
  bytes(
    '200, unpacked larger than `limits.maxResponseBytes`',
    whole(200, { 'content-encoding': 'gzip' }, gzipSync('x'.repeat(500_000))),
  ),
  { says: '200, cut', answer: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{') },
  {
    says: '200, its last chunk missing',
    answer: (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n'),
  },
  bytes('200, a chunk of no size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n'),
  bytes('200, then silence', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'),
  {
    says: '200, then a reset',
    answer: (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{', () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      ),
  },
] satisfies ScriptedAnswer[]

export const scriptedAnswers: readonly ScriptedAnswer[] = [
  ...statuses([200, 201, 202, 203, 204, 205, 206, 207, 208, 226]),
  bytes('204 with a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}'),
  bytes('200 without a reason', 'HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}'),
  { says: '200 in HTTP/1.0, until the end', answer: (socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n{}') },
  bytes(
    '200 with trailers',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nx-sum: 1\r\n\r\n',
  ),
  bytes('200, then bytes that nobody asked for', whole(200), 'more'),
  bytes('100, then 200', 'HTTP/1.1 100 Continue\r\n\r\n', whole(200)),
  bytes(
    '100 with headers twice, then 201',
    'HTTP/1.1 100 Continue\r\nx: 1\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    whole(201),
  ),
  bytes(
    '102 and 103, then 200',
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
    whole(200),
  ),
  {
    says: '100 in pieces, then 200',
    answer(socket) {
      socket.write('HTTP/1.1 1')
      setTimeout(() => socket.write('00 Continue\r\n\r'), 10)
      setTimeout(() => socket.write(Buffer.concat([Buffer.from('\nHTTP/1'), whole(200).subarray(6)])), 20)
    },
  },
  bytes('100, then 422', 'HTTP/1.1 100 Continue\r\n\r\n', whole(422)),
  ...unreadable,
  ...unreadable.slice(0, 6).map(read),
  redirect(301, '/ok', 'after a POST'),
  redirect(302, '/ok', 'after a POST'),
  redirect(303, '/ok', 'after a POST'),
  redirect(307, '/ok', 'within the origin'),
  redirect(308, '/ok', 'within the origin'),
  redirect(308, '/größe', 'within the origin, in UTF-8'),
  redirect(307, 'ftp://acme.test/', 'to another protocol'),
  redirect(307, '/loop', 'in a circle'),
  ...[307, 308].map((status) => ({
    says: `${status} to another origin`,
    answer: (socket: Socket, other: string) => void socket.write(whole(status, { location: `${other}/ok` })),
  })),
  bytes('302 without an address', whole(302)),
  ...statuses([300, 304, 305]),
  ...statuses([
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422,
    423, 424, 425, 426, 428, 429, 431, 451,
  ]),
  ...statuses([500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 522, 599]),
  bytes('429 with `Retry-After: 7`', whole(429, { 'retry-after': '7' })),
  bytes(
    '429 with `Retry-After: 7` twice',
    'HTTP/1.1 429 X\r\nretry-after: 7\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n',
  ),
  bytes('503 with `Retry-After: 7`', whole(503, { 'retry-after': '7' })),
  bytes(
    '429 with `Retry-After: 7`, labeled gzip but plain',
    whole(429, { 'retry-after': '7', 'content-encoding': 'gzip' }),
  ),
  {
    says: '429 with `Retry-After: 7`, cut',
    answer: (socket) => socket.end('HTTP/1.1 429 X\r\nretry-after: 7\r\ncontent-length: 9\r\n\r\n{'),
  },
  bytes('422 as `application/json`', whole(422, json, problem)),
  bytes(
    '422 as `application/problem+json`',
    whole(422, { 'content-type': 'application/problem+json' }, problem),
  ),
  bytes(
    '422 as `application/vnd.api+json; charset=utf-8`',
    whole(
      422,
      { 'content-type': 'application/vnd.api+json; charset=utf-8' },
      '{"errors":[{"code":"E1","detail":"no"}]}',
    ),
  ),
  bytes('422, JSON labeled `text/html`', whole(422, { 'content-type': 'text/html' }, problem)),
  bytes('422, JSON labeled gzip but plain', whole(422, { ...json, 'content-encoding': 'gzip' }, problem)),
  bytes('422, JSON in 1,500 levels', whole(422, json, '['.repeat(1_500) + ']'.repeat(1_500))),
  bytes('500, HTML', whole(500, { 'content-type': 'text/html' }, '<h1>Oops</h1>')),
  { says: 'the connection is closed', answer: (socket) => socket.end() },
  { says: 'the connection is reset', answer: (socket) => void socket.resetAndDestroy() },
  { says: 'silence', answer: () => undefined },
  bytes('half a head, then silence', 'HTTP/1.1 200 OK\r\ncontent-le'),
  bytes('no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'),
  bytes('a head larger than 16 KiB', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`),
  bytes(
    '101, a change of protocol',
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
  ),
]
