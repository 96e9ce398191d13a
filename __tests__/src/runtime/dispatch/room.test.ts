import { createLimiter, type Limiter } from '../../../../src/delivery/limit'
import { untilRoom } from '../../../../src/runtime/dispatch/room'

const clock = { now: () => 0, after: () => () => undefined }
const limiterWith = (waiting: number): { limiter: Limiter; withdraw: (() => void)[] } => {
  const limiter = createLimiter({ concurrency: 2, clock })
  const withdraw = Array.from({ length: 2 + waiting }, () => limiter.acquire(() => undefined))
  return { limiter, withdraw }
}
const isPending = async (promise: Promise<void>): Promise<boolean> =>
  Promise.race([promise.then(() => false), new Promise<boolean>((resolve) => setImmediate(resolve, true))])

test('there is room while one connection has little waiting, or there is none at all', () => {
  expect(untilRoom([])).toBeUndefined()
  expect(untilRoom([limiterWith(7)])).toBeUndefined()
  expect(untilRoom([limiterWith(8), limiterWith(7)])).toBeUndefined()
  expect(untilRoom([limiterWith(8), limiterWith(8)])).toBeInstanceOf(Promise)
})

test('there is room again when one connection has half as much waiting, for everyone who waits for it', async () => {
  const connections = [limiterWith(8), limiterWith(8)]
  const first = untilRoom(connections) as Promise<void>
  const second = untilRoom(connections) as Promise<void>
  const { limiter } = connections[1] as (typeof connections)[0]
  for (let served = 0; served < 3; served++) limiter.release()
  expect(limiter.waiting).toBe(5)
  expect(await isPending(first)).toBe(true)
  limiter.release()
  expect(await isPending(first)).toBe(false)
  expect(await isPending(second)).toBe(false)
})

test('there is room again when those who wait are withdrawn', async () => {
  const connection = limiterWith(8)
  const room = untilRoom([connection]) as Promise<void>
  for (const withdraw of connection.withdraw.slice(2, 6)) withdraw()
  expect(connection.limiter.waiting).toBe(4)
  expect(await isPending(room)).toBe(false)
})
