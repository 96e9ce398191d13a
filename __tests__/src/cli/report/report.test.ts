import type { Outcome } from 'waybill'
import { formatCount, formatDuration, plural } from '../../../../src/cli/report/format'
import { createProgress, type ProgressState } from '../../../../src/cli/report/progress'
import { formatTable, widthOf } from '../../../../src/cli/report/table'
import { createTally } from '../../../../src/cli/report/tally'
import { durationText, parseDuration, parsePositive } from '../../../../src/cli/run/parse-options'
import { fakeTerminal } from '../fake-terminal'

describe('figures for people', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [59_940, '59.9 s'],
    [187_000, '3:07 min'],
    [3_725_000, '1:02:05 h'],
  ])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

  test('have separators and the right number', () => {
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(plural(1, 'event')).toBe('1 event')
    expect(plural(0, 'event')).toBe('0 events')
  })
})

describe('options', () => {
  test.each([
    ['4h', 14_400_000],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5d', 129_600_000],
    ['0', 0],
    ['5', undefined],
    ['', undefined],
    ['-1h', undefined],
    ['1h!', undefined],
    ['h', undefined],
  ])('the span of time %j is %p ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each([
    ['5', true, 5],
    ['0', true, undefined],
    ['1.5', true, undefined],
    ['1.5', false, 1.5],
    ['1e3', true, undefined],
    ['-2', false, undefined],
    ['99999999999999999999', true, undefined],
  ])('the number %j (whole: %p) is %p', (text, isWhole, value) =>
    expect(parsePositive(text, isWhole)).toBe(value),
  )
})

test('a table sets numbers to the right and texts to the left', () => {
  const rows = [
    ['name', 'count'],
    ['Ní', '1,200'],
    ['longer', '7'],
  ]
  expect(formatTable(rows)).toBe(
    ['name    count', '──────  ─────', 'Ní      1,200', 'longer      7'].join('\n'),
  )
})

test('a table fits the terminal: long names are cut, figures are not, and wide characters count twice', () => {
  const rows = [
    ['connection', 'subscription', 'delivered'],
    ['Zaius of the northern shops', 'Order Completed, refunded or canceled', '1,234,567'],
    ['日本語日本語日本語日本語', 'x\u001b[31m\ny', '7'],
  ]
  for (const columns of [60, 40, 30]) {
    const lines = formatTable(rows, columns).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines.every((line) => widthOf(line) <= Math.max(columns, 31))).toBe(true)
    expect(lines[2]).toMatch(/1,234,567$/)
    expect(lines.join('')).toContain('…')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may reach the terminal
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
  }
  expect(formatTable(rows, 200)).toBe(formatTable(rows))
})

test.each([0, 250, 90_000, 14_400_000, 5_400_000, 86_400_000, 61_001])(
  '%d ms as an option is read as the same',
  (ms) => {
    expect(parseDuration(durationText(ms))).toBe(ms)
  },
)

describe('the tally', () => {
  const outcome = (change: Record<string, unknown>) =>
    ({ index: 0, connection: 'c', subscription: 's', attempt: 1, durationMs: 1, ...change }) as Outcome

  test('groups failures by place, kind, code and status, with the first message', () => {
    const tally = createTally()
    for (const message of ['first', 'second'])
      tally.add(outcome({ kind: 'rejected', code: 'BAD', status: 400, message, owner: 'event' }))
    tally.add(outcome({ kind: 'rejected', code: 'BAD', status: 404, message: 'third', owner: 'event' }))
    tally.add(outcome({ kind: 'delivered', attempt: 3 }))
    expect(tally).toMatchObject({ delivered: 1, failed: 3, repeats: 2 })
    expect(tally.failures).toEqual([
      {
        connection: 'c',
        subscription: 's',
        kind: 'rejected',
        code: 'BAD',
        status: 400,
        message: 'first',
        count: 2,
      },
      {
        connection: 'c',
        subscription: 's',
        kind: 'rejected',
        code: 'BAD',
        status: 404,
        message: 'third',
        count: 1,
      },
    ])
  })

  test('groups notes, most frequent first', () => {
    const tally = createTally()
    tally.add(outcome({ kind: 'delivered', notes: [{ reason: 'rare' }] }))
    for (let count = 0; count < 3; count++)
      tally.add(outcome({ kind: 'delivered', notes: [{ field: 'timezone', reason: 'bad' }] }))
    expect(tally.notes.map(({ field, reason, count }) => [field, reason, count])).toEqual([
      ['timezone', 'bad', 3],
      [undefined, 'rare', 1],
    ])
  })

  test('is bounded, however many different messages and codes there are', () => {
    const tally = createTally()
    for (let code = 0; code < 5000; code++)
      tally.add(outcome({ kind: 'rejected', code: `C${code}`, message: 'x', owner: 'event' }))
    expect(tally.failed).toBe(5000)
    expect(tally.failures.length).toBeLessThanOrEqual(200)
  })
})

describe('progress', () => {
  const state = (change: Partial<ProgressState> = {}): ProgressState => ({
    name: 'events.ndjson',
    bytesRead: 500,
    totalBytes: 1000,
    events: 1200,
    delivered: 1000,
    failed: 2,
    ...change,
  })

  test('on a terminal is one line with a bar, drawn over, that fits', () => {
    const screen = fakeTerminal({ isInteractive: true, columns: 60 })
    let now = 0
    const progress = createProgress(
      screen.terminal.stderr,
      () => state(),
      () => now,
    )
    now = 2000
    progress.draw()
    expect(screen.stderr).toContain('██████████··········')
    expect(screen.stderr).toContain('50 %')
    expect(screen.stderr).toContain('1,200 events read')
    expect(screen.stderr).not.toContain('\n')
    expect([...screen.stderr.replace('\r\u001b[K', '')].length).toBeLessThan(60)
    progress.end()
    expect(screen.stderr.endsWith('\r\u001b[K')).toBe(true)
  })

  test('on a wide terminal tells rate, failures and the time left', () => {
    const screen = fakeTerminal({ isInteractive: true, columns: 200 })
    let now = 0
    const progress = createProgress(
      screen.terminal.stderr,
      () => state(),
      () => now,
    )
    now = 2000
    progress.draw()
    progress.end()
    expect(screen.stderr).toContain('1,000 delivered  2 failed  600/s  2.0 s left')
  })

  test('of a pipe has no bar and no end in sight', () => {
    const screen = fakeTerminal({ isInteractive: true, columns: 200 })
    const { totalBytes: _none, ...pipe } = state()
    const progress = createProgress(
      screen.terminal.stderr,
      () => pipe,
      () => 0,
    )
    progress.draw()
    progress.end()
    expect(screen.stderr).not.toMatch(/[█%]|left/)
  })

  test('elsewhere is plain lines without control characters', () => {
    const screen = fakeTerminal()
    const progress = createProgress(
      screen.terminal.stderr,
      () => state(),
      () => 0,
    )
    progress.draw()
    progress.message('production: stopped')
    progress.end()
    expect(screen.stderr).toBe(
      'events.ndjson: 50 %  1,200 events read  1,000 delivered  2 failed  0/s\nproduction: stopped\n',
    )
  })

  test('keeps messages apart from the bar', () => {
    const screen = fakeTerminal({ isInteractive: true, columns: 100 })
    const progress = createProgress(
      screen.terminal.stderr,
      () => state(),
      () => 0,
    )
    progress.draw()
    progress.message('production: stopped')
    progress.end()
    expect(screen.stderr).toContain('\r\u001b[Kproduction: stopped\n\r\u001b[K')
  })
})
