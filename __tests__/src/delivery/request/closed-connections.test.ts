import type { Socket } from 'node:net'
import { createClosingHabit } from '../../../../src/delivery/request/closing-habit'
import type { PooledConnection } from '../../../../src/delivery/request/pooled-connection'
import { createUndiciTransport } from '../../../../src/delivery/request/undici-transport'
import { type RawVendor, startRawVendor } from '../../../support/raw-vendor'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
let vendor: RawVendor | undefined
afterEach(() => vendor?.close())

type Answer = (socket: Socket, count: number, use: number) => void

/** Sends one by one, or several at a time, and counts what became of the requests. */
async function sendAll(answer: Answer, count: number, atATime = 1) {
  vendor = await startRawVendor(answer)
  const transport = createUndiciTransport({ connections: 17 })
  const counts = { delivered: 0, unknown: 0, notSent: 0 }
  const send = async (): Promise<void> => {
    try {
      await transport.send({
        url: `${vendor?.url}/`,
        method: 'POST',
        headers: [],
        body: '{}',
        timeoutMs: 5_000,
        maxResponseBytes: 1_000,
        signal: undefined,
        agent: undefined,
      })
      counts.delivered += 1
    } catch (error) {
      counts[(error as { isSent: boolean }).isSent ? 'unknown' : 'notSent'] += 1
    }
  }
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await send()
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  await transport.close()
  return counts
}

const closings: [string, (socket: Socket) => void][] = [
  ['ends each connection', (socket) => socket.end(ok)],
  [
    'resets each connection',
    (socket) => socket.write(ok, () => setTimeout(() => socket.resetAndDestroy(), 1)),
  ],
  ['ends each connection 5 ms later', (socket) => socket.write(ok, () => setTimeout(() => socket.end(), 5))],
]

describe.each(closings)('a vendor that %s after its response, without saying so', (_name, answer) => {
  test.each([1, 4])('gets every event once, %i at a time', async (atATime) => {
    expect(await sendAll(answer, 40, atATime)).toEqual({ delivered: 40, unknown: 0, notSent: 0 })
    expect(vendor?.requests).toHaveLength(40)
  })
})

test('a vendor that ends each connection after its second response gets every event once', async () => {
  const answer: Answer = (socket, _count, use) => (use === 2 ? socket.end(ok) : socket.write(ok))
  expect(await sendAll(answer, 40)).toEqual({ delivered: 40, unknown: 0, notSent: 0 })
})

test('what a vendor closes for being idle is later not used after half that time, for a while', () => {
  const habit = createClosingHabit()
  const connection = { isConnected: true, isIdle: true, isAwaitingResponse: false, idleSince: 0, uses: 3 }
  habit.learn(connection as PooledConnection, 3_000)
  const isSpentAt = (now: number, idleSince: number) =>
    habit.isSpent({ ...connection, idleSince } as PooledConnection, now)
  expect(isSpentAt(10_000, 8_600)).toBe(false)
  expect(isSpentAt(10_000, 8_400)).toBe(true)
  expect(isSpentAt(34_000, 31_000)).toBe(false)
})

test('a vendor that keeps connections is asked over two, and is not waited for after the first time', async () => {
  const startedAt = performance.now()
  expect(await sendAll((socket) => socket.write(ok), 200)).toMatchObject({ delivered: 200 })
  expect(vendor?.connections).toBeLessThanOrEqual(2)
  expect(performance.now() - startedAt).toBeLessThan(200 * 25)
})
