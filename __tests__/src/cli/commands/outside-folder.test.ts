import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()

async function call(...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: join(files.folder, 'work') })
  const code = await runCommandLine(commandArguments, screen.terminal)
  return { code, stderr: screen.stderr }
}

let modules = 0
/** A module with a destination of this slug and name; its name. */
function moduleWith(slug: string | undefined, name = 'Acme'): string {
  modules += 1
  files.write(
    `work/acme-${modules}.js`,
    `exports.acme = { name: ${JSON.stringify(name)}, slug: ${JSON.stringify(slug)}, mode: 'cloud',
      authentication: { scheme: 'custom', fields: {} }, actions: { send: { title: 'Send', description: 'x', fields: {},
      perform: () => undefined } } }`,
  )
  return `./acme-${modules}.js#acme`
}

describe('waybill docs', () => {
  test.each(['../../evil', '/evil', '..', '.', '', 'a/b', 'a\\b', 'con', 'nul.md', '-rf', 'x\ny', '日本'])(
    'refuses the slug %j as the name of a file',
    async (slug) => {
      const { code, stderr } = await call('docs', '-d', moduleWith(slug), '--out', 'pages/{slug}.md')
      expect(stderr).toMatch(/has the slug .*cannot be the name of a file; give it one of letters/)
      expect(code).toBe(2)
      expect(existsSync(files.path('evil.md'))).toBe(false)
      expect(existsSync(files.path('work/pages'))).toBe(false)
    },
  )

  test('refuses a slug made of a name without letters', async () => {
    expect((await call('docs', '-d', moduleWith(undefined, '日本'), '--out', '{slug}.md')).code).toBe(2)
  })

  test('does not follow a link out of its folder', async () => {
    files.write('outside.md', 'kept')
    mkdirSync(files.path('work/linked'), { recursive: true })
    symlinkSync('../../outside.md', files.path('work/linked/acme.md'))
    symlinkSync('../../absent.md', files.path('work/linked/other.md'))
    for (const slug of ['acme', 'other']) {
      const { code, stderr } = await call('docs', '-d', moduleWith(slug), '--out', 'linked/{slug}.md')
      expect(stderr).toContain('outside of')
      expect(code).toBe(2)
    }
    expect(files.read('outside.md')).toBe('kept')
    expect(existsSync(files.path('absent.md'))).toBe(false)
  })

  test('says so when a file cannot be written', async () => {
    files.write('work/blocked', '')
    const { code, stderr } = await call('docs', '-d', moduleWith('acme'), '--out', 'blocked/{slug}.md')
    expect(stderr).toMatch(/blocked\/acme\.md: it cannot be written: a part of its path is no folder/)
    expect(code).toBe(2)
  })
})

describe('waybill new', () => {
  test('does not follow a link out of the package', async () => {
    files.write('work/package.json', { name: 'mine', version: '1.0.0' })
    mkdirSync(files.path('elsewhere'))
    symlinkSync('../elsewhere', files.path('work/destinations'))
    const { code, stderr } = await call('new', 'destination', 'Acme Mail')
    expect(stderr).toContain('outside of')
    expect(code).toBe(2)
    expect(existsSync(files.path('elsewhere/acme-mail'))).toBe(false)
    expect(existsSync(files.path('work/__tests__'))).toBe(false)
  })
})
