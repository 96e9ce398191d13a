import { type Connection, createRuntime, explain } from 'waybill'
import { type Emulator, startEmulator } from 'waybill/testing'
import { runCommandLine } from '../../src/cli/command-line'
import { spellings } from '../support/spellings'
import { fakeTerminal } from './cli/fake-terminal'
import { temporaryFolder } from './cli/temporary-folder'

/** What nothing may show, and where it stands in the settings. */
const secrets = {
  apiKey: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  pwd: 'p4s!',
  writeKey: 'wk"<&>/\\0123456789',
  accountSid: 'AC0123456789abcdef',
  hook: 'T0Secret00Path99',
  token: 'at-0123456789-nested',
  site: 'value-of-the-environment-1',
}
const settings = {
  apiKey: secrets.apiKey,
  pwd: secrets.pwd,
  writeKey: secrets.writeKey,
  accountSid: secrets.accountSid,
  webhookUrl: `https://hooks.acme.test/services/${secrets.hook}`,
  site: secrets.site,
  oauth: { more: { tokens: [secrets.token] } },
}

/** Every secret in every spelling, each the echo of one request. */
const echoes = Object.values(secrets).flatMap((secret) => Object.values(spellings(secret)))
const shownIn = (text: string): string[] => echoes.filter((echo) => text.includes(echo))

let vendor: Emulator
let status = 400
beforeAll(async () => {
  vendor = await startEmulator({
    handle: ({ body }) => {
      const { n } = JSON.parse(body.toString() || '{}') as { n?: number }
      const echo = echoes[n ?? 0] as string
      return { status, body: { code: echo, message: `refused "${echo}"` } }
    },
  })
})
afterAll(() => vendor.close())

type Input = { settings: typeof settings; payload?: { n: number } }
type Request = (url: string, options: object) => Promise<unknown>

const perform = async (request: Request, { payload, settings: given }: Input): Promise<unknown> => {
  try {
    return await request(`${vendor.url}/?sig=${given.accountSid}&pwd=${given.pwd}`, {
      method: 'post',
      json: { n: payload?.n ?? 0 },
      headers: { authorization: `Bearer ${given.apiKey}`, 'x-site': given.site },
    })
  } catch (error) {
    const { data } = (error as { response: { data: { code: string; message: string } } }).response
    // As definitions do: the vendor's own words as code and message.
    throw Object.assign(new Error(data.message), {
      code: data.code,
      status: (error as { response: { status: number } }).response.status,
    })
  }
}

const text = (type = 'string') => ({ label: 'L', description: 'D', type })
const fields = {
  apiKey: text('password'),
  pwd: text(),
  writeKey: text(),
  accountSid: text(),
  webhookUrl: text(),
  site: text(),
}
const destination = {
  name: 'Acme',
  slug: 'acme',
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields,
    testAuthentication: (request: Request, input: Input) => perform(request, input),
  },
  actions: {
    go: {
      title: 'Go',
      description: 'D',
      fields: { n: { ...text('integer'), default: { '@path': '$.properties.n' } } },
      perform,
    },
  },
} as unknown as Connection['destination']
const connection: Connection = {
  destination,
  settings,
  secrets: [secrets.site],
  subscriptions: [{ action: 'go', filter: 'type = "track"' }],
  limits: { concurrency: 1 },
}
const events = echoes.map((_, n) => ({
  type: 'track',
  messageId: `m${n}`,
  userId: 'u1',
  event: 'E',
  properties: { n },
}))

test('there are more than 25 spellings', () => expect(Object.keys(spellings('x')).length).toBeGreaterThan(25))

test.each([400, 401, 429, 500])('outcomes and listeners show none (status %i)', async (answered) => {
  status = answered
  const heard: unknown[] = []
  const listen = (...given: unknown[]): void => void heard.push(given)
  const runtime = createRuntime({
    connections: [connection],
    retry: { forMs: 20, minMs: 1, maxMs: 1 },
    on: { outcome: listen, retry: listen, connectionBlocked: listen, attempt: listen, warning: listen },
  })
  const outcomes = await runtime.send(events)
  const tested = await runtime.connection('acme').testAuthentication()
  await runtime.close()
  expect(outcomes.some(({ kind }) => kind === 'delivered')).toBe(false)
  expect(heard.length).toBeGreaterThan(events.length)
  for (const shown of [outcomes, heard, tested]) {
    expect(shownIn(JSON.stringify(shown))).toEqual([])
    for (const value of stringsIn(shown)) expect(shownIn(value)).toEqual([])
  }
})

