import { type Connection, createRuntime, type Outcome, type Runtime, type RuntimeOptions } from 'waybill'
import { createMemoryQueue, type Queue } from 'waybill/queue'
import { track, useVendor } from '../surface/vendor'

const vendor = useVendor()
type Request = (url: string, options: object) => unknown
type Input = { settings: { url: string }; payload: Record<string, unknown> }
const text = { label: 'Text', description: '', type: 'string' }

const action = (path: string, more: object = {}) => ({
  title: path,
  description: '',
  fields: { name: { ...text, required: true, default: { '@path': '$.event' } } },
  perform: (request: Request, { payload, settings }: Input) =>
    request(`${settings.url}/${path}`, { method: 'post', json: payload }),
  ...more,
})
const destination = {
  name: 'Store Test',
  slug: 'store-test',
  mode: 'cloud',
  authentication: { scheme: 'custom', fields: { url: { ...text, required: true } } },
  actions: {
    one: action('one'),
    many: action('many', {
      performBatch: (
        request: Request,
        { payload, settings }: { settings: Input['settings']; payload: object[] },
      ) => request(`${settings.url}/many`, { method: 'post', json: payload }),
    }),
  },
} as unknown as Connection['destination']
const connection = (more: Partial<Connection> = {}): Connection => ({
  name: 'main',
  destination,
  settings: { url: vendor.emulator.url },
  subscriptions: [{ action: 'one', filter: 'type = "track"', batch: false }],
  ...more,
})

let queue: Queue
let runtime: Runtime
beforeEach(() => {
  queue = createMemoryQueue()
})
afterEach(async () => {
  await runtime.close({ withinMs: 0 })
  await queue.close()
})

/** Works until so many deliveries have ended. */
async function workUntil(count: number, options: Partial<RuntimeOptions> = {}): Promise<Outcome[]> {
  runtime = createRuntime({ connections: [connection()], ...options })
  const controller = new AbortController()
  const outcomes: Outcome[] = []
  await runtime.work(queue, {
    signal: controller.signal,
    onOutcome(outcome) {
      outcomes.push(outcome)
      if (outcomes.length === count) controller.abort()
    },
  })
  return outcomes
}
const put = async (names: string[], options: Partial<RuntimeOptions> = {}) => {
  const putting = createRuntime({ connections: [connection()], ...options })
  const report = await putting.put(
    queue,
    names.map((name) => track(name)),
  )
  await putting.close()
  return report
}
const waiting = async () =>
  (await queue.stats()).reduce((sum, { ready, waiting, leased }) => sum + ready + waiting + leased, 0)

test('what is put is delivered once, by whoever works on the queue', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `e${index}`)
  expect(await put(names)).toMatchObject({ deliveries: 300, duplicates: [], skipped: 0, invalid: [] })
  const outcomes = await workUntil(300)
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['delivered']))
  expect(vendor.bodies('/one')).toHaveLength(300)
  expect(await waiting()).toBe(0)
})

test('the same event is put once, and what no queue can keep is told while the rest is put', async () => {
  runtime = createRuntime({ connections: [connection()] })
  const events = [
    track('a'),
    track('a'),
    null as never,
    { type: 'page' },
    { type: 'track', messageId: 'x\0y', event: 'z' },
  ]
  const report = await runtime.put(queue, events)
  expect(report).toMatchObject({ deliveries: 2, duplicates: ['m-a'], skipped: 1 })
  expect(report.invalid).toMatchObject([
    { index: 2, kind: 'invalid', code: 'INVALID_EVENT', connection: 'main' },
    {
      index: 4,
      kind: 'invalid',
      code: 'INVALID_DELIVERY',
      message: expect.stringContaining('idempotencyKey'),
    },
  ])
  expect(await waiting()).toBe(1)
})

test('deliveries of many claims share batches', async () => {
  const batched = {
    connections: [
      connection({ subscriptions: [{ action: 'many', filter: 'type = "track"', batch: { maxCount: 50 } }] }),
    ],
  }
  await put(
    Array.from({ length: 100 }, (_, index) => `e${index}`),
    batched,
  )
  await workUntil(100, batched)
  expect(vendor.bodies('/many').map((body) => (body as unknown[]).length)).toEqual([50, 50])
})

