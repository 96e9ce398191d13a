import { loadConfiguration } from '../../../../src/cli/configuration/load-configuration'
import { loadSources } from '../../../../src/cli/configuration/load-sources'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const connections = ['A', 'B'].map((name) => ({
  name,
  destination: 'zendesk-connect',
  settings: { apiKey: 'ab'.repeat(16) },
  subscriptions: 'presets',
}))

async function load(more: object, environment: Record<string, string> = {}) {
  files.write('config.json', `${JSON.stringify({ connections, ...more }, null, 1)}`)
  const { terminal } = fakeTerminal({ environment, workingDirectory: files.folder })
  return loadSources(await loadConfiguration('config.json', terminal), terminal)
}
const messageOf = (more: object, environment?: Record<string, string>) =>
  load(more, environment).then(
    () => 'nothing was wrong',
    (error: Error) => error.message,
  )

test('write keys come from the environment, and say which connections they feed', async () => {
  const sources = [
    { name: 'site', writeKey: `\${SITE_KEY}`, connections: ['A'] },
    { name: 'app', writeKey: ['k2', `\${APP_KEY}`], enabled: false },
  ]
  const ingest = {
    publicUrl: `\${URL}`,
    limits: 'strict',
    unknownKey: 'accept',
    trustedProxies: ['loopback'],
  }
  expect(
    await load({ sources, ingest }, { SITE_KEY: 'k1', APP_KEY: 'k3', URL: 'https://e.example' }),
  ).toEqual({
    sources: [
      { name: 'site', writeKey: 'k1', connections: ['A'] },
      { name: 'app', writeKey: ['k2', 'k3'], enabled: false },
    ],
    ingest: { ...ingest, publicUrl: 'https://e.example' },
  })
})

test('a configuration without sources has none', async () => {
  expect(await load({})).toBeUndefined()
})

test('what is wrong is told with its place, all of it', async () => {
  const sources = [
    { name: 'site', writeKey: `\${SITE_KEY}`, connections: ['C'] },
    { name: 'site', writeKey: 'a:b' },
  ]
  const message = await messageOf({ sources, ingest: { publicUrl: 'nowhere' } })
  expect(message).toMatch(
    /config.json:\d+:\d+ sources\[0\].writeKey: the environment variable SITE_KEY is not set/,
  )
  expect(message).toMatch(
    /config.json:\d+:\d+ sources\[0\].connections\[0\]: there is no connection "C"; did you mean "A"\? There are A, B/,
  )
  expect(message).toMatch(/config.json:\d+:\d+ sources\[1\].name: another source is called "site" too/)
  expect(message).toMatch(/config.json:\d+:\d+ sources\[1\].writeKey: a write key holds no colon/)
})

test('the shape is checked with that of the file', async () => {
  const message = await messageOf({
    sources: [{ nam: 'x', writeKey: 5 }],
    ingest: { limits: 'strickt', unknownkey: 1 },
  })
  expect(message).toContain('sources[0].nam: there is no such option; did you mean "name"?')
  expect(message).toContain('sources[0].writeKey: give a string')
  expect(message).toContain('ingest.limits: give an object')
  expect(message).toContain('ingest.unknownkey: there is no such option; did you mean "unknownKey"?')
})
