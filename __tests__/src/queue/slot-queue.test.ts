import { createMemoryQueue, createSlotQueue, type Delivery, type Queue, QueueError } from 'waybill/queue'
import { testQueue } from 'waybill/testing'

testQueue({
  name: 'over two servers, what belongs together on one',
  clock: 'given',
  quietMs: 60,
  create: ({ now }) => createSlotQueue([createMemoryQueue({ now }), createMemoryQueue({ now })]),
})

const delivery = (key: string, connection: string): Delivery => ({
  ...{ event: { type: 'track', messageId: key }, connection, subscription: 'all', idempotencyKey: key },
  ...{ attempt: 0, receivedAt: 1, firstAttemptAt: 0, history: [] },
})
/** A server that can be away. */
function breakable(): { queue: Queue; isAway: boolean } {
  const inner = createMemoryQueue()
  const server = { queue: inner, isAway: false }
  const refuse = () => {
    if (server.isAway) throw new QueueError('QUEUE_UNAVAILABLE', 'away')
  }
  server.queue = {
    ...inner,
    async put(...parameters) {
      refuse()
      return inner.put(...parameters)
    },
    async claim(options) {
      if (!server.isAway) return inner.claim(options)
      await new Promise((resolve) => setTimeout(resolve, 3000))
      return refuse() ?? []
    },
  }
  return server
}

test('connections are spread over the servers, each on one', async () => {
  const servers = [createMemoryQueue(), createMemoryQueue()]
  const queue = createSlotQueue(servers)
  const connections = Array.from({ length: 40 }, (_, index) => `connection ${index}`)
  for (const round of [1, 2])
    await queue.put(connections.map((connection) => delivery(`${round} ${connection}`, connection)))
  const counts = await Promise.all(
    servers.map(async (server) => (await server.stats()).map(({ ready }) => ready)),
  )
  expect(counts.flat()).toEqual(connections.map(() => 2))
  expect(Math.min(...counts.map((one) => one.length))).toBeGreaterThan(8)
  await queue.close()
})

test('a dead server delays its own deliveries only; a put that failed is repeated under the same ids', async () => {
  const [first, second] = [breakable(), breakable()]
  const queue = createSlotQueue([first.queue, second.queue])
  const connections = Array.from({ length: 20 }, (_, index) => `connection ${index}`)
  const put = connections.map((connection) => delivery(connection, connection))
  second.isAway = true
  await expect(queue.put(put)).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' })
  const start = performance.now()
  const early = await queue.claim({ max: 40, leaseMs: 60_000, signal: AbortSignal.timeout(2000) })
  expect(performance.now() - start).toBeLessThan(1500)
  expect(early.length).toBeGreaterThan(0)
  second.isAway = false
  const { duplicates } = await queue.put(put)
  expect(duplicates).toHaveLength(early.length)
  const found = early.map((one) => one.delivery.idempotencyKey)
  const deadline = Date.now() + 15_000
  while (found.length < put.length && Date.now() < deadline) {
    const claims = await queue.claim({ max: 40, leaseMs: 60_000, signal: AbortSignal.timeout(1000) })
    found.push(...claims.map((one) => one.delivery.idempotencyKey))
  }
  expect(found.sort()).toEqual([...connections].sort())
  await queue.close()
}, 30_000)