test('a refusal for now goes back to the queue, and over a restart the attempts count on', async () => {
  await put(['a'])
  vendor.answer = () => ({ status: 503 })
  runtime = createRuntime({ connections: [connection()], retry: { minMs: 1, maxMs: 1 } })
  const stop = new AbortController()
  const working = runtime.work(queue, { signal: stop.signal })
  while (vendor.emulator.requestCount < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  await working
  await runtime.close()
  expect(await waiting()).toBe(1)
  vendor.answer = () => ({ status: 200 })
  const [outcome] = await workUntil(1)
  expect(outcome).toMatchObject({ kind: 'delivered', idempotencyKey: 'm-a' })
  expect(outcome?.attempt).toBe(vendor.emulator.requestCount)
})

test('what is refused for good is a dead letter with its reason, and can be replayed', async () => {
  await put(['a', 'b'])
  vendor.answer = ({ body }) => ({ status: String(body).includes('"a"') ? 400 : 200 })
  await workUntil(2)
  expect((await queue.dead.list({})).letters).toMatchObject([
    { reason: 'HTTP_400', delivery: { event: { event: 'a' } }, outcome: { kind: 'rejected' } },
  ])
  vendor.answer = () => ({ status: 200 })
  await runtime.close()
  await queue.dead.replay({})
  expect(await workUntil(1)).toMatchObject([{ kind: 'delivered' }])
})

test('what may have arrived is not sent again, unless the destination recognizes it', async () => {
  await put(['a'])
  const [lost] = await queue.claim({ max: 1, leaseMs: 1 })
  expect(lost?.maybeDone).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await workUntil(1)).toMatchObject([{ kind: 'unknown', code: 'MAYBE_DELIVERED' }])
  expect(vendor.emulator.requestCount).toBe(0)
  await runtime.close()
  await queue.dead.replay({})
  const idempotent = { ...destination, idempotent: true }
  expect(await workUntil(1, { connections: [connection({ destination: idempotent })] })).toMatchObject([
    { kind: 'delivered' },
  ])
})

test('refused credentials hold the connection: its deliveries wait, nothing spins, and a success lets them go', async () => {
  await put(Array.from({ length: 40 }, (_, index) => `e${index}`))
  vendor.answer = () => ({ status: 401 })
  runtime = createRuntime({ connections: [connection({ limits: { concurrency: 1 } })] })
  const working = runtime.work(queue)
  while (vendor.emulator.requestCount < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(vendor.emulator.requestCount).toBe(1)
  expect((await queue.stats())[0]).toMatchObject({
    leased: 0,
    heldBecause: expect.stringContaining('HTTP_401'),
  })
  vendor.answer = () => ({ status: 200 })
  runtime.tryNow('main')
  while ((await waiting()) > 1) await new Promise((resolve) => setTimeout(resolve, 10))
  await runtime.close()
  await working
  expect(vendor.emulator.requestCount).toBe(40)
})

test('a connection that the operator pauses delivers nothing until it is resumed', async () => {
  runtime = createRuntime({ connections: [connection()] })
  runtime.pause('main', 'ada')
  await runtime.put(queue, [track('a')])
  const working = runtime.work(queue)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(vendor.emulator.requestCount).toBe(0)
  expect((await queue.stats())[0]).toMatchObject({ ready: 1, heldBecause: 'paused by ada' })
  runtime.resume('main')
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await runtime.close()
  await working
  expect(vendor.emulator.requestCount).toBe(1)
})

test('closing gives back what waits and settles what is in flight', async () => {
  await put(Array.from({ length: 50 }, (_, index) => `e${index}`))
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  vendor.answer = async () => {
    await opened
    return { status: 200 }
  }
  runtime = createRuntime({ connections: [connection({ limits: { concurrency: 2 } })] })
  const working = runtime.work(queue)
  while (vendor.emulator.requestCount < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  const closing = runtime.close()
  open()
  await closing
  await working
  expect(vendor.emulator.requestCount).toBe(2)
  expect((await queue.stats())[0]).toMatchObject({ ready: 48, leased: 0 })
})

test('deliveries of a subscription that the configuration does not have stay in the queue', async () => {
  await put(['a'])
  const other = connection({ name: 'other' })
  await put(['b'], { connections: [other] })
  expect(await workUntil(1, { connections: [other] })).toMatchObject([
    { connection: 'other', kind: 'delivered' },
  ])
  expect(await waiting()).toBe(1)
})

test('a store that fails is told, and tried again', async () => {
  await put(['a'])
  const faults: unknown[] = []
  let failures = 2
  const failing: Queue = {
    ...queue,
    settle: (items) => {
      failures -= 1
      return failures >= 0 ? Promise.reject(new Error('disk')) : queue.settle(items)
    },
  }
  runtime = createRuntime({
    connections: [connection()],
    on: { storeError: (error) => void faults.push(error) },
  })
  const working = runtime.work(failing)
  while ((await waiting()) > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  await runtime.close()
  await working
  expect(faults).toHaveLength(2)
  expect(vendor.emulator.requestCount).toBe(1)
})
