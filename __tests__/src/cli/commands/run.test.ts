import { gzipSync } from 'node:zlib'
import {
  developmentKey,
  startZendeskConnectEmulator,
  type ZendeskConnectEmulator,
} from 'waybill/emulators/zendesk-connect'
import { createEventStream } from 'waybill/testing'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal, until } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
let emulator: ZendeskConnectEmulator

beforeEach(async () => {
  emulator = await startZendeskConnectEmulator()
})
afterEach(() => emulator.close())

type Run = {
  readonly arguments?: string[]
  readonly stdin?: string | Buffer | AsyncIterable<Buffer>
  readonly config?: Record<string, unknown>
}
let runs = 0

/** Writes a configuration for the emulator, and gives the terminal and the run under way. */
function start({ arguments: more = [], stdin, config = {} }: Run) {
  runs += 1
  const name = `config-${runs}.json`
  const settings = { apiKey: '$' + '{KEY}', endpoint: emulator.url }
  files.write(name, {
    connections: [
      { name: 'shop', destination: 'zendesk-connect', settings, subscriptions: 'presets', ...config },
    ],
  })
  const screen = fakeTerminal({
    workingDirectory: files.folder,
    environment: { KEY: developmentKey },
    ...(stdin !== undefined && { stdin }),
  })
  const letters = more.includes('--dead-letters') ? [] : ['--dead-letters', `dead-${runs}.ndjson`]
  return {
    screen,
    letters: letters[1] ?? '',
    done: runCommandLine(['run', '--memory', '--config', name, ...letters, ...more], screen.terminal),
  }
}

async function run(options: Run) {
  const { screen, letters, done } = start(options)
  return { code: await done, screen, letters }
}

