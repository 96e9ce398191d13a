import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Analytics } from '@segment/analytics-node'
import { runCommandLine } from '../../../../src/cli/command-line'
import { until } from '../../../sdks/browser-page'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

jest.setTimeout(60_000)
const files = temporaryFolder()

/** Runs `waybill serve` until `stop`. */
async function serve(
  options: string[],
  setup: { folder?: string; environment?: Record<string, string> } = {},
) {
  const { folder = files.folder, environment = {} } = setup
  const world = fakeTerminal({ workingDirectory: folder, environment })
  let code: number | undefined
  const running = runCommandLine(['serve', '--listen', '127.0.0.1:0', ...options], world.terminal).then(
    (result) => {
      code = result
    },
  )
  await until(() => code !== undefined || world.stdout.includes('Send an event:'))
  const url = /serves on (\S+?): /.exec(world.stdout)?.[1] ?? ''
  return {
    url,
    world,
    emulator: (name: string) => new RegExp(`${name} is emulated on (\\S+)\\.`).exec(world.stdout)?.[1] ?? '',
    async stop() {
      world.interrupt()
      await running
      return code
    },
    code: () => code,
  }
}

const requestsOf = async (emulator: string) =>
  (await (await fetch(`${emulator}/__emulator/requests`)).json()) as {
    method: string
    path: string
    body: string
    status: number
  }[]

test('with no configuration it delivers what the node SDK sends to the emulated vendors of the demo', async () => {
  const server = await serve([], { folder: files.path('.') })
  expect(server.world.stderr).toContain('There is no configuration here')
  const analytics = new Analytics({ writeKey: 'local', host: server.url })
  const errors: unknown[] = []
  analytics.on('error', (error) => errors.push(error))
  analytics.identify({ userId: 'ada', traits: { email: 'ada@example.com', name: 'Ada Byron' } })
  analytics.track({ userId: 'ada', event: 'Signed Up', properties: { plan: 'pro' } })
  await analytics.closeAndFlush()
  expect(errors).toEqual([])
  await until(() => /2 events taken in; deliveries: [6-9] delivered/.test(server.world.stderr))
  for (const name of ['Zaius', 'Emarsys', 'Zendesk Connect']) {
    const requests = await requestsOf(server.emulator(name))
    expect(requests.map(({ body }) => body).join()).toContain('ada')
    expect(requests.every(({ status }) => status < 300)).toBe(true)
  }
  const settings = await (await fetch(`${server.url}/v1/projects/local/settings`)).json()
  expect(settings.integrations['Segment.io'].apiHost).toBe(`${server.url.slice(7)}/v1`)
  expect(
    await Promise.all(
      ['/healthz', '/readyz', '/api/overview'].map(async (path) => (await fetch(server.url + path)).status),
    ),
  ).toEqual([200, 200, 200])
  expect(await server.stop()).toBe(0)
})

