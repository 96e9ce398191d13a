import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRuntime, type Outcome } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'
import {
  createSampleEvents,
  type Emulator,
  sampleSettings,
  snapshotDestination,
  startEmulator,
} from 'waybill/testing'
import { runCommandLine } from '../src/cli/command-line'
import { emarsysApiOptions } from './destinations/emarsys-api/harness-options'
import { fakeTerminal } from './src/cli/fake-terminal'
import { temporaryFolder } from './src/cli/temporary-folder'
import { recordingFramework } from './support/recording-framework'

/** Secrets as they might be: with what URLs, JSON and base64 write differently. */
const canary = (name: string) => `canary-${name}+/"s3cr3t=0123456789`
const canaries = {
  ...Object.fromEntries(listDestinations().map((slug) => [slug, canary(slug)])),
  token: canary('token'),
  refresh: canary('refresh'),
  client: canary('client'),
}

/** Every spelling in which a secret, or the part of it before a cut, could be read back from a text. */
const parts = Object.values(canaries).flatMap((secret) => [secret, secret.slice(0, 12), secret.slice(8)])
const spellings = parts.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  ...[0, 1, 2].map((offset) => btoa('x'.repeat(offset) + secret).slice(4, -4)),
])
const leaksIn = (text: string) => spellings.filter((spelling) => text.includes(spelling))

const files = temporaryFolder()
let vendor: Emulator

/** A vendor that answers every status in turn and repeats all that it was sent, credentials decoded. */
beforeEach(async () => {
  const statuses = [400, 200, 429, 500, 422, 401]
  let count = 0
  vendor = await startEmulator({
    handle: (request) => {
      const basic = Buffer.from(String(request.headers.authorization ?? '').slice(6), 'base64').toString()
      // Wherever a text is cut, some answer has a secret there.
      const message = ['·'.repeat(count * 13), JSON.stringify(request.headers), request.body, basic].join(' ')
      return {
        status: statuses[count++ % statuses.length] as number,
        headers: { 'x-echo': encodeURIComponent(message).slice(0, 2000) },
        body: { message, error: { message, code: message }, detail: { message }, errors: [message] },
      }
    },
  })
})
afterEach(() => vendor.close())

/** A definition as it would be written for the reference, with tokens and a secret in a header of its own. */
const oauthModule = `exports.guild = {
  name: 'Guild', slug: 'guild', mode: 'cloud',
  authentication: { scheme: 'oauth2', fields: {
    clientSecret: { label: 'Client Secret', description: 'Of the application.', type: 'string', required: true },
    endpoint: { label: 'Endpoint', description: 'Where to.', type: 'string' } },
    refreshAccessToken: async (request, { auth, settings }) => {
      await request(settings.endpoint + '/token', { method: 'post', json: auth })
      return { accessToken: auth.accessToken }
    } },
  extendRequest: ({ auth, settings }) => ({
    headers: { authorization: 'Bearer ' + (auth ? auth.accessToken : ''), 'x-guild': settings.clientSecret } }),
  actions: { send: { title: 'Send', description: 'Sends.', defaultSubscription: 'type = "track"',
    fields: { id: { label: 'Id', description: 'Who.', type: 'string', required: true, default: { '@path': '$.userId' } } },
    perform: (request, { settings, payload }) =>
      request(settings.endpoint + '/send', { method: 'post', json: payload }) } },
}`

const reference = (name: string) => ['$', `{${name}}`].join('')
const variable = (slug: string) => `SECRET_${slug.replaceAll('-', '_').toUpperCase()}`
const environment = Object.fromEntries(
  Object.entries(canaries).map(([slug, secret]) => [variable(slug), secret]),
)

/** The settings of a destination with this secret, pointed at the vendor of the test. */
const settingsOf = (slug: string, secret: string): Record<string, string> =>
  slug === 'emarsys-api'
    ? { clientId: 'client', clientSecret: secret, tokenUrl: `${vendor.url}/token`, baseUrl: vendor.url }
    : { apiKey: secret, endpoint: vendor.url }

function writeConfiguration(): void {
  files.write('guild.js', oauthModule)
  const catalog = listDestinations().map((slug) => ({
    name: slug,
    destination: slug,
    settings: settingsOf(slug, reference(variable(slug))),
    subscriptions: 'presets',
  }))
  const oauth = { access_token: reference('SECRET_TOKEN'), refresh_token: reference('SECRET_REFRESH') }
  const guild = {
    name: 'guild',
    destination: './guild.js#guild',
    settings: { clientSecret: reference('SECRET_CLIENT'), endpoint: vendor.url, oauth },
    subscriptions: [{ action: 'send', filter: 'type = "track"' }],
  }
  files.write('config.json', { connections: [...catalog, guild] })
}

const sample = createSampleEvents({ seed: 'canary' })
const events = [
  sample.identify(),
  sample.track('Order Completed'),
  sample.track('Email Opened', { context: { traits: undefined } }),
  sample.page(),
  sample.alias(),
  ...Array.from({ length: 12 }, (_, index) => sample.track('Product Viewed', { userId: `user-${index}` })),
  { type: 'track', event: 'Nobody' },
]

