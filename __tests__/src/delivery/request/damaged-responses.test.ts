import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { createUndiciTransport } from '../../../../src/delivery/request/undici-transport'
import { type RawVendor, startRawVendor } from '../../../support/raw-vendor'

let vendor: RawVendor
let parts: readonly Buffer[] = []
beforeAll(async () => {
  vendor = await startRawVendor((socket) => {
    for (const part of parts) socket.write(part)
    socket.end()
  })
})
afterAll(() => vendor.close())

const plain = Buffer.from('{"ok":true,"message":"accepted"}')
const responses = [
  [
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${plain.length}\r\n\r\n`,
    ),
    plain,
  ],
  [
    Buffer.from('HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n'),
    Buffer.from(`${plain.length.toString(16)}\r\n${plain}\r\n0\r\n\r\n`),
  ],
  [
    Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${gzipSync(plain).length}\r\n\r\n`,
    ),
    gzipSync(plain),
  ],
  [
    Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n'),
    Buffer.from('{}'),
  ],
] as const

const damage = fc.record({
  place: fc.double({ min: 0, max: 0.999, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 0, maxLength: 4 }),
  replaced: fc.integer({ min: 0, max: 4 }),
})
const damaged = (
  whole: Buffer,
  { place, bytes, replaced }: { place: number; bytes: Uint8Array; replaced: number },
): Buffer => {
  const at = Math.floor(place * whole.length)
  return Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + replaced)])
}

async function send() {
  const transport = createUndiciTransport({ connections: 1 })
  try {
    return await transport.send({
      url: `${vendor.url}/`,
      method: 'POST',
      headers: [],
      body: '{}',
      timeoutMs: 3_000,
      maxResponseBytes: 10_000,
      signal: undefined,
      agent: undefined,
    })
  } finally {
    await transport.close()
  }
}

test('whatever damage a response has, the request ends as a response or as a failure that says whether it was sent', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...responses),
      damage,
      fc.integer({ min: 1, max: 40 }),
      async ([head, body], harm, size) => {
        const whole = damaged(Buffer.concat([head, body]), harm)
        parts = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
          whole.subarray(index * size, (index + 1) * size),
        )
        const result = await send().catch((error: unknown) => error)
        const { status, isSent } = result as { status?: number; isSent?: boolean }
        expect(typeof status === 'number' || isSent === true).toBe(true)
      },
    ),
    { numRuns: 150 },
  )
})

test('damage to a body changes nothing about its status', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...responses), damage, async ([head, body], harm) => {
      parts = [head, damaged(body, harm)]
      const { status } = await send()
      expect(status).toBe(Number(/HTTP\/1\.1 (2\d\d)/.exec(head.toString())?.[1]))
    }),
    { numRuns: 150 },
  )
})
