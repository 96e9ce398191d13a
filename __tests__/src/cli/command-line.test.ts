import { runCommandLine } from '../../../src/cli/command-line'
import { fakeTerminal } from './fake-terminal'
import { temporaryFolder } from './temporary-folder'

const files = temporaryFolder()

async function call(...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: files.folder, isInteractive: true })
  return { code: await runCommandLine(commandArguments, screen.terminal), screen }
}

describe('the command line', () => {
  test('shows its commands and the version', async () => {
    const help = await call('--help')
    expect(help.code).toBe(0)
    for (const command of ['run', 'destinations', 'explain', 'demo'])
      expect(help.screen.stdout).toContain(`  ${command} `)
    const { version } = require('waybill/package.json')
    expect((await call('--version')).screen.stdout).toBe(`${version}\n`)
  })

  test('shows the options of a command, with defaults in words', async () => {
    const { screen } = await call('run', '--help')
    expect(screen.stdout).toContain('(default: 4h)')
    expect(screen.stdout).toContain('Exit codes: 0')
  })

  test.each([
    [['rum'], /unknown command 'rum'/],
    [['run', '--inptu', 'x'], /unknown option '--inptu'/],
    [['run', '--retry-for', 'soon'], /Give a span of time, such as 4h/],
    [['run', '--concurrency', '0'], /Give a whole number above 0/],
    [['run', '--rate', 'fast'], /Give a number above 0/],
    [['run'], /there is no waybill\.config\.json here; "npx waybill init" writes one/],
    [['run', '--config', 'good.json'], /nothing to read: name a file with --input FILE/],
    [
      ['run', '--config', 'good.json', '--input', 'nowhere.ndjson'],
      /--input nowhere\.ndjson: there is no such file/,
    ],
    [['run', '--config', 'good.json', '--input', '.'], /--input \.: this is a folder/],
    [['run', '--report', 'nowhere/report.json'], /--report nowhere\/report\.json: there is no such folder/],
    [
      ['run', '--dead-letters', 'full.ndjson'],
      /--dead-letters full\.ndjson: the file holds something already/,
    ],
    [['run', '--config', 'utf16.json'], /--config utf16\.json: .*UTF-16 text: convert it to UTF-8 first/],
    [['run', '--config', 'latin1.json'], /--config latin1\.json: not valid UTF-8/],
    [
      ['explain', '-d', 'zaius', '-e', 'deep.json'],
      /deep\.json: the event is nested more than 1,000 levels deep/,
    ],
    [['explain', '-d', 'zaius', '-e', 'good.json', '--settings', 'deep.json'], /--settings .*1,000 levels/],
    [['explain', '-d', 'zaius', '-e', 'large.json'], /large\.json: id is a number beyond 2\^53/],
    [['diff', 'deep.json', 'good.json'], /deep\.json: is nested more than 1,000 levels deep/],
    [['destinations', 'zendesk'], /there is no destination "zendesk"/],
  ])('answers %j with what is wrong and exit code 2', async (commandArguments, message) => {
    files.write('full.ndjson', '{}')
    files.write('utf16.json', Buffer.from('\uFEFF{"connections":[]}', 'utf16le'))
    files.write('latin1.json', Buffer.from('{"name":"Caf\u00e9"}', 'latin1'))
    files.write('deep.json', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    files.write('large.json', '{"id":9007199254740993}')
    files.write('good.json', {
      connections: [
        { destination: 'zendesk-connect', settings: { apiKey: '0'.repeat(32) }, subscriptions: 'presets' },
      ],
    })
    const { code, screen } = await call(...commandArguments)
    expect(screen.stderr).toMatch(message)
    expect(code).toBe(2)
    expect(screen.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('waybill destinations', () => {
  test('lists the catalog', async () => {
    const { code, screen } = await call('destinations')
    expect(code).toBe(0)
    expect(screen.stdout).toMatch(/^zendesk-connect\s+Zendesk Connect\s+\d+ actions\s+/m)
  })

  test('shows settings, presets, and the fields of each action', async () => {
    const { screen } = await call('destinations', 'zendesk-connect')
    expect(screen.stdout).toMatch(/^ {2}apiKey\s+password\s+yes\s+Private Key$/m)
    expect(screen.stdout).toMatch(/^ {2}Track Event\s+trackEvent\s+type = "track"$/m)
    expect(screen.stdout).toContain('Action trackEvent:')
    expect(screen.stdout).toMatch(/^ {2}androidTokenKey\s+string: fcm, gcm/m)
    expect(screen.stdout).toContain('Can be sent in batches.')
  })

  test('shows defaults in words, and keeps its lines short', async () => {
    const { screen } = await call('destinations', 'zaius')
    expect(screen.stdout).toMatch(/ \$\.properties\.product_id, else \$\.properties\.sku +Product ID$/m)
    expect(screen.stdout).toMatch(/ \{ user_id, anonymous_id, email, phone \} +Identifiers$/m)
    for (const line of screen.stdout.split('\n')) expect(line.length).toBeLessThan(200)
  })
})
