import { createRuntime, type SegmentEvent } from 'waybill'
import { track } from '../surface/vendor'
import { acme, sleep, tally, within } from './acme'

const never = () => new Promise<never>(() => undefined)
const limits = { actionTimeoutMs: 200 }

test.each([
  ['alone', acme({ perform: never })],
  ['in a batch', acme({ performBatch: never, perform: never })],
])('an action that never ends is unknown when its time is up (%s)', async (_how, connection) => {
  const runtime = createRuntime({ connections: [connection], limits })
  expect(await within(runtime.send([track('a'), track('b')]), 5_000)).toMatchObject([
    { kind: 'unknown', code: 'ACTION_TIMEOUT' },
    { kind: 'unknown', code: 'ACTION_TIMEOUT' },
  ])
  await runtime.close()
})

test('the signal of an action fires when its time is up, and ends its requests', async () => {
  const fired: boolean[] = []
  const perform = async (request: (url: string) => Promise<unknown>, { signal }: { signal: AbortSignal }) => {
    signal.addEventListener('abort', () => void fired.push(true))
    await request('http://vendor.test/')
  }
  const runtime = createRuntime({ connections: [acme({ perform })], limits, fetch: never })
  const [outcome] = await runtime.send([track('a')])
  expect(outcome).toMatchObject({ kind: 'unknown' })
  expect(fired).toEqual([true])
  await runtime.close()
})

test('what ends in time is not touched, however many are under way', async () => {
  const runtime = createRuntime({ connections: [acme({ perform: () => sleep(20) })], limits })
  const events = Array.from({ length: 400 }, (_, index) => track(`e${index}`))
  expect(tally(await runtime.send(events))).toEqual({ delivered: 400 })
  await runtime.close()
}, 20_000)

test('a token refresh that never ends does not keep a delivery', async () => {
  const definition = {
    authentication: { scheme: 'oauth2', fields: {}, refreshAccessToken: never },
  }
  const runtime = createRuntime({
    connections: [acme({ definition }, { settings: { oauth: { access_token: 'old' } } })],
    limits,
    fetch: async () => new Response('{}', { status: 401 }),
  })
  expect(await within(runtime.send([track('a')]), 5_000)).toMatchObject([
    { kind: 'blocked', message: expect.stringContaining('could not be renewed: not ended within 200 ms') },
  ])
  await runtime.close()
})

test('a tokenRefresh listener that fails or never ends leaves the new tokens in use', async () => {
  for (const tokenRefresh of [never, () => Promise.reject(new Error('no disk'))]) {
    const faults: string[] = []
    const definition = {
      authentication: {
        scheme: 'oauth2',
        fields: {},
        refreshAccessToken: async () => ({ accessToken: 'new' }),
      },
      extendRequest: ({ auth }: { auth: { accessToken: string } }) => ({
        headers: { authorization: auth.accessToken },
      }),
    }
    const runtime = createRuntime({
      connections: [acme({ definition }, { settings: { oauth: { access_token: 'old' } } })],
      limits,
      fetch: async (_url, init) =>
        new Response('{}', { status: new Headers(init?.headers).get('authorization') === 'new' ? 200 : 401 }),
      on: { tokenRefresh, listenerError: (listener) => void faults.push(listener) },
    })
    expect(tally(await runtime.send([track('a')]))).toEqual({ delivered: 1 })
    expect(faults).toEqual(['on.tokenRefresh'])
    await runtime.close()
  }
})

describe('close', () => {
  const waits = { retry: { forMs: 3_600_000, minMs: 600_000 }, random: () => 0.9 }

  test.each([
    ['withinMs', () => ({ withinMs: 50 })],
    ['signal', () => ({ signal: AbortSignal.timeout(50) })],
    ['a signal that fired', () => ({ signal: AbortSignal.abort() })],
  ])('ends by %s, whatever is under way', async (_how, options) => {
    const perform = (_request: unknown, { payload }: { payload: { name?: unknown } }) => {
      if (payload.name === 'fails') throw Object.assign(new Error('down'), { status: 503 })
      return never()
    }
    const runtime = createRuntime({
      connections: [acme({ perform: perform as never })],
      limits: { concurrency: 2 },
      ...waits,
    })
    const sending = runtime.send([track('fails'), track('hangs'), track('hangs'), track('waits')])
    await sleep(20)
    expect(await within(runtime.close(options()), 3_000)).toBeUndefined()
    expect(tally(await sending)).toEqual({
      'retry:HTTP_503': 1,
      'unknown:INTERRUPTED': 2,
      'retry:INTERRUPTED': 1,
    })
  })

  test('lets what ends in time end', async () => {
    const runtime = createRuntime({ connections: [acme({ perform: () => sleep(50) })] })
    const sending = runtime.send([track('a')])
    await runtime.close({ withinMs: 5_000 })
    expect(tally(await sending)).toEqual({ delivered: 1 })
  })

  test('leaves a source that is silent', async () => {
    const runtime = createRuntime({ connections: [acme({ perform: () => undefined })] })
    const streaming = runtime.stream(silentAfter([track('a')]))
    await sleep(20)
    await runtime.close({ withinMs: 10 })
    expect((await within(streaming, 1_000)) as object).toMatchObject({ events: 1 })
  })
})

test('stream leaves a silent source when its signal fires', async () => {
  const runtime = createRuntime({ connections: [acme({ perform: () => undefined })] })
  const stop = new AbortController()
  const streaming = runtime.stream(silentAfter([track('a')]), { signal: stop.signal })
  setTimeout(() => stop.abort(), 20)
  expect((await within(streaming, 1_000)) as object).toMatchObject({ events: 1 })
  await runtime.close()
})

async function* silentAfter(events: SegmentEvent[]): AsyncGenerator<SegmentEvent[]> {
  yield events
  await never()
}