const track = (index: number, change: Record<string, unknown> = {}) => ({
  type: 'track',
  messageId: `message-${index}`,
  userId: `user-${index}`,
  event: 'Lid Opened',
  timestamp: '2026-01-05T08:00:00.000Z',
  properties: { index },
  ...change,
})
const lines = (...events: unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('')
const lettersIn = (name: string) =>
  files
    .read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
const accepted = () => emulator.environment().accepted
const vendorRequests = () => emulator.requests.length

describe('waybill run', () => {
  const events = [...createEventStream({ seed: 'run', users: 20, count: 300 })]
  const expected = events.filter(({ type }) => ['identify', 'track', 'alias'].includes(type)).length

  test.each([
    ['NDJSON', Buffer.from(lines(...events))],
    ['gzipped NDJSON', gzipSync(lines(...events))],
    ['a JSON array', Buffer.from(JSON.stringify(events, null, 1))],
  ])('delivers %s from a file or standard input, and sums up', async (_, bytes) => {
    files.write('events', bytes)
    for (const source of [{ arguments: ['--input', 'events'] }, { stdin: bytes }]) {
      const { code, screen } = await run(source)
      expect(code).toBe(0)
      expect(screen.stdout).toContain('300 events in')
      expect(screen.stdout).toMatch(/shop\s+Track Event\s+\d+\s+\d+/)
      expect(accepted()).toBe(expected)
    }
  })

  test('writes a report whose numbers add up', async () => {
    const { code } = await run({
      stdin: lines(...events),
      arguments: ['--report', 'report.json', '--quiet'],
    })
    const report = JSON.parse(files.read('report.json'))
    expect(code).toBe(0)
    expect(report).toMatchObject({
      exitCode: 0,
      interrupted: false,
      input: { name: 'standard input', events: 300, malformed: 0 },
      outcomes: { delivered: expected, rejected: 0 },
      deadLetters: { count: 0 },
    })
    const total = Object.values(report.outcomes as Record<string, number>).reduce(
      (sum, count) => sum + count,
      0,
    )
    expect(total).toBe(300 * 3)
  })

  test('says nothing when it is told to be quiet and all is well', async () => {
    const { screen } = await run({ stdin: lines(track(1)), arguments: ['--quiet'] })
    expect(screen.stdout + screen.stderr).toBe('')
  })

  test('says so when no event went through any subscription, or there was none', async () => {
    const none = await run({ stdin: lines({ type: 'page', messageId: 'p', userId: 'u' }) })
    expect(none.code).toBe(0)
    expect(none.screen.stdout).toContain('No event went through any subscription')
    expect((await run({ stdin: '\n\n' })).screen.stdout).toContain('standard input holds no events')
  })

  test('lists what was left out of requests, and why', async () => {
    const { screen } = await run({
      stdin: lines({ type: 'identify', userId: 'u', traits: { timezone: 'PST' } }),
    })
    expect(screen.stdout).toMatch(/Left out of requests:\n\s+1 × at shop \/ Identify User: timezone: /)
  })
})

describe('what is not delivered', () => {
  test('ends as dead letters with line, reason and attempts, and exit code 1', async () => {
    emulator.fault({ match: { path: '/v2/track' }, status: 422, body: { error: { Message: 'no' } } })
    const { code, screen, letters } = await run({
      stdin: `${lines(track(1))}nonsense\n${lines(track(2, { event: undefined }))}`,
    })
    expect(code).toBe(1)
    const found = lettersIn(letters)
    expect(found).toHaveLength(3)
    expect(found).toContainEqual(expect.objectContaining({ line: 2, text: 'nonsense' }))
    const byKind = Object.fromEntries(
      found.filter(({ event }) => event).map((letter) => [letter.outcome.kind, letter]),
    )
    expect(byKind.rejected).toMatchObject({
      event: track(1),
      outcome: { status: 422, connection: 'shop' },
      attempts: [{ attempt: 1 }],
    })
    expect(byKind.invalid?.outcome.fields).toMatchObject([{ path: 'event', received: 'missing' }])
    expect(screen.stdout).toContain('Not delivered:')
    expect(screen.stdout).toMatch(/1 × invalid input, first on line 2: INVALID_INPUT: not JSON/)
    expect(screen.stdout).toMatch(
      /^ {2}(?:npx )?waybill run --config config-\d+\.json --input \S+\.ndjson(?: --memory)?$/m,
    )
  })

  test('can be sent again: only the subscription that failed', async () => {
    const config = {
      subscriptions: [
        { name: 'as event', action: 'trackEvent', filter: 'type = "track"' },
        { name: 'as user', action: 'identifyUser', filter: 'type = "track"' },
      ],
    }
    emulator.fault({ match: { path: '/v2/identify' }, times: 5, status: 400 })
    const first = await run({ stdin: lines(track(1)), config })
    expect(first.code).toBe(1)
    const [letter] = lettersIn(first.letters)
    expect(letter.outcome).toMatchObject({ subscription: 'as user', kind: 'rejected' })
    emulator.clear()
    const second = await run({ arguments: ['--input', first.letters], config })
    expect(second.code).toBe(0)
    expect(emulator.requests.map(({ path }) => path)).toEqual(['/v2/identify'])
    expect(emulator.requests[0]?.headers['x-outbound-guid']).toBe(letter.outcome.idempotencyKey)
  })

  test('stays a dead letter when the configuration no longer has the place it came from', async () => {
    emulator.fault({ status: 400 })
    const first = await run({ stdin: lines(track(1)) })
    const second = await run({ arguments: ['--input', first.letters], config: { name: 'other' } })
    expect(second.code).toBe(1)
    expect(second.screen.stdout).toContain(
      'a dead letter of the connection "shop", which the configuration does not have',
    )
    expect((await run({ arguments: ['--input', second.letters] })).code).toBe(0)
    expect(accepted()).toBe(1)
  })

  test('is tried again while there is time', async () => {
    emulator.fault({ times: 2, status: 503, retryAfter: 0 })
    const { code, screen } = await run({ stdin: lines(track(1)) })
    expect(code).toBe(0)
    expect(screen.stdout).toContain('2 repeated attempts')
    expect(accepted()).toBe(1)
  })

  test('is told once when the credentials are refused, and nothing more is sent', async () => {
    const many = Array.from({ length: 200 }, (_, index) => track(index))
    const { code, screen, letters } = await run({
      stdin: lines(...many),
      config: { settings: { apiKey: 'f'.repeat(32), endpoint: emulator.url } },
    })
    expect(code).toBe(1)
    expect(screen.stderr.match(/credentials were refused/g)).toHaveLength(1)
    expect(lettersIn(letters)).toHaveLength(200)
    expect(vendorRequests()).toBeLessThan(50)
    expect(files.read(letters) + screen.stderr + screen.stdout).not.toContain('f'.repeat(32))
  })

  test('names a host that cannot be reached', async () => {
    await emulator.close()
    const { code, screen, letters } = await run({ stdin: lines(track(1)), arguments: ['--retry-for', '0'] })
    expect(code).toBe(1)
    expect(screen.stdout).toMatch(/1 × retry at shop \/ Track Event: .*(ECONNREFUSED|refused)/)
    expect(lettersIn(letters)).toHaveLength(1)
    emulator = await startZendeskConnectEmulator()
  })

  test('stops the run when dead letters cannot be written, rather than losing them', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) =>
      track(index, { event: undefined, filler: 'x'.repeat(100) }),
    )
    const { code, screen } = await run({
      stdin: (async function* () {
        for (const event of many) yield Buffer.from(lines(event))
      })(),
      arguments: ['--dead-letters', '/dev/full', '--report', 'full.json'],
    })
    expect(code).toBe(1)
    expect(screen.stdout).toContain('dead letters cannot be written to /dev/full')
    expect(screen.stdout).toMatch(/--skip \d+/)
    expect(JSON.parse(files.read('full.json')).input.events).toBeLessThan(10_000)
  })

  test('says how much of a truncated gzip was read, and where to go on', async () => {
    const all = Array.from({ length: 3000 }, (_, index) => track(index, { noise: `${Math.sin(index)}` }))
    const whole = gzipSync(lines(...all))
    files.write('cut.gz', whole.subarray(0, whole.length / 2))
    files.write('whole.gz', whole)
    const { code, screen } = await run({ arguments: ['--input', 'cut.gz'] })
    expect(code).toBe(1)
    expect(screen.stdout).toMatch(/cut\.gz: the gzip data is cut off after \d+ bytes/)
    const skip = /--skip (\d+)/.exec(screen.stdout)?.[1] ?? ''
    expect(accepted()).toBe(Number(skip))
    expect((await run({ arguments: ['--input', 'whole.gz', '--skip', skip] })).code).toBe(0)
    expect(accepted()).toBe(3000)
  })
})

