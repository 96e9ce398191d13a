import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Analytics } from '@segment/analytics-node'
import { temporaryFolder } from '../src/cli/temporary-folder'
import { until } from './browser-page'

const kills = Number(process.env.WAYBILL_SERVER_KILLS ?? 2)
jest.setTimeout(60_000 + kills * 20_000)
const files = temporaryFolder()
const root = join(__dirname, '../..')

/** A vendor in this process, which is not killed: it counts what it gets, and recognizes repetitions by their id. */
async function startVendor() {
  const calls = new Map<string, number>()
  const server = createServer((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (chunk) => {
      text += chunk
    })
    incoming.on('end', () => {
      const { id } = JSON.parse(text) as { id: string }
      calls.set(id, (calls.get(id) ?? 0) + 1)
      outgoing.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  }
}

const definition = `exports.acme = {
  name: 'Acme', slug: 'acme', mode: 'cloud', idempotent: true,
  authentication: { scheme: 'custom', fields: { endpoint: { label: 'Endpoint', description: 'Address.', type: 'string', required: true } } },
  actions: { track: { title: 'Track', description: 'Track.', defaultSubscription: 'type = "track"',
    fields: { id: { label: 'Id', description: 'Id.', type: 'string', required: true, default: { '@path': '$.messageId' } } },
    perform: (request, { payload, settings }) => request(settings.endpoint, { method: 'post', json: payload }) } },
}`

/** Starts `waybill serve` in a process of its own, and waits until it takes events. */
async function startServer(port: number): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=waybill-source',
      '-r',
      join(root, '__tests__/support/register-typescript.js'),
      join(root, 'src/cli/main.ts'),
      'serve',
      '--listen',
      `127.0.0.1:${port}`,
      '--no-console',
      '--quiet',
    ],
    { cwd: files.folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  const keep = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  await until(() => output.includes('Send an event:') || child.exitCode !== null, 30_000)
  if (child.exitCode !== null) throw new Error(output)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test(`the server is killed ${kills} times under load of the node SDK: what was accepted is delivered`, async () => {
  const vendor = await startVendor()
  files.write('acme.js', definition)
  files.write('waybill.config.json', {
    connections: [
      {
        destination: './acme.js#acme',
        settings: { endpoint: vendor.url },
        subscriptions: [{ action: 'track', filter: 'type = "track"' }],
      },
    ],
    sources: [{ name: 'site', writeKey: 'wk' }],
  })
  const port = await freePort()
  const analytics = new Analytics({
    writeKey: 'wk',
    host: `http://127.0.0.1:${port}`,
    flushInterval: 50,
    maxRetries: 100,
  })
  const accepted = new Set<string>()
  const failed: unknown[] = []
  let sent = 0
  const load = setInterval(() => {
    for (let count = 0; count < 5; count++) {
      sent += 1
      analytics.track({ userId: `u${sent % 7}`, event: 'Ordered' }, (error, context) => {
        if (error !== undefined) failed.push(error)
        else accepted.add(context?.event.messageId as string)
      })
    }
  }, 10)
  let server = await startServer(port)
  for (let kill = 0; kill < kills; kill++) {
    const before = accepted.size
    await until(() => accepted.size > before, 60_000)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
    server = await startServer(port)
  }
  clearInterval(load)
  await analytics.closeAndFlush({ timeout: 120_000 })
  await until(() => accepted.size + failed.length === sent, 120_000)
  const missing = () => [...accepted].filter((id) => !vendor.calls.has(id))
  // What was in flight at a kill comes back when its lease has ended.
  await until(() => missing().length === 0, 120_000)
  expect(failed).toEqual([])
  expect(accepted.size).toBe(sent)
  expect(vendor.calls.size).toBe(sent)
  const repeated = [...vendor.calls.values()].filter((count) => count > 1).length
  // Only what was in flight at a kill may be repeated; 16 requests are in flight at a time, and settlements lag a little.
  expect(repeated).toBeLessThanOrEqual(kills * 200)
  expect(Math.max(...vendor.calls.values())).toBeLessThanOrEqual(kills + 1)
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  expect(await ended).toBe(0)
  vendor.close()
  console.info(`${sent} events, ${kills} kills: 0 lost, ${repeated} sent to the vendor again`)
})
