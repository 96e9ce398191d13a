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

/** Memory in use after what can be collected has been, which takes some turns of the event loop. */
async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  for (let turn = 0; turn < 4; turn++) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

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

describe('in place of the reference', () => {
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
    const destination = new facade.Destination(definition(() => 'sent'))
    const results = await destination.onEvent(track('u'), { url: 'x', subscription })
    expect(results.at(-1)).toEqual({ data: 'sent', output: 'Action Executed' })
  })

  test('an action that does not exist gives no results alone, and is said to be unknown in a batch', async () => {
    const destination = new facade.Destination(definition(() => 'sent'))
    const settings = { url: 'x', subscription: { ...subscription, partnerAction: 'constructor' } }
    expect(await destination.onEvent(track('u'), settings)).toEqual([])
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
  const body = 'x'.repeat(20_000)
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
      const before = await usedBytes()
      await send(1_000)
      expect(destination.responses.length).toBeLessThanOrEqual(100)
      // The answers of a thousand events hold 20 MB.
      expect((await usedBytes()) - before).toBeLessThan(5_000_000)
    },
  )
})
