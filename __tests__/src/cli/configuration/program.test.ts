import { loadConfiguration } from '../../../../src/cli/configuration/load-configuration'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const environment = { KEY: 'ab'.repeat(16) }
const load = (file: string | undefined) =>
  loadConfiguration(file, fakeTerminal({ environment, workingDirectory: files.folder }).terminal)

describe('a configuration that is a program', () => {
  test('may be CommonJS, with definitions in the place of names', async () => {
    files.write(
      'waybill.config.cjs',
      `const action = { title: 'A', description: '', fields: {}, perform: () => undefined }
      const own = { name: 'Own', slug: 'own', mode: 'cloud', authentication: { scheme: 'custom', fields: {} }, actions: { action } }
      module.exports = { connections: [{ destination: own, settings: {}, subscriptions: [{ action: 'action', filter: 'type = "track"' }] }] }`,
    )
    expect((await load(undefined)).connections[0]?.destination.slug).toBe('own')
  })

  test('may be TypeScript, and a function that is asked when the file is loaded', async () => {
    files.write(
      'typed.config.ts',
      `type Name = string
      const destination: Name = 'zendesk-connect'
      export default async () => ({ connections: [{ destination, settings: { apiKey: '\${KEY}' }, subscriptions: 'presets' as const }] })`,
    )
    const { connections, secrets } = await load('typed.config.ts')
    expect(connections[0]?.settings).toEqual({ apiKey: environment.KEY })
    expect(secrets).toEqual([environment.KEY])
  })

  test('that fails says so, with its own words', async () => {
    files.write('broken.config.cjs', `throw new TypeError('no such thing')`)
    await expect(load('broken.config.cjs')).rejects.toThrow(
      /broken\.config\.cjs.*cannot be loaded: no such thing/,
    )
  })
})

test('a faulty connection can be left out, with what is wrong and where', async () => {
  files.write('mixed.json', {
    connections: [
      { destination: 'zendesk-connect', settings: { apiKey: `\${KEY}` }, subscriptions: 'presets' },
      { destination: 'zaiu', settings: {}, subscriptions: 'presets' },
      { name: 'shapeless', destination: 'zaius' },
    ],
  })
  const { terminal } = fakeTerminal({ environment, workingDirectory: files.folder })
  await expect(loadConfiguration('mixed.json', terminal)).rejects.toThrow('mixed.json has 2 problems')
  const { connections, problems } = await loadConfiguration('mixed.json', terminal, { isStrict: false })
  expect(connections.map(({ destination }) => destination.slug)).toEqual(['zendesk-connect'])
  expect(problems.map(({ path }) => path).sort()).toEqual([
    'connections[1].destination',
    'connections[2].subscriptions',
  ])
  expect(problems.every(({ position }) => (position?.line ?? 0) > 0)).toBe(true)
})

test('without a name the only configuration of the folder is taken; of several, one has to be named', async () => {
  files.write('waybill.config.json', { connections: [] })
  await expect(load(undefined)).rejects.toThrow(
    'there are several configurations here, waybill.config.json and waybill.config.cjs; name one with --config',
  )
})
