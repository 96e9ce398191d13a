import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listEmulators } from 'waybill/emulators'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal, until } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()

test('every emulated vendor of the demo has a connection in the examples', () => {
  const file = join(__dirname, '../../../../examples/waybill.config.json')
  const { connections } = JSON.parse(readFileSync(file, 'utf8')) as { connections: { destination: string }[] }
  expect(connections.map(({ destination }) => destination)).toEqual(expect.arrayContaining(listEmulators()))
})

describe('waybill demo', () => {
  test('delivers the examples to the emulated vendors, and every count agrees', async () => {
    const screen = fakeTerminal({ workingDirectory: files.folder })
    const code = await runCommandLine(['demo'], screen.terminal)
    expect(screen.stdout).toContain('4,000 events in')
    for (const name of ['Zaius', 'Emarsys', 'Zendesk Connect']) {
      expect(screen.stdout).toContain(`What ${name} now holds`)
      expect(screen.stdout).toContain(`  ✓ ${name}: `)
    }
    expect(screen.stdout).toMatch(
      /Rule "back-by-mail"\n.*\n {4}9 programs started, the first of them:\n {4}finish-your-order for /,
    )
    expect(screen.stdout).toMatch(/✓ outcomes: events × subscriptions: [\d,]+\n/)
    expect(screen.stdout).not.toContain('✗')
    // A slow machine gets to see how far it is; nothing else may be said.
    expect(screen.stderr.replace(/^examples\/events\.ndjson\.gz: .*events read.*\n/gm, '')).toBe('')
    expect(code).toBe(0)
    expect(readdirSync(files.folder)).toEqual([])
  }, 60_000)

  test('--keep leaves the vendors open to a look until an interrupt', async () => {
    const screen = fakeTerminal({ workingDirectory: files.folder })
    const done = runCommandLine(['demo', '--keep'], screen.terminal)
    await until(() => screen.stdout.includes('until you interrupt'), done)
    const url = /Zendesk Connect: (http:\S+)/.exec(screen.stdout)?.[1]
    const users = await (await fetch(`${url}users`)).json()
    expect((users as unknown[]).length).toBeGreaterThan(20)
    screen.interrupt()
    expect(await done).toBe(0)
    await expect(fetch(`${url}users`)).rejects.toThrow()
  }, 60_000)
})
