import { createRuntime } from 'waybill'
import { track, useVendor } from '../surface/vendor'
import { acme, sleep, tally, within } from './acme'

const vendor = useVendor()
const many = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => track(`e${index}`, more))
const posting = (more: object = {}, definition: object = {}) =>
  acme(
    {
      perform: (request, { payload }) => request(vendor.emulator.url, { method: 'post', json: payload }),
      definition,
    },
    more,
  )

test('after a 429 no request leaves before its time, whatever the order and the concurrency', async () => {
  for (const [concurrency, ordering] of [
    [1, 'none'],
    [4, 'none'],
    [4, 'user'],
  ] as const) {
    let requests = 0
    let pausedUntil = 0
    let early = 0
    const runtime = createRuntime({
      connections: [acme({}, { ordering })],
      limits: { concurrency },
      retry: { forMs: 60_000, minMs: 50 },
      fetch: async () => {
        requests += 1
        if (performance.now() < pausedUntil - 5) early += 1
        const isTenth = requests === 10
        await sleep(5)
        if (!isTenth) return new Response('{}')
        pausedUntil = performance.now() + 1_000
        return new Response('{}', { status: 429, headers: { 'retry-after': '1' } })
      },
    })
    const outcomes = await runtime.send(
      Array.from({ length: 30 }, (_, index) => track(`e${index}`, { userId: `u${index}` })),
    )
    expect(tally(outcomes)).toEqual({ delivered: 30 })
    expect(early).toBe(0)
    await runtime.close()
  }
}, 20_000)

test.each(['3600', '86400', '99999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
  'without retries send does not sleep for Retry-After: %s, but says how long to wait',
  async (retryAfter) => {
    vendor.answer = () => ({ status: 429, headers: { 'retry-after': retryAfter } })
    const runtime = createRuntime({ connections: [posting({ limits: { concurrency: 1 } })] })
    const outcomes = await within(runtime.send(many(3)), 5_000)
    expect(outcomes).toMatchObject([
      { kind: 'retry', code: 'HTTP_429', attempt: 1 },
      { kind: 'retry', code: 'CONNECTION_PAUSED', attempt: 0, afterMs: expect.any(Number) },
      { kind: 'retry', code: 'CONNECTION_PAUSED' },
    ])
    expect(await within(runtime.send(many(1)), 1_000)).toMatchObject([{ code: 'CONNECTION_PAUSED' }])
    expect(vendor.emulator.requestCount).toBe(1)
    expect(runtime.status()).toMatchObject([{ isStuck: true, waitsUntil: expect.any(Number) }])
    await runtime.close()
  },
)

test('Retry-After holds also when the body is too large, cut or unreadable', async () => {
  const headers = { 'retry-after': '7' }
  const bodies = [
    { status: 429, headers, body: 'x'.repeat(5_000) },
    { status: 429, headers: { ...headers, 'content-encoding': 'gzip' }, body: 'no gzip' },
  ]
  for (const answer of bodies) {
    vendor.answer = () => answer
    const runtime = createRuntime({ connections: [posting()], limits: { maxResponseBytes: 1_000 } })
    expect(await runtime.send(many(1))).toMatchObject([{ kind: 'retry', status: 429, afterMs: 7_000 }])
    await runtime.close()
  }
})

test('a wait that ends beyond the retry window is not waited for', async () => {
  vendor.answer = () => ({ status: 503, headers: { 'retry-after': '10' } })
  const runtime = createRuntime({ connections: [posting()], retry: { forMs: 5_000 } })
  expect(await within(runtime.send(many(2)), 2_000)).toMatchObject([{ afterMs: 10_000 }, { kind: 'retry' }])
  await runtime.close()
})

test('a wall clock that is set back an hour, or forward, changes nothing', async () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    let offset = 0
    let requests = 0
    const runtime = createRuntime({
      connections: [acme()],
      clock: {
        now: () => Date.now() + offset,
        monotonic: () => performance.now(),
        after: (ms, task) => {
          const timer = setTimeout(task, ms)
          return () => clearTimeout(timer)
        },
      },
      retry: { forMs: 3_000, minMs: 1, maxMs: 1 },
      limits: { concurrency: 1 },
      fetch: async () => {
        requests += 1
        offset = jump
        return requests === 1
          ? new Response('{}', { status: 429, headers: { 'retry-after': '1' } })
          : new Response('{}')
      },
    })
    const start = performance.now()
    expect(tally(await runtime.send(many(3)))).toEqual({ delivered: 3 })
    expect(performance.now() - start).toBeGreaterThan(950)
    expect(performance.now() - start).toBeLessThan(2_900)
    await runtime.close()
  }
})

