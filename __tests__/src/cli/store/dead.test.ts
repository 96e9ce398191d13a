import { join } from 'node:path'
import { openSqliteStore } from 'waybill/queue/sqlite'
import { type Emulator, startEmulator } from 'waybill/testing'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
let vendor: Emulator
let answer = 200
const received: string[] = []

beforeAll(async () => {
  vendor = await startEmulator({
    handle: ({ body }) => {
      received.push(String((JSON.parse(body.toString()) as { name?: string }).name))
      return { status: answer }
    },
  })
  files.write(
    'vendor.cjs',
    `module.exports.vendor = {
      name: 'Vendor', slug: 'vendor', mode: 'cloud',
      authentication: { scheme: 'custom', fields: { url: { label: 'URL', description: 'Where.', type: 'string', required: true } } },
      actions: { send: {
        title: 'Send', description: 'Sends.',
        fields: { name: { label: 'Name', description: 'Name.', type: 'string', required: true } },
        perform: (request, { payload, settings }) => request(settings.url, { method: 'post', json: payload }),
      } },
    }`,
  )
})
afterAll(() => vendor.close())

const configure = (mapping: object) =>
  files.write('waybill.config.json', {
    connections: [
      {
        destination: './vendor.cjs#vendor',
        settings: { url: vendor.url },
        subscriptions: [{ action: 'send', filter: 'type = "track"', mapping }],
      },
    ],
  })

const cli = async (...words: string[]) => {
  const screen = fakeTerminal({ workingDirectory: files.folder, columns: 200 })
  const code = await runCommandLine(words, {
    ...screen.terminal,
    stdin: { ...screen.terminal.stdin, isInteractive: false },
  })
  return { code, stdout: screen.stdout, stderr: screen.stderr }
}

/** Works until something has come true, then stops as control-C does. */
async function work(isDone: () => Promise<boolean> | boolean) {
  const screen = fakeTerminal({ workingDirectory: files.folder })
  const running = runCommandLine(['work', '--retry-for', '1s'], screen.terminal)
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline && !(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20))
  screen.interrupt()
  return { code: await running, stderr: screen.stderr }
}

const countsOf = async (): Promise<string> => {
  const { stdout } = await cli('status', '--json')
  if (!stdout.startsWith('{')) return ''
  const { lanes } = JSON.parse(stdout) as { lanes: { ready: number; leased: number; dead: number }[] }
  return lanes.map(({ ready, leased, dead }) => `${ready} ${leased} ${dead}`).join()
}

async function put(names: readonly string[]) {
  const { createRuntime } = await import('waybill')
  const { vendor: destination } = require(join(files.folder, 'vendor.cjs')) as { vendor: never }
  const store = await openSqliteStore({ file: join(files.folder, '.waybill', 'waybill.db') })
  const runtime = createRuntime({
    connections: [
      {
        destination,
        settings: { url: vendor.url },
        subscriptions: [{ action: 'send', filter: 'type = "track"', mapping: {} }],
      },
    ],
  })
  await runtime.put(
    store.queue,
    names.map((name) => ({ type: 'track', messageId: `m-${name}`, userId: 'u1', event: name })),
  )
  await runtime.close()
  await store.close()
}

test('what died is listed by reason, explained, checked by the mended mapping, put back and delivered', async () => {
  configure({})
  await put(['a', 'b', 'c'])
  const before = await cli('status')
  expect(before.stdout).toMatch(/vendor \/ send +3 +0 +0 +0/)

  await work(async () => (await countsOf()) === '0 0 3')
  expect(received).toEqual([])
  const list = await cli('dead', 'list')
  expect(list.stdout).toContain('3 dead letters')
  expect(list.stdout).toMatch(/3 {2}INVALID_PAYLOAD {2}vendor \/ send/)
  expect(list.stdout).toContain('m-a')

  const show = await cli('dead', 'show', 'm-a')
  expect(show.stdout).toMatch(/^m-a\n {2}vendor \/ send: dead since .*, INVALID_PAYLOAD/)
  expect(show.stdout).toContain('Name (name) is required')
  expect((await cli('dead', 'show', 'm-z')).stderr).toContain(
    'the store knows no dead letter and no message id "m-z"',
  )

  const stillWrong = await cli('dead', 'check')
  expect(stillWrong).toMatchObject({ code: 1 })
  expect(stillWrong.stdout).toContain('3: Name (name) is required but it was missing. (for example m-')

  configure({ name: { '@path': '$.event' } })
  const mended = await cli('dead', 'check', '--reason', 'INVALID_PAYLOAD')
  expect(mended.code).toBe(0)
  expect(mended.stdout).toContain('  3 would be sent')
  expect(mended.stdout).toContain('waybill dead replay --reason INVALID_PAYLOAD puts them back.')

  expect((await cli('dead', 'replay')).stderr).toContain('nobody is there to be asked; give --yes')
  expect((await cli('dead', 'replay', '--yes', '--expected', '2')).stderr).toMatch(/dead letters/)
  expect((await cli('dead', 'list')).stdout).toContain('3 dead letters')
  expect((await cli('dead', 'replay', '--yes', '--expected', '3')).stdout).toContain(
    '3 dead letters put back',
  )

  const { code, stderr } = await work(() => received.length === 3)
  expect(code).toBe(0)
  expect([...received].sort()).toEqual(['a', 'b', 'c'])
  expect(stderr).toContain('3 delivered.')
  expect((await cli('dead', 'list')).stdout).toBe('Nothing is dead.\n')
}, 60_000)

test('dropping asks for the number, and deletes nothing for another one', async () => {
  configure({ name: { '@path': '$.event' } })
  answer = 400
  received.length = 0
  await put(['d', 'e'])
  await work(async () => (await countsOf()) === '0 0 2')
  answer = 200
  const ask = async (typed: string) => {
    const screen = fakeTerminal({ workingDirectory: files.folder, stdin: `${typed}\n` })
    const code = await runCommandLine(['dead', 'drop', '--connection', 'vendor'], {
      ...screen.terminal,
      stdin: { ...screen.terminal.stdin, isInteractive: true },
    })
    return { code, stdout: screen.stdout }
  }
  expect(await ask('3')).toMatchObject({ code: 1, stdout: expect.stringContaining('nothing was changed') })
  const lines = (await cli('dead', 'list', '--ndjson')).stdout.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { outcome: { kind: 'rejected', code: 'HTTP_400', connection: 'vendor' } },
    { outcome: { kind: 'rejected' } },
  ])
  expect(await ask('2')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 dead letters deleted.'),
  })
  expect((await cli('status', '--json')).stdout).toContain('"dead": 0')
}, 60_000)

test('what is not there is told with what to do', async () => {
  const { code, stderr } = await cli('status', '--store', 'nowhere.db')
  expect(code).toBe(2)
  expect(stderr).toMatch(/there is no store .*nowhere\.db; "waybill run" and "waybill work" make one/)
  expect((await cli('dead', 'list', '--since', 'yesterday')).stderr).toContain(
    'Give a date, such as 2026-01-15T12:00:00Z',
  )
})
