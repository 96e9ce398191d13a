import { Agent, createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as facade from 'waybill/actions-core'

/** Where the reference hangs, crashes, loses or confuses something, ours does not, in either mode. */
async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Memory in use after a collection. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const modes = [{ compatibility: true }, { compatibility: false }]
const definition = (perform: (request: facade.RequestClient, data: never) => unknown, more: object = {}) =>
  ({
    name: 'A name with spaces',
    mode: 'cloud',
    authentication: {
      scheme: 'custom',
      fields: { url: { label: 'URL', description: '', type: 'string', required: true } },
    },
    actions: {
      act: {
        title: 'Act with spaces',
        description: '',
        fields: { id: { label: 'Id', description: '', type: 'string', required: true } },
        perform,
        ...more,
      },
    },
  }) as unknown as facade.DestinationDefinition

const subscription = {
  subscribe: 'type = "track"',
  partnerAction: 'act',
  mapping: { id: { '@path': '$.userId' } },
}
const track = (userId: string) => ({ type: 'track' as const, userId })

describe.each(modes)('in the mode %j', (mode) => {
  test.each([64 * 1024, 5 * 1024 * 1024])('an answer of %d bytes is read whole', async (size) => {
    const body = 'x'.repeat(size)
    await withServer(
      (_request, response) => void response.end(body),
      async (url) => {
        const destination = new facade.Destination(
          definition(async (request) => {
            const response = await request(url)
            return { content: response.content.length, again: (await response.text()).length }
          }),
          mode,
        )
        const results = await destination.onEvent(track('u'), { url, subscription })
        expect(results.at(-1)?.data).toEqual({ content: size, again: size })
      },
    )
  })

  test('an answer that stalls ends at the time-out of the request, and at the signal of the caller', async () => {
    await withServer(
      (_request, response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('half')
      },
      async (url) => {
        let timeout: number | undefined = 100
        const destination = new facade.Destination(
          definition((request) => request(url, timeout === undefined ? {} : { timeout })),
          mode,
        )
        const run = (options?: object) =>
          destination.onEvent(track('u'), { url, subscription }, options as never).then(
            (results) => results[0]?.error,
            (error) => error,
          )
        expect(await run()).toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' })
        timeout = undefined
        expect(await run({ signal: AbortSignal.timeout(100) })).toMatchObject({
          name: 'RequestTimeoutError',
          status: 408,
        })
      },
    )
  })

  test('a name with spaces is a name', async () => {
    const destination = new facade.Destination(
      definition(() => 'sent'),
      mode,
    )
    const results = await destination.onEvent(track('u'), { url: 'x', subscription })
    expect(results.at(-1)).toEqual({ data: 'sent', output: 'Action Executed' })
  })

  test('an action that does not exist is said to be so, alone and in a batch', async () => {
    const destination = new facade.Destination(
      definition(() => 'sent'),
      mode,
    )
    const settings = { url: 'x', subscription: { ...subscription, partnerAction: 'constructor' } }
    expect(await destination.onEvent(track('u'), settings)).toMatchObject([{ error: { status: 501 } }])
    expect(await destination.onBatch([track('u')], settings)).toMatchObject([
      { multistatus: [{ status: 501, errortype: 'NOT_IMPLEMENTED' }] },
    ])
  })
})

test('an agent that requests share is not destroyed under the others', async () => {
  const agent = new Agent({ keepAlive: true })
  const destroy = jest.spyOn(agent, 'destroy')
  let noteReceived: () => void = () => undefined
  const received = new Promise<void>((resolve) => {
    noteReceived = resolve
  })
  let release: () => void = () => undefined
  await withServer(
    (request, response) => {
      if (request.url !== '/slow') return void response.end('ok')
      release = () => response.end('ok')
      noteReceived()
    },
    async (url) => {
      const request = facade.createRequestClient({ agent } as never)
      const slow = request(`${url}/slow`)
      await received
      await Promise.all(Array.from({ length: 5 }, () => request(`${url}/fast`)))
      expect(destroy).not.toHaveBeenCalled()
      release()
      expect((await slow).content).toBe('ok')
      expect(destroy).toHaveBeenCalledTimes(1)
    },
  )
})

test('a thousand events leave memory as it was', async () => {
  const body = 'x'.repeat(50_000)
  await withServer(
    (_request, response) => void response.end(body),
    async (url) => {
      const destination = new facade.Destination(definition((request) => request(url)))
      const send = async (count: number) => {
        for (let sent = 0; sent < count; sent += 50)
          await Promise.all(
            Array.from({ length: 50 }, () => destination.onEvent(track('u'), { url, subscription })),
          )
      }
      await send(200)
      const before = usedBytes()
      await send(1_000)
      expect(destination.responses.length).toBeLessThanOrEqual(100)
      // The answers of a thousand events hold 50 MB.
      expect(usedBytes() - before).toBeLessThan(20_000_000)
    },
  )
})

test('by default a mapping that fails leaves the event of the other alone', async () => {
  const destination = new facade.Destination(
    definition(() => 'sent'),
    { compatibility: false },
  )
  const failing = { ...subscription, mapping: { id: { '@path': 5 } } }
  const results = await destination.onEvent(track('u'), {
    url: 'x',
    subscriptions: [failing, subscription],
  } as never)
  expect(results.filter(({ error }) => error)).toHaveLength(1)
  expect(results.at(-1)).toEqual({ data: 'sent', output: 'Action Executed' })
})

test.each([undefined, null, 'ok', 5, [], [{ status: 200 }], { status: 200 }, { responses: [] }])(
  'by default a batch that answers %j is no success',
  async (answer) => {
    const destination = new facade.Destination(
      definition(() => 'sent', { performBatch: () => answer }),
      { compatibility: false },
    )
    const [result] = await destination.onBatch([track('u1'), track('u2')], { url: 'x', subscription })
    expect(result?.multistatus).toHaveLength(2)
    for (const node of result?.multistatus ?? []) expect(node.status).toBe(500)
  },
)
