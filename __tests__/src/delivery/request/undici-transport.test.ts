import { createServer } from 'node:net'
import { createUndiciTransport } from '../../../../src/delivery/request/undici-transport'

/** An address at which nobody listens. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}/`
}

/** What would have ended a process of its own. */
const unhandled: unknown[] = []
const remember = (error: unknown): void => void unhandled.push(error)
beforeEach(() => process.on('unhandledRejection', remember).on('uncaughtException', remember))
afterEach(() => process.off('unhandledRejection', remember).off('uncaughtException', remember))

test('a vendor that is down fails every request by itself, those too that wait for a connection', async () => {
  const transport = createUndiciTransport({ connections: 1 })
  const url = await closedAddress()
  const send = () =>
    transport.send({
      url,
      method: 'POST',
      headers: [],
      body: '{}',
      timeoutMs: 5_000,
      maxResponseBytes: 1_000,
      signal: undefined,
      agent: undefined,
    })
  const answers = await Promise.allSettled([send(), send(), send()])
  await transport.close()
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ECONNREFUSED', isSent: false } })
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})
