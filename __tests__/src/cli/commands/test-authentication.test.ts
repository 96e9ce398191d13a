import { type Emulator, startEmulator } from 'waybill/testing'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
let vendor: Emulator
beforeEach(async () => {
  vendor = await startEmulator({
    handle: ({ headers }) =>
      headers.authorization === 'Bearer good-key'
        ? { status: 200 }
        : { status: 401, body: { message: `who is ${headers.authorization}?` } },
  })
  files.write(
    'acme.js',
    `const text = { label: 'Text', description: '', type: 'string' }
     const destination = (testAuthentication) => ({
       name: 'Acme', mode: 'cloud', actions: {},
       authentication: { scheme: 'custom', fields: { url: text, key: text }, testAuthentication },
     })
     exports.acme = destination((request, { settings }) =>
       request(settings.url, { headers: { authorization: 'Bearer ' + settings.key } }))
     exports.silent = destination()`,
  )
  const connection = (name: string, destination: string, key: string, url = vendor.url) => ({
    name,
    destination: `./acme.js#${destination}`,
    settings: { url, key },
    subscriptions: [],
  })
  files.write('waybill.config.json', {
    connections: [
      connection('shop', 'acme', '$' + '{GOOD}'),
      connection('old shop', 'acme', '$' + '{BAD}'),
      connection('far shop', 'acme', 'x', 'http://127.0.0.1:1'),
      connection('silent', 'silent', 'x'),
    ],
  })
})
afterEach(() => vendor.close())

async function run(...names: string[]) {
  const screen = fakeTerminal({
    workingDirectory: files.folder,
    environment: { GOOD: 'good-key', BAD: 'bad-key' },
  })
  const code = await runCommandLine(['test-authentication', ...names], screen.terminal)
  return { code, screen }
}

test('tells plainly which credentials work, and shows none of them', async () => {
  const { code, screen } = await run()
  const [, ...lines] = screen.stdout.split('\n').map((line) => line.trim())
  expect(lines[1]).toMatch(/^shop +✓ the credentials work$/)
  expect(lines[2]).toMatch(
    /^old shop +✗ the credentials are refused: the destination answered 401: who is Bearer \*\*\*\?$/,
  )
  expect(lines[3]).toMatch(
    /^far shop +✗ the credentials could not be tested, since no answer came \(ECONNREFUSED\)/,
  )
  expect(lines[4]).toMatch(/^silent +– the destination offers no test$/)
  expect(screen.stdout + screen.stderr).not.toMatch(/good-key|bad-key/)
  expect(code).toBe(1)
})

test('tests only the connections that are named, and is content when they work', async () => {
  const { code, screen } = await run('shop', 'silent')
  expect(screen.stdout).not.toContain('old shop')
  expect(code).toBe(0)
  expect(vendor.requestCount).toBe(1)
})

test('a connection that is not there is an error with what was meant', async () => {
  const { code, screen } = await run('shpo')
  expect(code).toBe(2)
  expect(screen.stderr).toContain('there is no connection "shpo"; did you mean "shop"?')
})