describe('a refusal covers what was refused', () => {
  test('after a 401 nothing more leaves, until a minute has passed or tryNow', async () => {
    vendor.answer = () => ({ status: 401 })
    const runtime = createRuntime({ connections: [posting({ limits: { concurrency: 1 } })] })
    expect(tally(await runtime.send(many(50)))).toEqual({
      'blocked:HTTP_401': 1,
      'blocked:CONNECTION_BLOCKED': 49,
    })
    expect(vendor.emulator.requestCount).toBe(1)
    const [{ block } = { block: undefined }] = runtime.status()
    expect(block).toMatchObject({ scope: 'connection', code: 'HTTP_401', status: 401 })
    expect((block?.until ?? 0) - (block?.since ?? 0)).toBe(60_000)
    runtime.tryNow('acme')
    expect(tally(await runtime.send(many(3)))).toEqual({
      'blocked:HTTP_401': 1,
      'blocked:CONNECTION_BLOCKED': 2,
    })
    vendor.answer = () => ({ status: 200 })
    runtime.tryNow('acme')
    await runtime.send(many(1))
    expect(tally(await runtime.send(many(3)))).toEqual({ delivered: 3 })
    expect(runtime.status()[0]?.blocks).toEqual([])
    await runtime.close()
  })

  test('the page of a firewall for one event stops no other', async () => {
    vendor.answer = ({ body }) =>
      String(body).includes('"e5"')
        ? { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Request blocked</html>' }
        : { status: 200 }
    const runtime = createRuntime({ connections: [posting()], limits: { concurrency: 4 } })
    expect(tally(await runtime.send(many(50)))).toEqual({ delivered: 49, 'rejected:HTTP_403': 1 })
    await runtime.close()
  })

  test('a key without the permission for one action stops this action alone, after some attempts', async () => {
    const post = (request: (url: string, options: object) => unknown, { payload }: { payload: object }) =>
      request(vendor.emulator.url, { method: 'post', json: payload })
    vendor.answer = ({ body }) =>
      String(body).includes('"admin"')
        ? { status: 403, body: { error: 'insufficient scope' } }
        : { status: 200 }
    const runtime = createRuntime({
      connections: [acme({ actions: { admin: post as never, plain: post as never } })],
      limits: { concurrency: 1 },
    })
    const to = (name: string, count: number) => many(count, { properties: { to: name } })
    const outcomes = await runtime.send([...to('admin', 30), ...to('plain', 30)])
    const told = tally(outcomes.filter(({ kind }) => kind !== 'skipped'))
    expect(told).toEqual({ 'blocked:HTTP_403': 10, 'blocked:CONNECTION_BLOCKED': 20, delivered: 30 })
    expect(runtime.status()[0]).toMatchObject({
      isStuck: false,
      blocks: [{ scope: 'action', action: 'admin' }],
    })
    await runtime.close()
  })

  test('single 403s between successes never block', async () => {
    let requests = 0
    vendor.answer = () => ({ status: ++requests % 2 === 0 ? 200 : 403 })
    const runtime = createRuntime({ connections: [posting({ limits: { concurrency: 1 } })] })
    expect(tally(await runtime.send(many(60)))).toEqual({ delivered: 30, 'blocked:HTTP_403': 30 })
    await runtime.close()
  })
})

test('a paused connection sends nothing, and goes on when it is resumed', async () => {
  const runtime = createRuntime({ connections: [posting()], retry: { forMs: Number.POSITIVE_INFINITY } })
  runtime.pause('acme', 'ada')
  const sending = runtime.send(many(2))
  expect(await within(sending, 100)).toBe('late')
  expect(vendor.emulator.requestCount).toBe(0)
  expect(runtime.status()).toMatchObject([{ pause: { by: 'ada' }, isStuck: true, pending: 2 }])
  runtime.resume('acme')
  expect(tally(await sending)).toEqual({ delivered: 2 })
  expect(runtime.status()[0]).not.toHaveProperty('pause')
  expect(() => runtime.pause('acm')).toThrow('there is no connection "acm"; there are acme')
  await runtime.close()
  await sleep(0)
})
