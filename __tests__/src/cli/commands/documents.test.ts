import { listDestinations, loadDestination } from 'waybill/destinations'
import { createManifest, type Manifest, manifestText } from 'waybill/manifest'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()

async function call(...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: files.folder })
  return { code: await runCommandLine(commandArguments, screen.terminal), screen }
}

/** A module that holds a destination of its own, as a third party has one. */
function writeAcme(label = 'Name'): void {
  files.write(
    'acme.js',
    `exports.acme = {
      name: 'Acme', slug: 'acme', mode: 'cloud', authentication: { scheme: 'custom', fields: {} },
      actions: { send: { title: 'Send', description: 'Send it.', defaultSubscription: 'type = "track"',
        fields: { name: { label: '${label}', description: 'A name.', type: 'string', default: { '@path': '$.event' } } },
        perform: (request, { payload }) => request('https://acme.example/', { method: 'post', json: payload }) } },
    }`,
  )
}

const inNewProcess = () => jest.resetModules()

describe('waybill manifest', () => {
  test('prints the destinations that are named, those of this package by default', async () => {
    const { code, screen } = await call('manifest', '--destination', 'zendesk-connect', 'emarsys')
    expect(code).toBe(0)
    const expected = createManifest([loadDestination('emarsys'), loadDestination('zendesk-connect')])
    expect(screen.stdout).toBe(manifestText(expected))
    const all = JSON.parse((await call('manifest')).screen.stdout) as Manifest
    expect(Object.keys(all.destinations)).toEqual(listDestinations())
  })

  test('writes a file, finds it up to date, and finds it stale after a change', async () => {
    writeAcme()
    const command = ['manifest', '--destination', './acme.js#acme', '--out', 'out/acme.json']
    expect((await call(...command, '--check')).code).toBe(1)
    expect((await call(...command)).screen.stderr).toContain('written: out/acme.json\n')
    expect((await call(...command, '--check')).screen.stderr).toBe('1 file up to date\n')
    writeAcme('Title')
    inNewProcess()
    const stale = await call(...command, '--check')
    expect(stale.code).toBe(1)
    expect(stale.screen.stderr).toBe(
      'stale:\n  out/acme.json\nThe same command without --check writes them anew.\n',
    )
    expect(JSON.parse(files.read('out/acme.json')).destinations.acme.actions.send.fields.name.label).toBe(
      'Name',
    )
  })

  test.each([
    [['manifest', '--check'], /--check: name the file to check with --out FILE/],
    [['manifest', '--destination', 'zayus'], /there is no destination "zayus"; did you mean "zaius"\?/],
    [
      ['docs', '--out', 'all.md'],
      /--out: all\.md would be one file for \d+ destinations; put \{slug\} into it/,
    ],
  ])('answers %j with what is wrong and exit code 2', async (commandArguments, message) => {
    const { code, screen } = await call(...commandArguments)
    expect(code).toBe(2)
    expect(screen.stderr).toMatch(message)
  })
})

describe('waybill docs', () => {
  const command = ['docs', '--destination', './acme.js#acme', '--readme', '{slug}/README.md']

  test('writes the page with a request that was really made, and the section of a README', async () => {
    writeAcme()
    inNewProcess()
    files.write('acme/README.md', '# Acme\n\n<!-- waybill:fields -->\n<!-- /waybill:fields -->\n\nBye.\n')
    expect((await call(...command)).code).toBe(0)
    const page = files.read('docs/destinations/acme.md')
    expect(page).toContain('| `name` | string | `$.event` | **Name**. A name. |')
    expect(page).toContain('POST https://acme.example/\n')
    expect(page).toContain('{\n  "name": "Plant Adopted"\n}\n```')
    const readme = files.read('acme/README.md')
    expect(readme).toContain('### Send (`send`)\n\nSend it.\n\n| field |')
    expect(readme.startsWith('# Acme\n\n<!-- waybill:fields -->\n\n### Settings\n')).toBe(true)
    expect(readme.endsWith('<!-- /waybill:fields -->\n\nBye.\n')).toBe(true)
    expect((await call(...command, '--check')).screen.stderr).toBe('2 files up to date\n')
  })

  test('finds both stale after a change of the definition', async () => {
    writeAcme('Title')
    inNewProcess()
    const { code, screen } = await call(...command, '--check')
    expect(code).toBe(1)
    expect(screen.stderr).toContain('stale:\n  docs/destinations/acme.md\n  acme/README.md\n')
  })

  test('leaves a README without a section alone', async () => {
    files.write('acme/README.md', '# Acme\n')
    expect((await call(...command)).code).toBe(0)
    expect(files.read('acme/README.md')).toBe('# Acme\n')
  })
})

describe('waybill diff', () => {
  const manifest = createManifest([loadDestination('zaius')])
  const changed = (change: (manifest: Manifest) => void): Manifest => {
    const copy = structuredClone(manifest)
    change(copy)
    return copy
  }
  const settingsOf = ({ destinations }: Manifest) =>
    destinations.zaius?.settings as Record<string, Record<string, unknown>>
  const write = (after: Manifest) => {
    files.write('old.json', manifest)
    files.write('new.json', after)
  }

  test('says nothing breaks where nothing changed', async () => {
    write(manifest)
    const { code, screen } = await call('diff', 'old.json', 'new.json')
    expect([code, screen.stdout]).toEqual([0, 'No changes.\n'])
  })

  test('exits with 0 and advises a minor version where nothing breaks', async () => {
    write(changed((copy) => Object.assign(settingsOf(copy), { more: settingsOf(copy).region })))
    const { code, screen } = await call('diff', 'old.json', 'new.json')
    expect(code).toBe(0)
    expect(screen.stdout).toMatch(/^minor\s+zaius\.settings\.more\s+it is new$/m)
    expect(screen.stdout).toContain('1 change. The next version is a minor one: nothing stored breaks.\n')
  })

  test('exits with 1 where something breaks, the gravest first', async () => {
    write(
      changed((copy) => {
        Object.assign(settingsOf(copy).apiKey as object, { label: 'Key' })
        delete settingsOf(copy).region
      }),
    )
    const { code, screen } = await call('diff', 'old.json', 'new.json')
    expect(code).toBe(1)
    expect(screen.stdout).toMatch(/^major .*\npatch .*\n/m)
    const json = await call('diff', 'old.json', 'new.json', '--json')
    expect(JSON.parse(json.screen.stdout)).toEqual({
      grade: 'major',
      changes: [
        {
          grade: 'major',
          path: 'zaius.settings.region',
          message: 'it is gone: settings that hold it are refused',
        },
        { grade: 'patch', path: 'zaius.settings.apiKey', message: 'the label changed' },
      ],
    })
  })

  test.each([
    [['diff', 'old.json'], /missing required argument 'new'/],
    [['diff', 'old.json', 'nowhere.json'], /nowhere\.json: there is no such file/],
    [['diff', 'old.json', 'broken.json'], /broken\.json: not JSON/],
    [['diff', 'old.json', 'acme.js'], /acme\.js: not JSON/],
  ])('answers %j with what is wrong and exit code 2', async (commandArguments, message) => {
    write(manifest)
    files.write('broken.json', '{')
    const { code, screen } = await call(...commandArguments)
    expect(code).toBe(2)
    expect(screen.stderr).toMatch(message)
  })
})
