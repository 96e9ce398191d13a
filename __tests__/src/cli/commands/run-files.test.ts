import { existsSync, linkSync, symlinkSync, unlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runCommandLine } from '../../../../src/cli/command-line'
import { openDeadLetters } from '../../../../src/cli/report/dead-letter-file'
import { startCommand } from '../command-process'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
let server: Server
let status = 200
let holdsAnswers = false
let requests = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      requests += 1
      response.statusCode = status
      if (!holdsAnswers) response.end('{}')
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  files.write(
    'acme.js',
    `exports.acme = { name: 'Acme', slug: 'acme', mode: 'cloud', authentication: { scheme: 'custom', fields: {} }, actions: {
      go: { title: 'Go', description: 'x', fields: { all: { label: 'All', description: 'x', type: 'object', default: { '@path': '$.' } } },
        perform: (request, { payload }) => request('${url}', { method: 'post', json: payload.all }) } } }`,
  )
  files.write('c.json', {
    connections: [
      {
        name: 'acme',
        destination: './acme.js#acme',
        settings: {},
        subscriptions: [{ action: 'go', filter: 'type = "track"', mapping: { all: { '@path': '$.' } } }],
      },
    ],
  })
})
beforeEach(() => {
  status = 200
  holdsAnswers = false
  requests = 0
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const event = (index: number, filler = 0) =>
  JSON.stringify({ type: 'track', messageId: `m${index}`, properties: { filler: 'x'.repeat(filler) } })
const lines = (count: number, filler = 0) =>
  `${Array.from({ length: count }, (_, index) => event(index, filler)).join('\n')}\n`

async function run(...more: string[]) {
  const screen = fakeTerminal({ workingDirectory: files.folder, stdin: lines(1) })
  const code = await runCommandLine(['run', '--memory', '--config', 'c.json', ...more], screen.terminal)
  return { code, ...screen, stderr: screen.stderr, stdout: screen.stdout }
}

describe('the files of a run', () => {
  beforeAll(() => {
    files.write('in.ndjson', lines(1))
    linkSync(files.path('in.ndjson'), files.path('hard.ndjson'))
    symlinkSync('in.ndjson', files.path('soft.ndjson'))
    files.write('empty', '')
    linkSync(files.path('empty'), files.path('other-empty'))
    files.write('sub/x', '')
    symlinkSync('sub', files.path('way'))
    symlinkSync('not-yet', files.path('leads-nowhere'))
  })

  test.each([
    [['--dead-letters', 'x', '--report', 'x'], '--report x: this is the file of --dead-letters too'],
    [['--dead-letters', 'x', '--report', './sub/../x'], 'this is the file of --dead-letters too'],
    [['--dead-letters', 'sub/y', '--report', 'way/y'], 'this is the file of --dead-letters too'],
    [['--dead-letters', 'not-yet', '--report', 'leads-nowhere'], 'this is the file of --dead-letters too'],
    [['--dead-letters', 'empty', '--report', 'other-empty'], 'this is the file of --dead-letters too'],
    [
      ['--input', 'in.ndjson', '--report', 'in.ndjson'],
      '--report in.ndjson: this is the file of --input too',
    ],
    [['--input', 'in.ndjson', '--report', 'hard.ndjson'], 'this is the file of --input too'],
    [['--input', 'in.ndjson', '--report', 'soft.ndjson'], 'this is the file of --input too'],
    [['--input', 'soft.ndjson', '--report', 'hard.ndjson'], 'this is the file of --input too'],
    [['--input', 'empty', '--dead-letters', 'empty'], 'this is the file of --input too'],
    [['--report', 'c.json'], 'this is the file of --config too'],
    [['--report', 'sub'], '--report sub: this is a folder'],
    [['--report', 'none/r'], '--report none/r: there is no such folder'],
    [['--dead-letters', 'in.ndjson/x'], '--dead-letters in.ndjson/x: '],
  ])('%j is refused before anything is sent', async (more, message) => {
    const { code, stderr } = await run(...more)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(requests).toBe(0)
    expect(files.read('in.ndjson')).toBe(lines(1))
    expect(files.read('c.json')).toContain('acme')
  })

  test('may be the null device more than once', async () => {
    const { code } = await run('--dead-letters', '/dev/null', '--report', '/dev/null', '--quiet')
    expect(code).toBe(0)
  })

  test('that the shell redirected are held against the others too', async () => {
    files.write('redirected.ndjson', lines(1))
    const command = ['run', '--memory', '--config', 'c.json', '--report', 'redirected.ndjson']
    const { code, stderr } = await startCommand(command, { cwd: files.folder, ending: '< redirected.ndjson' })
      .done
    expect(stderr).toContain('this is the file of standard input too')
    expect(code).toBe(2)
    expect(files.read('redirected.ndjson')).toBe(lines(1))
  })
})

describe('a disk that is full', () => {
  const letterIds = (name: string) =>
    files
      .read(name)
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).event.messageId as string)

  test.each([[40], [150], [700], [3_000]])(
    'stops the run of %d events: every letter is whole, and going on steps over none that is in no file',
    async (count) => {
      status = 400
      const [letters, report] = [`full-${count}.ndjson`, `full-${count}.json`]
      const { code, stdout } = await startCommand(
        ['run', '--memory', '-c', 'c.json', '--dead-letters', letters, '--report', report],
        { cwd: files.folder, prefix: 'ulimit -f 24', stdin: lines(count, 200) },
      ).done
      const ids = letterIds(letters)
      const told = JSON.parse(files.read(report))
      expect(code).toBe(1)
      expect(told.deadLetters).toMatchObject({ count: ids.length, error: expect.stringContaining(letters) })
      expect(ids.length + told.deadLetters.lost).toBe(told.input.events)
      const skip = told.input.skip as number
      const kept = new Set(ids)
      for (let index = 0; index < skip; index++) expect(kept.has(`m${index}`)).toBe(true)
      expect(kept.has(`m${skip}`)).toBe(false)
      expect(stdout).toContain('the file would become larger than allowed')
      expect(stdout).toMatch(
        new RegExp(`^ {2}(?:npx )?waybill run --config c\\.json --skip ${skip} --memory$`, 'm'),
      )
    },
  )

  test('costs a report nothing but the report, and keeps the earlier one', async () => {
    files.write('kept.json', '{"earlier":true}')
    const { code, stdout, stderr } = await startCommand(
      ['run', '--memory', '-c', 'c.json', '--report', 'kept.json'],
      {
        cwd: files.folder,
        prefix: 'ulimit -f 0',
        stdin: lines(3),
      },
    ).done
    expect(code).toBe(0)
    expect(stdout).toContain('3 events in')
    expect(stderr).toMatch(/the report cannot be written to .*kept\.json: the file would become larger/)
    expect(files.read('kept.json')).toBe('{"earlier":true}')
    expect(requests).toBe(3)
  })
})

