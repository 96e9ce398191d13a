import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, createRuntime } from 'waybill'
import { destinationsCommand } from '../../../../src/cli/commands/destinations'
import { catalogOf } from '../../../../src/cli/configuration/catalog'
import { findDestination } from '../../../../src/cli/configuration/find-destination'
import { importModule } from '../../../../src/cli/configuration/import-module'

let folder: string
const here = () => join(folder, 'waybill.config.json')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-catalog-'))
  const kit = join(folder, 'node_modules/@acme/kit')
  mkdirSync(kit, { recursive: true })
  writeFileSync(
    join(kit, 'index.js'),
    `const action = { title: 'Send', description: '', fields: {}, perform: () => undefined }
     const entry = (directory, slug, name) => ({ directory, definition: { name, slug, mode: 'cloud', actions: { send: action } } })
     exports.manifest = {
       '60f64ae3eaebd66d17d28e9f': entry('crm', 'actions-crm', 'CRM'),
       '6388fddea33fcc69c0f8d9ce': entry('other', 'crm', 'Other'),
       broken: {},
     }`,
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

async function printed(name: string): Promise<string> {
  const parts: string[] = []
  const stdout = { write: async (part: string) => void parts.push(part) }
  expect(await destinationsCommand(name, { workingDirectory: folder, stdout } as never)).toBe(0)
  return parts.join('')
}

test.each([
  ['actions-crm', 'CRM'],
  ['60f64ae3eaebd66d17d28e9f', 'CRM'],
  ['other', 'Other'],
  // The slug of one wins over the folder of another.
  ['crm', 'Other'],
])('@acme/kit#%s is %s', async (name, expected) => {
  expect(await findDestination(`@acme/kit#${name}`, here())).toMatchObject({ name: expected })
})

test('a name that the package does not have, or that is missing, is told with what to do', async () => {
  await expect(findDestination('@acme/kit#actions-crn', here())).rejects.toThrow(
    'did you mean "actions-crm"?',
  )
  await expect(findDestination('@acme/kit', here())).rejects.toThrow(
    'holds 2 destinations; name one as "@acme/kit#crm". waybill destinations @acme/kit lists them',
  )
})

test('waybill destinations lists a package that holds many, and shows one of it', async () => {
  const list = await printed('@acme/kit')
  expect(list).toMatch(/crm +CRM +1 action +cloud +60f64ae3eaebd66d17d28e9f/)
  expect(list).toMatch(/other +Other/)
  expect(await printed('@acme/kit#other')).toMatch(/^Other \(crm\)/)
  await expect(printed('nope')).rejects.toThrow('there is no destination "nope"')
})

test('a package that needs another one that is missing says what to install', async () => {
  const kit = join(folder, 'node_modules/halfway')
  mkdirSync(kit)
  writeFileSync(join(kit, 'index.js'), "require('not-installed-here/part')")
  await expect(findDestination('halfway#x', here())).rejects.toThrow('npm install not-installed-here')
})

/** A value that a setting could have. */
function settingOf({ type, choices, format }: Record<string, unknown>): unknown {
  const [choice] = (choices ?? []) as unknown[]
  if (choice !== undefined) return (choice as { value?: unknown }).value ?? choice
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return 1
  return format === 'uri' ? 'https://acme.example' : format === 'email' ? 'a@acme.example' : 'x'
}

const settingsOf = ({ authentication }: Connection['destination']) =>
  Object.fromEntries(
    Object.entries(authentication?.fields ?? {}).map(([key, field]) => [key, settingOf(field as never)]),
  )

// The package is installed from the registry as docs/destinations-elsewhere.md says.
if (process.env.WAYBILL_LONG)
  test('every destination of @segment/action-destinations opens, by presets and by each of its actions', async () => {
    const overrides = { '@aws-sdk/client-kinesis': '^3.974.0' }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }))
    const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
    execFileSync('npm', [...install, '@segment/action-destinations', 'xml-js'], { cwd: folder })
    const program = join(folder, 'catalog.cjs')
    writeFileSync(program, "module.exports = require('@segment/action-destinations')")
    const catalog = catalogOf(await importModule('./catalog.cjs', here())) ?? []
    expect(catalog.length).toBeGreaterThanOrEqual(214)
    const refused: string[] = []
    const warnings: string[] = []
    for (const { id, definition: destination } of catalog)
      for (const compatibility of [false, true]) {
        const actions = Object.keys(destination.actions).map((action) => ({
          action,
          filter: 'type = "track"',
        }))
        for (const subscriptions of ['presets' as const, actions])
          try {
            const connections = [{ destination, settings: settingsOf(destination), subscriptions }]
            const on = { warning: (_connection: string, text: string) => void warnings.push(text) }
            await createRuntime({ compatibility, connections, on }).close()
          } catch (error) {
            refused.push(`${id} ${destination.slug}: ${(error as Error).message}`)
          }
      }
    expect(refused).toEqual([])
    expect(warnings.filter((text) => !/is left out|is read as a text/.test(text))).toEqual([])
  })
