import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

jest.setTimeout(60_000)

const root = resolve(__dirname, '../..')
let folder: string
let child: ChildProcess
let output: string

/** Starts `waybill serve` as a person would, and waits for its address. */
async function serve(
  ...given: string[]
): Promise<{ readonly url: string; readonly console: string | undefined }> {
  output = ''
  child = spawn(
    process.execPath,
    [
      '--conditions=waybill-source',
      '-r',
      join(root, '__tests__/support/register-typescript.js'),
      join(root, 'src/cli/main.ts'),
      'serve',
      ...given,
    ],
    { cwd: folder, env: { ...process.env, CONNECT_KEY: '0'.repeat(32), ZAIUS_KEY: 'waybill-test' } },
  )
  const take = (chunk: Buffer): void => {
    output += chunk.toString()
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  for (let turn = 0; turn < 400 && !output.includes('Send an event:'); turn++) {
    if (child.exitCode !== null) break
    await new Promise((done) => setTimeout(done, 50))
  }
  const url = /waybill serves on (\S+):/.exec(output)?.[1]
  if (url === undefined) throw new Error(output)
  return { url, console: /Console: (\S+)\/$/m.exec(output)?.[1] }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-serve-'))
})
afterEach(async () => {
  const ended = new Promise((done) => child.once('exit', done))
  if (child.exitCode === null) {
    child.kill('SIGTERM')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

const json = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers })
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}
/** How a configuration names a variable. */
const variable = (name: string): string => `\${${name}}`

const writeConfiguration = (mapping?: object): void =>
  writeFileSync(
    join(folder, 'waybill.config.json'),
    JSON.stringify({
      connections: [
        {
          name: 'Connect',
          destination: 'zendesk-connect',
          settings: { apiKey: variable('CONNECT_KEY') },
          subscriptions: 'presets',
        },
        ...(mapping === undefined
          ? []
          : [
              {
                name: 'Zaius',
                destination: 'zaius',
                settings: { apiKey: variable('ZAIUS_KEY') },
                subscriptions: 'presets',
              },
            ]),
      ],
    }),
  )

test('without a configuration: emulators, a page, and a first event that is found again', async () => {
  const { url, console } = await serve('--listen', '127.0.0.1:0')
  expect(console).toBe(url)
  expect((await json(`${url}/api/overview`)).body).toMatchObject({ isEmpty: true })
  const response = await fetch(`${url}/v1/track`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('local:')}` },
    body: JSON.stringify({
      messageId: 'first-1',
      userId: 'ada',
      event: 'Order Completed',
      properties: { order_id: 'o-1', total: 25 },
    }),
  })
  expect(response.status).toBe(200)
  let journey: Record<string, unknown> = {}
  for (let turn = 0; turn < 100; turn++) {
    journey = (await json(`${url}/api/events/first-1`)).body
    if (/^delivered to (three|four|five), skipped by/.test(String(journey.summary))) break
    await new Promise((done) => setTimeout(done, 50))
  }
  expect(journey).toMatchObject({
    name: 'Order Completed',
    source: 'local',
    summary: expect.stringMatching(/^delivered to (three|four|five), skipped by/),
  })
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'waybill_events_received_total{waybill_source="local"} 1',
  )
  expect((await json(`${url}/api/me`)).body).toMatchObject({
    features: ['vendors', 'samples'],
    ingest: { url, writeKey: 'local' },
  })
})

test('with a token file: made for its owner alone, asked for, and a reload tells what changed', async () => {
  writeConfiguration()
  const { url, console } = await serve(
    '--listen',
    '127.0.0.1:0',
    '--console',
    '127.0.0.1:0',
    '--console-token-file',
    'tokens',
    '--emulate',
    '--hide-payloads',
  )
  expect(console).toBeDefined()
  expect(console).not.toBe(url)
  expect(statSync(join(folder, 'tokens')).mode & 0o777).toBe(0o600)
  const [operate, read] = readFileSync(join(folder, 'tokens'), 'utf8').split('\n')
  expect(output).not.toContain(operate)
  expect((await json(`${console}/api/me`)).status).toBe(401)
  expect((await json(`${console}/api/me`, { authorization: `Bearer ${read}` })).body).toMatchObject({
    permissions: ['read'],
  })
  const detail = (await json(`${console}/api/connections/Connect`, { authorization: `Bearer ${read}` }))
    .body as unknown as { settings: { key: string; value: string; origin: string }[] }
  expect(detail.settings).toContainEqual(
    expect.objectContaining({ key: 'apiKey', value: '•••', origin: 'CONNECT_KEY' }),
  )
  expect(JSON.stringify(detail)).not.toContain('0'.repeat(32))
  writeConfiguration({})
  const reloaded = await fetch(`${console}/api/configuration/reload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${operate}` },
    body: '{}',
  })
  expect(await reloaded.json()).toEqual({ changed: ['Zaius was added'] })
  expect(output).toContain('console: operator reloaded the configuration: Zaius was added')
})