async function command(...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: files.folder, environment })
  const code = await runCommandLine(commandArguments, screen.terminal)
  return { code, text: screen.stdout + screen.stderr }
}

describe('no artifact holds a secret', () => {
  test('what a run prints, its report and its dead letters, though the vendor repeats everything', async () => {
    writeConfiguration()
    files.write('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const output = ['--dead-letters', 'dead.ndjson', '--report', 'report.json']
    const { code, text } = await command(
      ...['run', '--memory', '-c', 'config.json', '-i', 'events.ndjson', '--retry-for', '1ms', ...output],
    )
    expect(code).toBe(1)
    const wire = vendor.requests.map(({ headers }) => JSON.stringify(headers)).join('\n')
    expect(leaksIn(wire).length).toBeGreaterThan(3)
    const letters = files.read('dead.ndjson')
    expect(letters).toContain('"why":[')
    for (const artifact of [text, letters, files.read('report.json')]) expect(leaksIn(artifact)).toEqual([])
  })

  test('the requests of a dry run', async () => {
    writeConfiguration()
    files.write('events.ndjson', events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const { text } = await command('run', '-c', 'config.json', '-i', 'events.ndjson', '--dry-run')
    expect(text).toContain('authorization: ***')
    expect(leaksIn(text)).toEqual([])
  })

  test.each([...listDestinations(), 'guild'])(
    'what explain says of %s, sent or not, in both forms',
    async (name) => {
      writeConfiguration()
      files.write('event.json', sample.track('Product Viewed'))
      const options = ['explain', '-c', 'config.json', '--connection', name, '-e', 'event.json']
      for (const more of [[], ['--json'], ['--send'], ['--send', '--json']]) {
        const { text } = await command(...options, ...more)
        // One that first asks for a token gets none here, and sends nothing.
        expect(text).toContain(name === 'emarsys-api' ? name : 'POST')
        expect(leaksIn(text)).toEqual([])
      }
    },
  )

  test.each(listDestinations())('outcomes, retries and blocks of %s', async (slug) => {
    const told: unknown[] = []
    const runtime = createRuntime({
      connections: [
        {
          destination: loadDestination(slug),
          settings: settingsOf(slug, canary(slug)),
          subscriptions: 'presets',
        },
      ],
      retry: { forMs: 50, minMs: 1, maxAttempts: 2 },
      on: {
        outcome: (outcome: Outcome) => told.push(outcome),
        retry: (outcome: Outcome) => told.push(outcome),
        connectionBlocked: (_name: string, outcome: Outcome) => told.push(outcome),
      },
    })
    told.push(...(await runtime.send(events)))
    await runtime.close()
    expect(told.length).toBeGreaterThan(events.length)
    expect(leaksIn(JSON.stringify(told))).toEqual([])
  })

  test.each(listDestinations())('errors about the settings of %s', (slug) => {
    for (const settings of [
      { apiKey: { value: canary(slug) } },
      { apiKey: canary(slug), endpoint: `not an address ${canary(slug)}` },
      { apiKey: canary(slug), apiKye: canary(slug) },
    ]) {
      let error: (Error & { cause?: unknown }) | undefined
      try {
        createRuntime({
          connections: [{ destination: loadDestination(slug), settings, subscriptions: 'presets' }],
        })
      } catch (thrown) {
        error = thrown as Error
      }
      expect(error).toBeDefined()
      expect(leaksIn(`${error?.message} ${error?.stack} ${String(error?.cause)}`)).toEqual([])
    }
  })

  test.each(listDestinations())('the snapshots of %s', async (slug) => {
    const framework = recordingFramework()
    const own = slug === 'emarsys-api' ? emarsysApiOptions : {}
    const { settings = {} } = own as typeof emarsysApiOptions
    const {
      endpoint: _endpoint,
      baseUrl: _baseUrl,
      tokenUrl: _tokenUrl,
      ...secret
    } = settingsOf(slug, canary(slug))
    snapshotDestination(loadDestination(slug), { ...own, settings: { ...settings, ...secret }, framework })
    await framework.run()
    const text = framework.snapshots.join('\n')
    expect(text).toMatch(/\{(apiKey|clientSecret)\}/)
    expect(leaksIn(text)).toEqual([])
  })

  test('the snapshots that are committed', () => {
    const folder = resolve(__dirname, 'destinations')
    const snapshots = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((name) => statSync(name).isFile() && name.endsWith('.snap'))
    expect(snapshots.length).toBeGreaterThanOrEqual(listDestinations().length)
    const made = listDestinations().map((slug) =>
      String(sampleSettings(loadDestination(slug).authentication?.fields as never).apiKey),
    )
    for (const name of snapshots)
      expect(made.filter((secret) => readFileSync(name, 'utf8').includes(secret))).toEqual([])
  })
})
