import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Emulator, startEmulator } from 'waybill/testing'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const count = 400
let vendor: Emulator
let answer: (name: string) => number = () => 200
const received = new Map<string, number>()

beforeAll(async () => {
  vendor = await startEmulator({
    handle: async ({ body }) => {
      const { name } = JSON.parse(body.toString()) as { name: string }
      const status = answer(name)
      await new Promise((resolve) => setTimeout(resolve, 2))
      if (status < 300) received.set(name, (received.get(name) ?? 0) + 1)
      return { status }
    },
  })
  files.write(
    'vendor.cjs',
    `module.exports.vendor = {
      name: 'Vendor', slug: 'vendor', mode: 'cloud',
      authentication: { scheme: 'custom', fields: { url: { label: 'URL', description: 'Where.', type: 'string', required: true } } },
      actions: { send: {
        title: 'Send', description: 'Sends.',
        fields: { name: { label: 'Name', description: 'Name.', type: 'string', required: true, default: { '@path': '$.event' } } },
        perform: (request, { payload, settings }) => request(settings.url, { method: 'post', json: payload }),
      } },
    }`,
  )
  configure()
  files.write(
    'events.ndjson',
    Array.from({ length: count }, (_, index) =>
      JSON.stringify({ type: 'track', userId: 'u', event: `e${index}` }),
    ).join('\n'),
  )
})
afterAll(() => vendor.close())
beforeEach(() => {
  received.clear()
  answer = () => 200
})

const configure = (more: object = {}) =>
  files.write('waybill.config.json', {
    connections: [
      {
        destination: './vendor.cjs#vendor',
        settings: { url: vendor.url },
        subscriptions: [{ action: 'send', filter: 'type = "track"' }],
        ...more,
      },
    ],
  })

const run = async (...more: string[]) => {
  const screen = fakeTerminal({ workingDirectory: files.folder, columns: 160 })
  const code = await runCommandLine(['run', '--input', 'events.ndjson', ...more], screen.terminal)
  return { code, stdout: screen.stdout, stderr: screen.stderr }
}

const root = join(__dirname, '../../../..')

/** The command line in a process of its own, which can be killed. */
const start = (): ChildProcess =>
  spawn(
    process.execPath,
    [
      '--conditions=waybill-source',
      '-r',
      join(root, '__tests__/support/register-typescript.js'),
      join(root, 'src/cli/main.ts'),
      ...['run', '--input', 'events.ndjson', '--quiet', '--allow-duplicates'],
    ],
    { cwd: files.folder, stdio: ['ignore', 'ignore', 'inherit'] },
  )

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve))
}

describe('waybill run by way of its store', () => {
  test('delivers everything, and keeps a store beside the configuration', async () => {
    const { code, stdout } = await run()
    expect(stdout).toContain(`${count} events in`)
    expect(stdout).toMatch(/vendor +send +400 +0/)
    expect(code).toBe(0)
    expect(received.size).toBe(count)
    expect(existsSync(join(files.folder, '.waybill', 'waybill.db'))).toBe(true)
  })

  test('a completed run of the same file starts anew', async () => {
    const { code, stderr } = await run()
    expect(code).toBe(0)
    expect(stderr).not.toContain('going on')
    expect(received.size).toBe(count)
  })

  test('killed at any moment and started again, it goes on: nothing is lost, and repeats are in flight alone', async () => {
    let starts = 0
    for (; starts < 6 && received.size < count; starts++) {
      const child = start()
      const reached = received.size + 40
      const deadline = Date.now() + 15_000
      while (
        received.size < reached &&
        received.size < count &&
        Date.now() < deadline &&
        child.exitCode === null
      )
        await new Promise((resolve) => setTimeout(resolve, 5))
      child.kill('SIGKILL')
      await ended(child)
    }
    expect(starts).toBeGreaterThan(2)
    const last = await run('--allow-duplicates')
    expect(last.code).toBe(0)
    expect(last.stderr).toMatch(
      /An earlier run of events\.ndjson was not finished: going on after \d+ records?\./,
    )
    expect(received.size).toBe(count)
    const repeats = [...received.values()].reduce((sum, times) => sum + times - 1, 0)
    expect(repeats).toBeLessThanOrEqual(32 * starts)
  }, 120_000)

  test('of another configuration, an unfinished run asks what to do', async () => {
    const child = start()
    while (received.size < 20 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await ended(child)
    configure({ name: 'vendor' })
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--continue goes on .*--restart begins anew/),
    })
    expect((await run('--continue', '--allow-duplicates')).code).toBe(0)
    expect(received.size).toBe(count)
    configure()
  }, 60_000)

  test('what is refused for good is dead in the store, or in the file that was named', async () => {
    answer = (name) => (name === 'e7' ? 400 : 200)
    const kept = await run('--restart')
    expect(kept.code).toBe(1)
    expect(kept.stdout).toContain('1 dead letter in ')
    expect(kept.stdout).toContain('waybill dead list shows them')
    const moved = await run('--restart', '--dead-letters', 'failed.ndjson')
    expect(moved.code).toBe(1)
    const [line = '', ...others] = readFileSync(join(files.folder, 'failed.ndjson'), 'utf8')
      .trim()
      .split('\n')
    expect(others).toEqual([])
    expect(JSON.parse(line)).toMatchObject({
      event: { event: 'e7' },
      outcome: { kind: 'rejected', connection: 'vendor' },
    })
  })

  test('beside another run of the same folder, it says that it keeps its events in memory alone', async () => {
    const [one, other] = await Promise.all([run('--restart'), run()])
    expect([one.code, other.code]).toEqual([0, 0])
    expect(`${one.stderr}${other.stderr}`.match(/keeps its events in memory alone/g)).toHaveLength(1)
  })

  test('--memory keeps nothing', async () => {
    const { code, stdout } = await run('--memory', '--config', 'waybill.config.json')
    expect(code).toBe(0)
    expect(stdout).not.toContain('waybill.db')
  })

  test('credentials that are refused leave the rest in the store, with the command that goes on', async () => {
    answer = () => 401
    const { code, stdout } = await run()
    expect(code).toBe(1)
    expect(stdout).toMatch(/\d+ deliveries wait in .*waybill\.db; waybill status shows why\./)
    expect(stdout).toContain('waybill run --input events.ndjson')
    answer = () => 200
    expect((await run()).code).toBe(0)
    expect(received.size).toBe(count)
  }, 120_000)
})