describe('dead letters', () => {
  test('have a file only where there are any', async () => {
    expect((await run('--dead-letters', 'none.ndjson')).code).toBe(0)
    expect(existsSync(files.path('none.ndjson'))).toBe(false)
  })

  test('that are removed while they are written stop the run', () => {
    const letters = openDeadLetters('removed.ndjson', files.folder)
    let failures = 0
    letters.onFailure(() => {
      failures += 1
    })
    unlinkSync(files.path('removed.ndjson'))
    letters.addMalformed({ line: 3, record: 2, problem: 'x', text: 'y' })
    letters.close()
    expect(letters.failure?.message).toContain('was removed')
    expect([failures, letters.lost, letters.firstLostRecord, letters.count]).toEqual([1, 1, 2, 0])
  })

  test('of two runs in the same second have files of their own', async () => {
    status = 400
    const [one, other] = await Promise.all([run(), run()])
    const nameIn = ({ stdout }: { stdout: string }) => /in (\S+\.ndjson)\./.exec(stdout)?.[1]
    expect(nameIn(one)).toBeDefined()
    expect(nameIn(one)).not.toBe(nameIn(other))
  })
})

test.each(['SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
  '%s ends a run with everything written down',
  async (signal) => {
    holdsAnswers = true
    const letters = `${signal}.ndjson`
    const { child, done } = startCommand(
      ['run', '--memory', '-c', 'c.json', '--dead-letters', letters, '--report', `${signal}.json`],
      { cwd: files.folder, stdin: null },
    )
    child.stdin.write(lines(5))
    while (requests < 5) await new Promise((resolve) => setTimeout(resolve, 20))
    child.kill(signal)
    if (signal === 'SIGHUP') child.kill(signal)
    server.closeAllConnections()
    const { code, stdout } = await done
    expect(code).toBe(130)
    expect(stdout).toContain('Interrupted')
    expect(files.read(letters).trimEnd().split('\n')).toHaveLength(5)
    expect(JSON.parse(files.read(`${signal}.json`))).toMatchObject({
      interrupted: true,
      deadLetters: { count: 5 },
    })
  },
)
