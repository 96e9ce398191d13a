import { type Emulator, startEmulator } from 'waybill/testing'
import { runCommandLine } from '../../../src/cli/command-line'
import { type ForwardProxy, startForwardProxy } from '../../support/forward-proxy'
import { fakeTerminal } from './fake-terminal'
import { temporaryFolder } from './temporary-folder'

let vendor: Emulator
let proxy: ForwardProxy
beforeAll(async () => {
  vendor = await startEmulator({ handle: () => ({ status: 200, body: {} }) })
  proxy = await startForwardProxy({ user: 'me', password: 'proxy-password' })
})
afterAll(async () => {
  await vendor.close()
  await proxy.close()
})
beforeEach(() => {
  proxy.clear()
  vendor.clear()
})

const definition = (url: string) => `exports.acme = {
  name: 'Acme', slug: 'acme', mode: 'cloud', authentication: { scheme: 'custom', fields: {}, testAuthentication: (request) => request('${url}/test') },
  actions: { go: { title: 'Go', description: 'Goes.', fields: {}, perform: (request) => request('${url}/go', { method: 'post', json: {} }) } },
}`

const { folder: workingDirectory, write } = temporaryFolder()

async function run(environment: Record<string, string>, commandArguments: string[], network?: object) {
  write('acme.cjs', definition(vendor.url))
  write('waybill.config.json', {
    connections: [
      {
        destination: './acme.cjs#acme',
        network,
        subscriptions: [{ action: 'go', filter: 'type = "track"' }],
      },
    ],
  })
  const stdin = '{"type":"track","messageId":"m1","userId":"u1","event":"E"}\n'
  const screen = fakeTerminal({ stdin, environment, workingDirectory })
  const code = await runCommandLine(commandArguments, screen.terminal)
  return { code, text: screen.stdout + screen.stderr }
}
let runs = 0
const runArguments = () => ['run', '--retry-for', '0', '--dead-letters', `dead-${runs++}.ndjson`]

test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])('%s is honored by run', async (name) => {
  const { code } = await run({ [name]: proxy.url }, runArguments())
  expect(code).toBe(0)
  expect(proxy.requests).toEqual([`POST ${vendor.url}/go`])
  expect(vendor.requestCount).toBeGreaterThan(0)
})

test('and by test-authentication and explain --send', async () => {
  await run({ HTTP_PROXY: proxy.url }, ['test-authentication'])
  await run({ HTTP_PROXY: proxy.url }, ['explain', '--send'])
  expect(proxy.requests).toEqual([`GET ${vendor.url}/test`, `POST ${vendor.url}/go`])
})

test('NO_PROXY is honored', async () => {
  expect((await run({ HTTP_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' }, runArguments())).code).toBe(0)
  expect(proxy.requests).toEqual([])
})

test('the configuration goes over the environment, and its files and addresses are checked', async () => {
  const environment = { HTTP_PROXY: 'http://127.0.0.1:1', PROXY_PASSWORD: 'proxy-password' }
  const own = proxy.url.replace('proxy-password', `\${PROXY_PASSWORD}`)
  expect((await run(environment, runArguments(), { proxy: { http: own } })).code).toBe(0)
  expect(proxy.requests).toHaveLength(1)
  const { code, text } = await run({}, runArguments(), { tls: { ca: 'missing.pem' } })
  expect(code).toBe(2)
  expect(text).toContain(
    'connections[0].network.tls.ca: is neither PEM nor a file that can be read: missing.pem',
  )
})

test('the password of a proxy that is down is shown nowhere', async () => {
  const { code, text } = await run({ HTTP_PROXY: 'http://me:proxy-password@127.0.0.1:1' }, runArguments())
  expect(code).toBe(1)
  expect(text).not.toContain('proxy-password')
})

test('private addresses can be closed', async () => {
  const { code, text } = await run({}, runArguments(), { allowPrivateAddresses: false })
  expect(code).toBe(1)
  expect(text).toContain('PRIVATE_ADDRESS')
  expect(vendor.requests).toEqual([])
})
