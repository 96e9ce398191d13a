import { createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import { track } from '../surface/vendor'
import { acme, sleep, tally, within } from './acme'

const many = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, index) => track(`e${index}`, more))
const ok = async () => new Response('{}')

describe('batches', () => {
  const batching = (batch: object | undefined, performBatch: (size: number) => unknown) => {
    const sizes: number[] = []
    const connection = acme(
      {
        performBatch: (_request, { payload }) => {
          sizes.push(payload.length)
          return performBatch(payload.length)
        },
      },
      { subscriptions: [{ action: 'go', filter: 'type = "track"', ...(batch && { batch }) }] },
    )
    return { sizes, runtime: createRuntime({ connections: [connection] }) }
  }
  const accepted = { status: 200, headers: new Headers() }

  test('fifty concurrent calls of one event make one batch of fifty', async () => {
    const { sizes, runtime } = batching({}, () => accepted)
    const outcomes = await Promise.all(many(50).map((event) => runtime.send([event])))
    expect(sizes).toEqual([50])
    expect(outcomes.map(([outcome]) => outcome?.messageId)).toEqual(
      many(50).map(({ messageId }) => messageId),
    )
    await runtime.close()
  })

  test('one that is too large for the destination is halved until it fits, and later ones are small at once', async () => {
    const { sizes, runtime } = batching({}, (size) => {
      if (size > 10) throw Object.assign(new Error('too large'), { status: 413 })
      return accepted
    })
    expect(tally(await runtime.send(many(40)))).toEqual({ delivered: 40 })
    expect(sizes).toEqual([40, 20, 10, 10, 20, 10, 10])
    sizes.length = 0
    expect(tally(await runtime.send(many(20)))).toEqual({ delivered: 20 })
    expect(sizes).toEqual([10, 10])
    await runtime.close()
  })

  test('an event that is too large alone is refused', async () => {
    const { sizes, runtime } = batching({}, () => {
      throw Object.assign(new Error('too large'), { status: 413 })
    })
    expect(tally(await runtime.send(many(2)))).toMatchObject({ 'rejected:HTTP_413': 2 })
    expect(sizes).toEqual([2, 1, 1])
    await runtime.close()
  })
})

describe('nobody starves', () => {
  const healthy = acme({ perform: () => sleep(2) }, { name: 'healthy' })
  const stall = () => new Promise<never>(() => undefined)
  const fail = () => {
    throw Object.assign(new Error('down'), { status: 500 })
  }
  const askForAnHour = () => {
    throw Object.assign(new Error('later'), {
      response: { status: 429, headers: new Headers({ 'retry-after': '3600' }) },
    })
  }

  test.each([
    ['fails', fail],
    ['stalls', stall],
    ['asks for an hour', askForAnHour],
  ])(
    'beside a connection that %s',
    async (_how, perform) => {
      const stop = new AbortController()
      const outcomes: Outcome[] = []
      let delivered = 0
      const runtime = createRuntime({
        connections: [healthy, acme({ perform }, { name: 'dead', limits: { maxPending: 200 } })],
        retry: { forMs: 4 * 3_600_000 },
        limits: { actionTimeoutMs: 60_000 },
        on: {
          outcome(outcome) {
            if (outcome.connection === 'healthy' && ++delivered === 3_000) stop.abort()
          },
        },
      })
      const source = function* () {
        for (let index = 0; index < 300; index++)
          yield Array.from({ length: 10 }, (_, at) => track(`e${index}-${at}`))
      }
      const running = runtime.stream(source(), {
        signal: stop.signal,
        onOutcome: (outcome) => void outcomes.push(outcome),
      })
      expect(
        await within(
          Promise.race([running, new Promise((resolve) => stop.signal.addEventListener('abort', resolve))]),
          20_000,
        ),
      ).not.toBe('late')
      await runtime.close({ withinMs: 0 })
      const totals = await running
      expect(totals.events).toBe(3_000)
      expect(totals.connections.healthy?.go?.delivered).toBe(3_000)
      const dead = outcomes.filter(({ connection }) => connection === 'dead')
      expect(dead).toHaveLength(3_000)
      expect(tally(dead)['retry:BACKLOG_FULL']).toBeGreaterThanOrEqual(2_700)
      expect(dead.filter(({ kind }) => kind === 'delivered')).toEqual([])
    },
    30_000,
  )

  test('where no connection makes progress, the source waits rather than that events are lost', async () => {
    const stop = new AbortController()
    const outcomes: Outcome[] = []
    const runtime = createRuntime({
      connections: [acme({ perform: fail }, { limits: { maxPending: 50 } })],
      retry: { forMs: 3_600_000, minMs: 600_000, maxMs: 600_000 },
      random: () => 0.9,
    })
    const running = runtime.stream([many(200)], {
      signal: stop.signal,
      onOutcome: (outcome) => void outcomes.push(outcome),
    })
    await sleep(300)
    expect(runtime.status()).toMatchObject([{ pending: 50, retrying: 50 }])
    stop.abort()
    expect((await running).events).toBe(50)
    expect(tally(outcomes)).toEqual({ 'retry:HTTP_500': 50 })
    await runtime.close()
  })

  test('a slow connection that works slows the source down, and gets everything', async () => {
    const runtime = createRuntime({
      connections: [
        healthy,
        acme({ perform: () => sleep(20) }, { name: 'slow', limits: { maxPending: 20 } }),
      ],
    })
    let most = 0
    const watching = setInterval(() => {
      most = Math.max(most, runtime.status()[1]?.pending ?? 0)
    }, 1)
    const totals = await runtime.stream([many(500)])
    clearInterval(watching)
    expect(totals.connections.slow?.go?.delivered).toBe(500)
    expect(most).toBeLessThanOrEqual(20)
    await runtime.close()
  })

  test('forty accounts at one slow host do not wait for each other', async () => {
    // Answers nobody before two requests of each account are there.
    let waiting = 0
    let answer = (): void => undefined
    const allAreThere = new Promise<void>((resolve) => {
      answer = resolve
    })
    const { startEmulator } = await import('waybill/testing')
    const emulator = await startEmulator({
      handle: async () => {
        waiting += 1
        if (waiting === 80) answer()
        await allAreThere
        return { status: 200 }
      },
    })
    const perform = (request: (url: string) => unknown) => request(emulator.url)
    const runtime = createRuntime({
      connections: Array.from({ length: 40 }, (_, index) => acme({ perform }, { name: `account ${index}` })),
      limits: { concurrency: 2 },
    })
    expect(tally(await runtime.send(many(8)))).toEqual({ delivered: 320 })
    await runtime.close()
    await emulator.close()
  }, 30_000)
})