/** Every string of a value, as it is before JSON escapes it. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap((entry) => entry.flatMap(stringsIn))
    : []
}

test('explain shows none, whether it sends or not', async () => {
  status = 400
  for (const send of [false, true])
    for (const event of events.filter((_, n) => n % 9 === 0)) {
      const explanation = await explain({ connection, event, send })
      for (const value of stringsIn(explanation)) expect(shownIn(value)).toEqual([])
    }
})

describe('the command line', () => {
  const folder = temporaryFolder()
  const environment = { API_KEY: secrets.apiKey, PWD_OF_ACME: secrets.pwd, SITE: secrets.site }
  beforeAll(() => {
    status = 400
    ;(globalThis as { acmeForTests?: unknown }).acmeForTests = destination
    folder.write('acme.cjs', 'exports.acme = globalThis.acmeForTests')
    const variable = (name: string): string => `$\{${name}}`
    const own = {
      ...settings,
      apiKey: variable('API_KEY'),
      pwd: variable('PWD_OF_ACME'),
      site: variable('SITE'),
    }
    folder.write('waybill.config.json', {
      connections: [
        { destination: './acme.cjs#acme', settings: own, subscriptions: connection.subscriptions },
      ],
    })
    folder.write('events.ndjson', events.map((event) => JSON.stringify(event)).join('\n'))
    folder.write('event.json', events[0])
  })
  const run = async (...commandArguments: string[]): Promise<string> => {
    const screen = fakeTerminal({ environment, workingDirectory: folder.folder })
    await runCommandLine(commandArguments, screen.terminal)
    const shown = screen.stdout + screen.stderr
    expect(shown).not.toBe('')
    return shown
  }

  test.each([
    [
      'run',
      '--input',
      'events.ndjson',
      '--retry-for',
      '0',
      '--dead-letters',
      'dead.ndjson',
      '--report',
      'report.json',
    ],
    ['run', '--input', 'events.ndjson', '--dry-run'],
    ['test-authentication'],
    ['explain', '--event', 'event.json', '--send'],
    ['explain', '--event', 'event.json', '--send', '--json'],
    ['lint'],
  ])('%s %s %s shows none', async (...commandArguments) => {
    expect(shownIn(await run(...commandArguments.filter((part) => part !== undefined)))).toEqual([])
  })

  test('dead letters, their reasons and reports hold none', () => {
    const letters = folder.read('dead.ndjson').trim().split('\n')
    expect(letters).toHaveLength(events.length)
    for (const letter of letters)
      for (const value of stringsIn(JSON.parse(letter))) expect(shownIn(value)).toEqual([])
    for (const value of stringsIn(JSON.parse(folder.read('report.json')))) expect(shownIn(value)).toEqual([])
  })

  test('mistakes in a configuration are told without values', async () => {
    const wrong = {
      ...settings,
      apiKey: `${secrets.apiKey}\u0001x`,
      pwd: [secrets.pwd],
      unknown: secrets.writeKey,
    }
    folder.write('wrong.json', {
      connections: [{ destination: './acme.cjs#acme', settings: wrong, subscriptions: 'presets' }],
    })
    const shown = await run('run', '--config', 'wrong.json', '--input', 'events.ndjson')
    expect(shown).toContain('settings.apiKey')
    expect(shownIn(shown)).toEqual([])
  })
})

test('the control plane of an emulator shows none of the keys that it was sent', async () => {
  const shown = await (await fetch(`${vendor.url}/__emulator/requests`)).text()
  for (const key of [secrets.apiKey, secrets.accountSid])
    for (const echo of Object.values(spellings(key))) expect(shown).not.toContain(echo)
})
