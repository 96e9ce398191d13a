import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommandLine } from '../../../../src/cli/command-line'
import { loadConfiguration } from '../../../../src/cli/configuration/load-configuration'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()

const init = async (options: readonly string[], stdin?: string) => {
  const screen = fakeTerminal({ workingDirectory: files.folder, ...(stdin === undefined ? {} : { stdin }) })
  const terminal = {
    ...screen.terminal,
    stdin: { ...screen.terminal.stdin, isInteractive: stdin !== undefined },
  }
  const code = await runCommandLine(['init', ...options], terminal)
  return { code, stdout: screen.stdout, stderr: screen.stderr }
}

/** Every variable that the printed steps name. */
const variablesOf = (stdout: string) =>
  Object.fromEntries(
    [...stdout.matchAll(/export (\w+)=/g)].map(([, name]) => [name as string, 'http://localhost']),
  )

describe('waybill init', () => {
  test('writes a configuration that opens once its variables are set, and says which', async () => {
    const { code, stdout } = await init(['--destination', 'zaius', 'emarsys', '--out', 'first.json'])
    expect(code).toBe(0)
    expect(stdout).toContain('npx waybill run --config first.json --input events.ndjson --dry-run')
    const { terminal } = fakeTerminal({ workingDirectory: files.folder, environment: variablesOf(stdout) })
    const { connections } = await loadConfiguration('first.json', terminal)
    expect(connections.map(({ destination }) => destination.slug)).toEqual(['zaius', 'emarsys'])
  })

  test('asks for destinations, again where a name is wrong, and names what was meant', async () => {
    const { code, stdout } = await init(['--out', 'asked.json'], 'zendesk-conect\nzendesk-connect\n')
    expect(code).toBe(0)
    expect(stdout).toContain('There is no destination "zendesk-conect"; did you mean "zendesk-connect"?')
    expect(readFileSync(join(files.folder, 'asked.json'), 'utf8')).toMatch(/"\$\{ZENDESK_CONNECT_API_KEY\}"/)
  })

  test('never overwrites a configuration, and asks nobody where nobody is', async () => {
    files.write('kept.json', '{}')
    expect(await init(['--destination', 'zaius', '--out', 'kept.json'])).toMatchObject({ code: 2 })
    expect(readFileSync(join(files.folder, 'kept.json'), 'utf8')).toBe('{}')
    const alone = await init(['--out', 'new.json'])
    expect(alone.code).toBe(2)
    expect(alone.stderr).toContain('name the destinations with --destination')
  })
})