describe('nothing crashes', () => {
  test('what is no event is an invalid outcome, and its neighbors are delivered', async () => {
    const runtime = createRuntime({ connections: [acme()], fetch: ok })
    const events = [track('a'), null, undefined, 5, 'x', [], track('b')] as SegmentEvent[]
    const outcomes = await runtime.send(events)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', ...Array(5).fill('invalid'), 'delivered'])
    expect(outcomes[1]).toMatchObject({
      index: 1,
      code: 'INVALID_EVENT',
      message: 'an event is an object; this is null',
    })
    const totals = await runtime.stream([events])
    expect(totals.connections.acme?.go).toMatchObject({ delivered: 2, invalid: 5 })
    await runtime.close()
  })

  test.each([3_000, 6_000, 20_000])('an event that is nested %d deep harms no other', async (depth) => {
    const a = JSON.parse('['.repeat(depth) + ']'.repeat(depth))
    const runtime = createRuntime({ connections: [acme()], fetch: ok })
    const outcomes = await runtime.send([
      track('a'),
      track('deep', { properties: { a } }),
      { type: 'track', event: 'no id', properties: { a } },
      track('b'),
    ])
    expect([outcomes[0]?.kind, outcomes[3]?.kind]).toEqual(['delivered', 'delivered'])
    expect(outcomes).toHaveLength(4)
    await runtime.close()
  })

  test.each([
    ['refused', async () => new Response('{}', { status: 401 }), 'blocked:CONNECTION_BLOCKED'],
    ['interrupted', () => sleep(50).then(ok), 'retry:INTERRUPTED'],
  ])('a line of 5,000 events of one person that is %s ends at once', async (_how, fetch, kind) => {
    const runtime = createRuntime({ connections: [acme({}, { ordering: 'user' })], fetch })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 10)
    const outcomes = await runtime.send(many(5_000, { userId: 'u' }), { signal: stop.signal })
    expect(tally(outcomes)[kind]).toBe(4_999)
    await runtime.close()
  })

  test('a listener that throws or rejects is reported once and changes nothing', async () => {
    const reported: string[] = []
    const fail = (): never => {
      throw new Error('mine')
    }
    const runtime = createRuntime({
      connections: [acme()],
      fetch: ok,
      on: {
        outcome: fail,
        attempt: async () => fail(),
        listenerError: (listener) => void reported.push(listener),
      },
    })
    expect(tally(await runtime.send(many(20)))).toEqual({ delivered: 20 })
    const totals = await runtime.stream([many(20)], { onOutcome: fail })
    expect(totals.connections.acme?.go?.delivered).toBe(20)
    expect(reported.sort()).toEqual(['on.attempt', 'on.outcome', 'onOutcome'])
    await runtime.close()
  })
})

test('send may ask for one subscription alone, and for outcomes with their events', async () => {
  const { subscriptions: _one, ...rest } = acme()
  const two = {
    ...rest,
    name: 'two',
    subscriptions: [
      { name: 'x', action: 'go', filter: 'type = "track"' },
      { name: 'y', action: 'go', filter: 'type = "track"' },
    ],
  }
  const runtime = createRuntime({ connections: [acme(), two], fetch: ok })
  const outcomes = await runtime.send([track('a'), track('b')], {
    only: { connection: 'two', subscription: 'y' },
    withEvents: true,
  })
  expect(outcomes).toMatchObject([
    { connection: 'two', subscription: 'y', event: { event: 'a' } },
    { connection: 'two', subscription: 'y', event: { event: 'b' } },
  ])
  await runtime.close()
})
