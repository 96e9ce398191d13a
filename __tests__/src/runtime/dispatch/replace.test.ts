import { createRuntime, type SegmentEvent } from 'waybill'
import { createMemoryQueue } from 'waybill/queue'
import { track } from '../surface/vendor'
import { acme, sleep, tally, within } from './acme'

const many = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => track(`e${index}`, more))

/** A connection whose action notes which version of it took an event. */
function versions() {
  const seen: string[] = []
  let open: () => void = () => undefined
  let gate = Promise.resolve()
  return {
    seen,
    close() {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    open: () => open(),
    version: (name: string, more: object = {}, perform: () => unknown = () => gate) =>
      acme(
        {
          perform: async (_request, { payload }) => {
            seen.push(`${name}:${payload.name}`)
            await perform()
          },
        },
        more,
      ),
  }
}

test('what is in flight ends on the old connection, what waits continues on the new one with its mapping', async () => {
  const { seen, version, close, open } = versions()
  close()
  const runtime = createRuntime({ connections: [version('old', { limits: { concurrency: 2 } })] })
  const sending = runtime.send(many(5))
  await sleep(10)
  const mapping = { name: { '@template': 'new-{{event}}' } }
  const replaced = runtime.connections.replace(
    'acme',
    version('new', { subscriptions: [{ action: 'go', filter: 'type = "track"', mapping }] }),
  )
  await sleep(10)
  expect(seen.slice(0, 2)).toEqual(['old:e0', 'old:e1'])
  expect(seen.slice(2).sort()).toEqual(['new:new-e2', 'new:new-e3', 'new:new-e4'])
  expect(await within(replaced, 20)).toBe('late')
  open()
  await replaced
  const outcomes = await sending
  expect(tally(outcomes)).toEqual({ delivered: 5 })
  expect(outcomes.map(({ messageId }) => messageId)).toEqual(many(5).map(({ messageId }) => messageId))
  expect(runtime.status()).toMatchObject([{ name: 'acme', pending: 0 }])
  await runtime.close()
})

test('a retry that waits is made by the new connection, in its time; so is one that the old ends with', async () => {
  const { seen, version } = versions()
  const fail = () => {
    throw Object.assign(new Error('down'), { status: 503 })
  }
  const runtime = createRuntime({
    connections: [version('old', {}, fail)],
    retry: { forMs: 60_000, minMs: 100, maxMs: 100 },
    random: () => 0.99,
  })
  const sending = runtime.send(many(2))
  await sleep(20)
  await runtime.connections.replace('acme', version('new'))
  expect(tally(await sending)).toEqual({ delivered: 2 })
  expect(seen).toEqual(['old:e0', 'old:e1', 'new:e0', 'new:e1'])
  await runtime.close()
})

test('the order of a person holds across the change', async () => {
  const { seen, version, close, open } = versions()
  close()
  const ordered = { ordering: 'user' as const }
  const runtime = createRuntime({ connections: [version('old', ordered)] })
  const sending = runtime.send(many(4, { userId: 'u' }))
  await sleep(10)
  const replaced = runtime.connections.replace('acme', version('new', ordered))
  const later = runtime.send([track('later', { userId: 'u' })])
  await sleep(20)
  expect(seen).toEqual(['old:e0'])
  open()
  await replaced
  expect(tally([...(await sending), ...(await later)])).toEqual({ delivered: 5 })
  expect(seen).toEqual(['old:e0', 'new:e1', 'new:e2', 'new:e3', 'new:later'])
  await runtime.close()
})

test('a removed connection ends what waits, and a new one gets the events that follow', async () => {
  const { version, close, open } = versions()
  close()
  const runtime = createRuntime({
    connections: [
      version('first', { limits: { concurrency: 1 } }),
      acme({ perform: () => undefined }, { name: 'other' }),
    ],
  })
  const sending = runtime.send(many(3))
  await sleep(10)
  const removed = runtime.connections.remove('acme')
  open()
  await removed
  expect(tally((await sending).filter(({ connection }) => connection === 'acme'))).toEqual({
    delivered: 1,
    'retry:CONNECTION_REMOVED': 2,
  })
  expect(runtime.connections).toEqual([{ name: 'other', subscriptions: ['go'] }])
  expect(await runtime.send(many(1))).toHaveLength(1)
  runtime.connections.add(acme({ perform: () => undefined }, { name: 'third' }))
  expect((await runtime.send(many(1))).map(({ connection }) => connection)).toEqual(['other', 'third'])
  expect(() => runtime.connections.add(acme({}, { name: 'third' }))).toThrow(
    'two connections are called "third"',
  )
  await expect(runtime.connections.replace('third', { ...acme(), settings: { no: 1 } })).rejects.toThrow(
    /unknown setting/,
  )
  await expect(runtime.connections.remove('gone')).rejects.toThrow('there is no connection "gone"')
  expect(await runtime.send(many(1))).toHaveLength(2)
  await runtime.close()
})

test('no delivery is lost or made twice however often connections are replaced, and totals go on', async () => {
  const seen = new Map<string, number>()
  const connection = (name: string) =>
    acme(
      {
        perform: async (_request, { payload }) => {
          const key = `${name}:${payload.name}`
          seen.set(key, (seen.get(key) ?? 0) + 1)
          await sleep(Math.random() * 4)
          if (Math.random() < 0.1) {
            seen.set(key, (seen.get(key) ?? 0) - 1)
            throw Object.assign(new Error('down'), { status: 503 })
          }
        },
      },
      { name, ordering: Math.random() < 0.5 ? 'user' : 'none', limits: { concurrency: 3 } },
    )
  const names = ['a', 'b', 'c']
  const runtime = createRuntime({
    connections: names.map(connection),
    retry: { forMs: 60_000, minMs: 2, maxMs: 5 },
  })
  let isOver = false
  const churn = async () => {
    while (!isOver) {
      const name = names[Math.floor(Math.random() * names.length)] as string
      void runtime.connections.replace(name, connection(name))
      await sleep(3)
    }
  }
  const source = async function* (): AsyncGenerator<SegmentEvent[]> {
    for (let index = 0; index < 60; index++) {
      yield Array.from({ length: 10 }, (_, at) => track(`e${index}-${at}`, { userId: `u${at}` }))
      await sleep(1)
    }
  }
  const churning = churn()
  const totals = await runtime.stream(source())
  isOver = true
  await churning
  await runtime.close()
  expect(totals.events).toBe(600)
  for (const name of names) expect(totals.connections[name]?.go?.delivered).toBe(600)
  expect(seen.size).toBe(1_800)
  expect([...seen.values()].filter((count) => count !== 1)).toEqual([])
}, 30_000)

test('deliveries of a queue stay in it while their connection is away', async () => {
  const queue = createMemoryQueue()
  const { seen, version } = versions()
  const runtime = createRuntime({ connections: [version('one')] })
  await runtime.put(queue, many(2))
  await runtime.connections.remove('acme')
  const working = runtime.work(queue)
  await sleep(50)
  const whileAway = [...seen]
  runtime.connections.add(version('two'))
  for (let tries = 0; seen.length < 2 && tries < 400; tries++) await sleep(5)
  await runtime.close()
  await working
  await queue.close()
  expect(whileAway).toEqual([])
  expect(seen).toEqual(['two:e0', 'two:e1'])
})
