import { gzipSync } from 'node:zlib'
import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'
import { createSampleEvents } from 'waybill/testing'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
let emulator: ZaiusEmulator | undefined
afterEach(async () => {
  await emulator?.close()
  emulator = undefined
})
const opened = {
  ...createSampleEvents({ seed: 'explain' }).track('Email Opened'),
  messageId: 'message-1',
  properties: { email_id: 17, campaign_name: 'Spring', campaign_id: null },
}

type Setup = Parameters<typeof fakeTerminal>[0]

async function explain(event: object, options: readonly string[], setup: Setup = {}) {
  files.write('event.json', JSON.stringify(event, undefined, 2))
  const screen = fakeTerminal({ workingDirectory: files.folder, columns: 120, ...setup })
  const code = await runCommandLine(['explain', '--event', 'event.json', ...options], screen.terminal)
  return { code, stdout: screen.stdout, stderr: screen.stderr }
}

describe('waybill explain', () => {
  test('shows filter, fields and request of the subscriptions that match, aligned and short', async () => {
    const { context: _context, ...bare } = opened
    const event = { ...bare, context: { ip: '203.0.113.4', traits: { email: 'ada@example.com' } } }
    const { code, stdout, stderr } = await explain(event, ['--destination', 'zaius'])
    expect(code).toBe(0)
    expect(stderr).toBe('The settings are made up; give your own with --settings FILE.\n')
    expect(stdout).toContain(`zaius  message message-1

Email Opened → emailEvent
  filter matches
    ✓ all of
      ✓ type = "track"
      ✓ event = "Email Opened"
`)
    expect(stdout).toMatch(/ {2}✓ target_address \* +"ada@example\.com" +← \$\.context\.traits\.email/)
    expect(stdout).toContain('    POST https://api.zaius.com/v3/events\n')
    expect(stdout).toContain('    x-api-key: ***\n')
    expect(stdout).toMatch(/\d+ other subscriptions do not match\.\n$/)
    for (const line of stdout.split('\n').slice(0, 24)) expect(line.length).toBeLessThanOrEqual(120)
  })

  test('exits with 1 and names the field that is missing', async () => {
    const { context: _context, ...event } = opened
    const { code, stdout } = await explain(event, ['--destination', 'zaius'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ target_address \* +– +not in the event ← /)
    expect(stdout).toContain('required, but missing')
    expect(stdout).toContain('invalid INVALID_PAYLOAD: Recipient (target_address) is required')
    expect(stdout).not.toContain('POST')
  })

  test('takes filter and mapping of its own, and says what a comparison met', async () => {
    const filter = 'properties.email_id > 20 and event = "A"'
    const options = ['--destination', 'zendesk-connect', '--action', 'trackEvent', '--filter', filter]
    const { code, stdout } = await explain(opened, options)
    expect(code).toBe(0)
    expect(stdout).toContain(`  filter does not match
    ✗ all of
      ✗ properties.email_id > 20   properties.email_id is 17
      · event = "A"                not looked at
`)
    files.write(
      'mapping.json',
      '{ "event": { "@path": "$.properties.email_id" }, "user_id": { "@path": "$.properties.campaign_id" }, "anonymous_id": { "@path": "$.nowhere" } }',
    )
    const mapped = await explain(opened, [...options.slice(0, 4), '--mapping', 'mapping.json'])
    expect(mapped.stdout).toMatch(/ {2}· user_id +– +null counts as absent, ← \$\.properties\.campaign_id/)
    expect(mapped.stdout).toMatch(/ {2}· anonymous_id +– +not in the event ← \$\.nowhere/)
    expect(mapped.stdout).toMatch(/ {2}· timestamp +– +not mapped/)
    expect(mapped.stdout).toMatch(/✓ event \* +"17" +was 17, number to string, ← \$\.properties\.email_id/)
  })

  test('gives everything as JSON', async () => {
    const { stdout, stderr } = await explain(opened, ['--destination', 'zaius', '--json'])
    expect(stderr).toBe('')
    const { subscriptions } = JSON.parse(stdout)
    const matching = subscriptions.filter((each: { filter: { matches: boolean } }) => each.filter.matches)
    expect(matching).toMatchObject([
      { name: 'Email Opened', action: 'emailEvent', fields: expect.any(Array) },
    ])
    expect(subscriptions.length).toBeGreaterThan(30)
  })

  test('uses colors for a person alone, and not with NO_COLOR', async () => {
    const colors = async (setup: Setup) =>
      (await explain(opened, ['-d', 'zaius'], setup)).stdout.includes('\u001b[')
    expect(await colors({ isInteractive: true })).toBe(true)
    expect(await colors({ isInteractive: true, environment: { NO_COLOR: '1' } })).toBe(false)
    expect(await colors({ isInteractive: false })).toBe(false)
  })

  test('says so when there is nothing to explain, and exits with 1', async () => {
    files.write('bare.json', {
      connections: [{ name: 'bare', destination: 'zaius', settings: { apiKey: 'k' }, subscriptions: [] }],
    })
    const bare = await explain(opened, ['--config', 'bare.json'])
    expect(bare.stderr).toMatch(/nothing to explain: bare has no subscriptions; list some/)
    files.write('blank.json', ' \n')
    const blank = await explain(opened, ['--destination', 'zaius', '--event', 'blank.json'])
    expect(blank.stderr).toMatch(/nothing to explain: blank\.json holds no event/)
    const piped = fakeTerminal({ workingDirectory: files.folder, stdin: '' })
    expect(await runCommandLine(['explain', '-d', 'zaius'], piped.terminal)).toBe(1)
    expect([bare.code, blank.code]).toEqual([1, 1])
  })

  test('reads what run reads: gzip with padding, and byte order marks', async () => {
    files.write('packed.gz', Buffer.concat([gzipSync(`\uFEFF${JSON.stringify(opened)}`), Buffer.alloc(100)]))
    const { code, stdout } = await explain(opened, ['--destination', 'zaius', '--event', 'packed.gz'])
    expect(stdout).toMatch(/^zaius {2}message message-1\n/)
    expect(code).toBe(0)
  })

  test('reads a dead letter, goes to its connection and subscription, and sends when told to', async () => {
    emulator = await startZaiusEmulator()
    const apiKey = emulator.publicKey
    const settings = { apiKey: '$' + '{KEY}', endpoint: emulator.url }
    files.write('config.json', {
      connections: ['one', 'two'].map((name) => ({
        name,
        destination: 'zaius',
        settings,
        subscriptions: 'presets',
      })),
    })
    const letter = {
      waybillDeadLetter: 1,
      event: opened,
      outcome: { kind: 'retry', connection: 'two', subscription: 'Email Opened', code: 'HTTP_500' },
    }
    const setup = { environment: { KEY: apiKey } }
    const options = ['--config', 'config.json']
    const { stdout } = await explain(letter, options, setup)
    expect(stdout).toMatch(/^two {2}message message-1\n\nEmail Opened → emailEvent\n/)
    expect(emulator.requests).toHaveLength(0)
    const sent = await explain(letter, [...options, '--send'], setup)
    expect(emulator.requests).toHaveLength(1)
    expect(sent.stdout).toMatch(/-> 202\n/)
    expect(sent.stdout).toMatch(/ {2}delivered 202\n$/)
    expect(sent.stdout).not.toContain(apiKey)
  })

  test.each([
    [['--destination', 'zaus'], 'there is no destination "zaus"; did you mean "zaius"?'],
    [['--destination', 'zaius', '--config', 'x.json'], 'give --destination or --config, not both'],
    [['--destination', 'zaius', '--send'], '--send needs the settings of an account'],
    [
      ['--destination', 'zaius', '--filter', 'type = "track"'],
      'name the action with --action: upsertCustomer',
    ],
    [['--destination', 'zaius', '--action', 'trackEvnt'], '--action trackEvnt: there is no such action'],
    [['--destination', 'emarsys', '--filter', 'type ='], 'line 1, column 7: expected a field'],
    [['--destination', 'emarsys', '--mapping', '{"a": }'], '--mapping is not JSON: look at line 1, column 7'],
    [
      ['--destination', 'emarsys', '--mapping', 'nowhere.json'],
      '--mapping nowhere.json: there is no such file',
    ],
    [
      ['--destination', 'emarsys', '--subscription', 'x'],
      '--subscription x: the connection has no such subscription',
    ],
    [['--destination', 'emarsys', '--event', 'no.json'], '--event no.json: there is no such file'],
  ])('answers %j with what is wrong and exit code 2', async (options, message) => {
    const { code, stderr } = await explain(opened, options)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
