import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
async function lint(...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: files.folder })
  const code = await runCommandLine(['lint', ...commandArguments], screen.terminal)
  return { code, screen }
}
const configure = (filter: string, action = 'trackEvent') =>
  files.write('waybill.config.json', {
    connections: [
      {
        destination: 'zendesk-connect',
        settings: { apiKey: '$' + '{NOT_SET}' },
        subscriptions: [{ action, filter }],
      },
    ],
  })

test('reads the configuration without its settings, and is content with warnings', async () => {
  configure('type = "track" and event = "A" or event = "B"')
  const { code, screen } = await lint()
  expect(screen.stderr).toBe('')
  expect(screen.stdout).toMatch(
    /^! connections\[0\]\.subscriptions\[0\]\.filter: the two modes disagree on \{.*\}.* \(filter-differs\)\n0 errors, 1 warning\.\n$/,
  )
  expect(code).toBe(0)
})

test('exits with 1 on errors, and prints findings for programs', async () => {
  configure('type = "track"', 'trackEvnt')
  const { code, screen } = await lint('--json')
  expect(JSON.parse(screen.stdout)).toMatchObject({
    errors: 1,
    warnings: 0,
    findings: [{ rule: 'unknown-action', severity: 'error', path: 'connections[0].subscriptions[0].action' }],
  })
  expect(code).toBe(1)
})

test('reads definitions by name, of this package and others', async () => {
  files.write(
    'acme.js',
    `exports.acme = { name: 'Acme', actions: { a: { title: 'A', description: '', perform() {}, defaultSubscription: 'type =' } } }`,
  )
  expect(await lint('emarsys')).toMatchObject({ code: 0, screen: { stdout: 'Nothing was found.\n' } })
  const { code, screen } = await lint('./acme.js#acme')
  expect(code).toBe(1)
  expect(screen.stdout).toContain('✗ Acme.actions.a.defaultSubscription: line 1, column 7')
})

test('a destination or a configuration that is not there is another exit code', async () => {
  expect((await lint('emarsis')).code).toBe(2)
  const { code, screen } = await lint('--config', 'none.json')
  expect(code).toBe(2)
  expect(screen.stderr).toContain('--config none.json')
})