describe('an interrupt', () => {
  test('settles or writes down everything, and the rest can be sent later', async () => {
    const count = 3000
    const all = Array.from({ length: count }, (_, index) => track(index))
    files.write('many.ndjson', lines(...all))
    emulator.fault({ times: 200, delayMs: 5 })
    const { screen, done, letters } = start({
      arguments: [
        '--input',
        'many.ndjson',
        '--report',
        'interrupted.json',
        '--max-pending',
        '50',
        '--concurrency',
        '4',
      ],
    })
    await until(() => accepted() >= 20, done)
    screen.interrupt()
    expect(await done).toBe(130)
    expect(screen.listeners).toBe(0)
    const report = JSON.parse(files.read('interrupted.json'))
    const { delivered, retry, unknown } = report.outcomes
    expect(delivered + retry + unknown).toBe(report.input.events)
    expect(report.input.events).toBe(report.input.skip)
    expect(report.deadLetters.count).toBe(retry + unknown)
    const again = retry + unknown > 0 ? await run({ arguments: ['--input', letters] }) : { code: 0 }
    expect(again.code).toBe(0)
    const rest = await run({ arguments: ['--input', 'many.ndjson', '--skip', String(report.input.skip)] })
    expect(rest.code).toBe(0)
    expect(accepted()).toBe(count)
  })

  test('ends a run that waits for more input', async () => {
    let wake = () => undefined as unknown
    const stdin = (async function* () {
      yield Buffer.from(lines(track(1)))
      await new Promise((resolve) => {
        wake = () => resolve(undefined)
      })
    })()
    const { screen, done } = start({ stdin })
    await until(() => accepted() >= 1, done)
    screen.interrupt()
    expect(await done).toBe(130)
    expect(screen.stdout).toContain('Interrupted')
    wake()
  })
})

describe('--dry-run', () => {
  test('prints the requests with secrets masked, and sends nothing', async () => {
    const { code, screen } = await run({
      stdin: lines(track(1), { type: 'identify', userId: 'u', traits: { key: developmentKey } }),
      arguments: ['--dry-run'],
    })
    expect(code).toBe(0)
    expect(screen.stdout).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/v2\/track\n/m)
    expect(screen.stdout).toContain('x-outbound-key: ***')
    expect(screen.stdout).toContain('{"user_id":"user-1"')
    expect(screen.stdout + screen.stderr).not.toContain(developmentKey)
    expect(screen.stderr).toContain('Dry run: 2 requests printed, none sent')
    expect(vendorRequests()).toBe(0)
  })
})
