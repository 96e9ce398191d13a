import { loadConfiguration } from '../../../../src/cli/configuration/load-configuration'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const key = 'ab'.repeat(16)
const fromEnvironment = (name: string) => `\${${name}}`
const load = (content: unknown, environment: Record<string, string> = { KEY: key }) => {
  files.write('config.json', content)
  return loadConfiguration(
    'config.json',
    fakeTerminal({ environment, workingDirectory: files.folder }).terminal,
  )
}
const messageOf = async (content: unknown, environment?: Record<string, string>): Promise<string> => {
  const error = await load(content, environment).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(error).toMatchObject({ name: 'ConfigurationError' })
  return error?.message ?? ''
}
const connection = (change: Record<string, unknown> = {}) => ({
  destination: 'zendesk-connect',
  settings: { apiKey: fromEnvironment('KEY') },
  subscriptions: 'presets',
  ...change,
})

describe('a configuration file', () => {
  test('gives connections with their destination, settings from the environment, and what is secret', async () => {
    const configuration = await load({ connections: [connection({ name: 'production' })] })
    expect(configuration.connections).toMatchObject([
      { name: 'production', destination: { slug: 'zendesk-connect' }, settings: { apiKey: key } },
    ])
    expect(configuration.secrets).toEqual([key])
    expect(configuration.compatibility).toBe(false)
  })

  test('may begin with a byte order mark and name its schema', async () => {
    const text = `\uFEFF${JSON.stringify({ $schema: './schema.json', connections: [connection()] })}`
    expect((await load(text)).connections).toHaveLength(1)
  })

  test('reports everything that is wrong at once, each with its path', async () => {
    const message = await messageOf(
      {
        connections: [
          connection({
            settings: {
              apiKey: fromEnvironment('MISSING'),
              publicApiKey: fromEnvironment('EMPTY'),
              endpoint: 5,
            },
          }),
          connection({ name: 'b', destination: 'zendesk-conect' }),
          connection({ name: 'c', subscriptions: [{ action: 'trackEvent', filter: 'type = ' }] }),
        ],
      },
      { KEY: key, EMPTY: '' },
    )
    expect(message).toContain('config.json has')
    expect(message).toContain('connections[0].settings.apiKey: the environment variable MISSING is not set')
    expect(message).toContain('connections[0].settings.publicApiKey: the environment variable EMPTY is empty')
    expect(message).toContain(
      'connections[1].destination: there is no destination "zendesk-conect"; did you mean "zendesk-connect"?',
    )
    expect(message).toMatch(/connections\[2\]\.subscriptions\[0\]/)
  })

  test('names unknown options with what was probably meant, and wrong types', async () => {
    const message = await messageOf({
      conections: [],
      connections: [
        connection({
          subscription: 'presets',
          enabled: 'yes',
          ordering: 'users',
          limits: { concurrency: 0 },
        }),
        connection({ subscriptions: [{ acton: 'trackEvent', batch: true }] }),
        'zendesk',
        { settings: [] },
      ],
    })
    for (const part of [
      'conections: there is no such option; did you mean "connections"?',
      'connections[0].subscription: there is no such option; did you mean "subscriptions"?',
      'connections[0].enabled: give true or false; this is a string',
      'connections[0].ordering: give "user" or "none"',
      'connections[0].limits.concurrency: give a whole number above 0',
      'connections[1].subscriptions[0].acton: there is no such option; did you mean "action"?',
      'connections[1].subscriptions[0].batch: give an object; this is a boolean',
      'connections[2]: give an object; this is a string',
      'connections[3].destination: is missing',
      'connections[3].subscriptions: is missing',
      'connections[3].settings: give an object; this is a list',
    ])
      expect(message).toContain(part)
  })

  test.each([
    [
      'an unknown setting',
      { settings: { apiKey: fromEnvironment('KEY'), apikey: 'x' } },
      /connections\[0\].*apikey/,
    ],
    ['a missing key', { settings: {} }, /connections\[0\].*apiKey/],
    ['a wrong filter', { filter: 'type = "track" and' }, /connections\[0\]\.filter/],
    [
      'a mapping to a missing field',
      { subscriptions: [{ action: 'trackEvent', filter: 'type = "track"', mapping: { evnt: 'x' } }] },
      /connections\[0\]\.subscriptions\[0\]\.mapping.*evnt/s,
    ],
    [
      'an unknown action',
      { subscriptions: [{ action: 'trackEvnt', filter: 'type = "track"' }] },
      /connections\[0\]\.subscriptions\[0\].*trackEvnt/s,
    ],
  ])('says where %s is', async (_, change, expected) => {
    expect(await messageOf({ connections: [connection(change)] })).toMatch(expected)
  })

  test('refuses two connections of one name', async () => {
    expect(await messageOf({ connections: [connection(), connection()] })).toContain(
      'connections[1].name: another connection is called "zendesk-connect" too',
    )
  })

  test('refuses a file without connections', async () => {
    expect(await messageOf({ connections: [] })).toContain('connections: is empty')
    expect(await messageOf([])).toContain('give an object; this is a list')
  })

  test('says where the text stops being JSON, and quotes nothing of it', async () => {
    const message = await messageOf(
      '{\n  "connections": [\n    { "settings": { "apiKey" "s3cr3t" } }\n  ]\n}',
    )
    expect(message).toMatch(/config\.json:3:\d+ a ":" is missing here/)
    expect(message).not.toContain('s3cr3t')
  })

  test('that is not there, or is a folder, is named', async () => {
    const { terminal } = fakeTerminal({ workingDirectory: files.folder })
    await expect(loadConfiguration('nowhere.json', terminal)).rejects.toThrow(
      '--config nowhere.json: there is no such file',
    )
    await expect(loadConfiguration('.', terminal)).rejects.toThrow('this is a folder')
  })

  test('never repeats a secret in a message', async () => {
    const message = await messageOf({ connections: [connection({ filter: 'nonsense(' })] })
    expect(message).not.toContain(key)
  })
})

describe('destinations of your own', () => {
  const definition = `{ name: 'Mine', slug: 'mine', mode: 'cloud', actions: { send: { title: 'Send', description: '', fields: {}, perform: () => null } } }`
  const own = (destination: string) => ({
    connections: [
      { destination, settings: {}, subscriptions: [{ action: 'send', filter: 'type = "track"' }] },
    ],
  })

  beforeAll(() => {
    files.write('mine.js', `exports.mine = ${definition}; exports.other = 5`)
    files.write('two.js', `exports.one = ${definition}; exports.two = ${definition}`)
    files.write('broken.js', `throw new Error('no luck')`)
    files.write('node_modules/acme/index.js', `exports.acme = ${definition}`)
  })

  test.each(['./mine.js#mine', './mine.js', 'acme#acme', './two.js#two'])(
    'are found as %s, seen from the file',
    async (name) => {
      expect((await load(own(name))).connections[0]?.destination.name).toBe('Mine')
    },
  )

  test.each([
    ['./nowhere.js#mine', /there is no module "\.\/nowhere\.js"/],
    ['./mine.js#yours', /has no export "yours".* It exports mine/],
    ['./two.js', /exports several destinations; name one as .*: one, two/],
    ['./broken.js', /cannot be loaded: no luck/],
    ['mine', /there is no destination "mine"\. There are/],
  ])('that cannot be found are named: %s', async (name, expected) => {
    const message = await messageOf(own(name))
    expect(message).toContain('connections[0].destination')
    expect(message).toMatch(expected)
  })
})