describe('with a configuration', () => {
  /** A vendor that can be made to fail. */
  async function startVendor() {
    const names: string[] = []
    const state = { status: 200 }
    const server = createServer((incoming, outgoing) => {
      let text = ''
      incoming.on('data', (chunk) => {
        text += chunk
      })
      incoming.on('end', () => {
        if (state.status === 200) names.push(JSON.parse(text).name)
        outgoing.writeHead(state.status).end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      names,
      state,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: () => server.close().closeAllConnections(),
    }
  }
  const definition = `exports.acme = {
    name: 'Acme', slug: 'acme', mode: 'cloud',
    authentication: { scheme: 'custom', fields: { endpoint: { label: 'Endpoint', description: 'Address.', type: 'string', required: true } } },
    actions: { track: { title: 'Track', description: 'Track.', defaultSubscription: 'type = "track"',
      fields: { name: { label: 'Name', description: 'Name.', type: 'string', required: true, default: { '@path': '$.event' } } },
      perform: (request, { payload, settings }) => request(settings.endpoint, { method: 'post', json: payload }) } },
  }`
  const connection = (name: string, url: string) => ({
    name,
    destination: './acme.js#acme',
    settings: { endpoint: url },
    subscriptions: [{ action: 'track', filter: 'type = "track"' }],
  })
  const post = (url: string, key: string, event: string, messageId = event) =>
    fetch(`${url}/v1/track`, {
      method: 'POST',
      body: JSON.stringify({ writeKey: key, userId: 'u', event, messageId }),
    })
  const prepare = (folder: string, content: object) => {
    files.write(`${folder}/acme.js`, definition)
    files.write(`${folder}/waybill.config.json`, content)
    return { folder: files.path(folder), environment: { SITE_KEY: 'wk_site' } }
  }

  test('sources feed the connections that they name, and what waits outlives a restart', async () => {
    const vendor = await startVendor()
    const setup = prepare('restart', {
      connections: [connection('one', `${vendor.url}/one`), connection('two', `${vendor.url}/two`)],
      sources: [
        { name: 'site', writeKey: `\${SITE_KEY}`, connections: ['one'] },
        { name: 'app', writeKey: 'wk_app' },
      ],
    })
    vendor.state.status = 503
    const first = await serve(['--grace', '200ms'], setup)
    expect(first.world.stdout).toContain('2 connections, 2 sources')
    expect((await post(first.url, 'wk_site', 'a')).status).toBe(200)
    expect((await post(first.url, 'wk_app', 'b')).status).toBe(200)
    expect(await (await post(first.url, 'wk_app', 'again', 'b')).json()).toEqual({
      success: true,
      duplicates: 1,
    })
    expect((await post(first.url, 'wk_other', 'c')).status).toBe(401)
    expect(await first.stop()).toBe(0)
    expect(vendor.names).toEqual([])
    vendor.state.status = 200
    const second = await serve([], setup)
    expect(await (await post(second.url, 'wk_site', 'a')).json()).toEqual({ success: true, duplicates: 1 })
    await until(() => vendor.names.length === 3)
    expect(vendor.names.sort()).toEqual(['a', 'b', 'b'])
    expect(await second.stop()).toBe(0)
    vendor.close()
  })

  test('a change of the file takes effect, one with a mistake does not', async () => {
    const vendor = await startVendor()
    const sources = [{ name: 'site', writeKey: 'wk_1' }]
    const setup = prepare('reload', { connections: [connection('one', vendor.url)], sources })
    const server = await serve(['--memory'], setup)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    files.write('reload/waybill.config.json', {
      connections: [connection('one', vendor.url)],
      sources: [{ name: 'site', writeKe: 'x' }],
    })
    await until(() => server.world.stderr.includes('cannot be used, so nothing changes'))
    expect(server.world.stderr).toContain('sources[0].writeKe: there is no such option')
    expect((await post(server.url, 'wk_1', 'a')).status).toBe(200)
    files.write('reload/waybill.config.json', {
      connections: [connection('one', vendor.url), connection('two', vendor.url)],
      sources: [{ name: 'site', writeKey: 'wk_2' }],
    })
    await until(() => server.world.stderr.includes('has changed: 2 connections, 1 source from now on'))
    expect((await post(server.url, 'wk_1', 'b')).status).toBe(401)
    expect((await post(server.url, 'wk_2', 'c')).status).toBe(200)
    await until(() => vendor.names.length === 3)
    expect(vendor.names.sort()).toEqual(['a', 'c', 'c'])
    expect(await server.stop()).toBe(0)
    vendor.close()
  })

  test('what is wrong is told before anything is served', async () => {
    const setup = prepare('wrong', { connections: [connection('one', 'http://127.0.0.1:1')] })
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const port = (taken.address() as AddressInfo).port
    const messageOf = async (...options: string[]) => {
      const { world, code } = await serve(options, setup)
      expect(code()).toBe(2)
      return world.stderr
    }
    expect(await messageOf('--memory', '--listen', `127.0.0.1:${port}`)).toContain(
      'another process listens there',
    )
    expect(await messageOf('--memory', '--listen', 'nowhere')).toContain(
      '--listen nowhere: give an address and a port',
    )
    expect(await messageOf('--memory', '--listen', '0.0.0.0:0')).toContain(
      'names no sources, so anybody who reaches the server could send',
    )
    expect(await messageOf('--memory', '--tls-cert', 'a.pem')).toContain(
      '--tls-cert and --tls-key go together',
    )
    expect(await messageOf('--memory', '--tls-cert', 'a.pem', '--tls-key', 'b.pem')).toContain(
      '--tls-cert a.pem: there is no such file',
    )
    expect(await messageOf('--memory', '--emulate')).toContain('none of its connections has an emulator')
    taken.close()
  })

  test('a configuration for `run` is served on this machine with a key to try it', async () => {
    const vendor = await startVendor()
    const server = await serve(
      ['--memory'],
      prepare('plain', { connections: [connection('one', vendor.url)] }),
    )
    expect(server.world.stderr).toContain(
      'names no sources: the write key "local" is taken, on this machine alone',
    )
    expect((await post(server.url, 'local', 'a')).status).toBe(200)
    await until(() => vendor.names.length === 1)
    expect(await server.stop()).toBe(0)
    vendor.close()
  })
})
