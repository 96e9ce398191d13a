import { existsSync, statSync } from 'node:fs'
import type { AttemptRecord, Outcome } from 'waybill'
import {
  checkDeadLetterFile,
  defaultDeadLetterFile,
  openDeadLetters,
} from '../../../../src/cli/report/dead-letter-file'
import { readAll } from '../input/read-all'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
const outcome = (change: Record<string, unknown> = {}) =>
  ({
    kind: 'rejected',
    index: 5,
    connection: 'c',
    subscription: 's',
    action: 'a',
    attempt: 1,
    durationMs: 2,
    owner: 'event',
    code: 'BAD',
    message: 'no',
    ...change,
  }) as Outcome
const attempt = (number: number): AttemptRecord => ({
  attempt: number,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'retry',
  code: 'BUSY',
  nextAfterMs: 10,
})
const lettersOf = (name: string) =>
  files
    .read(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('dead letters', () => {
  test('hold the event, the outcome and all attempts, and are events again when they are read', async () => {
    const letters = openDeadLetters('one.ndjson', files.folder)
    letters.add({
      outcome: outcome({ attempt: 3 }),
      event: { type: 'track', event: 'A\u2028B' },
      attempts: [attempt(1), attempt(2)],
      record: 1,
    })
    letters.close()
    const [letter] = lettersOf('one.ndjson')
    expect(letter.event).toEqual({ type: 'track', event: 'A\u2028B' })
    expect(letter.outcome).toMatchObject({
      kind: 'rejected',
      connection: 'c',
      subscription: 's',
      code: 'BAD',
    })
    expect(letter.outcome).not.toHaveProperty('index')
    expect(letter.attempts.map(({ attempt: number }: AttemptRecord) => number)).toEqual([1, 2, 3])
    const again = await readAll([Buffer.from(files.read('one.ndjson'))])
    expect(again.events).toEqual([letter.event])
    expect(again.targets).toMatchObject([{ connection: 'c', subscription: 's' }])
  })

  test('do not repeat an attempt, and have none where none was made', () => {
    const letters = openDeadLetters('attempts.ndjson', files.folder)
    letters.add({
      outcome: outcome({ kind: 'retry', attempt: 2 }),
      event: {},
      attempts: [attempt(1), attempt(2)],
      record: 1,
    })
    letters.add({ outcome: outcome({ kind: 'retry', attempt: 0 }), event: {}, attempts: [], record: 1 })
    letters.close()
    expect(lettersOf('attempts.ndjson').map((letter) => letter.attempts.length)).toEqual([2, 0])
  })

  test('hold records that were no events, with their line', async () => {
    const letters = openDeadLetters('bad.ndjson', files.folder)
    letters.addMalformed({ line: 7, record: 5, problem: 'not JSON', text: 'gar"bage' })
    letters.close()
    expect(lettersOf('bad.ndjson')).toEqual([
      {
        waybillDeadLetter: 1,
        line: 7,
        text: 'gar"bage',
        outcome: { kind: 'invalid', owner: 'event', code: 'INVALID_INPUT', message: 'not JSON' },
        attempts: [],
      },
    ])
    expect((await readAll([Buffer.from(files.read('bad.ndjson'))])).malformed).toHaveLength(1)
  })

  test('make no file where there are none, and one that others cannot read where there are', () => {
    openDeadLetters('none.ndjson', files.folder).close()
    expect(existsSync(files.path('none.ndjson'))).toBe(false)
    const letters = openDeadLetters('private.ndjson', files.folder)
    letters.add({ outcome: outcome(), event: {}, attempts: [], record: 1 })
    letters.close()
    expect(statSync(files.path('private.ndjson')).mode & 0o077).toBe(0)
  })

  test('are on disk after a turn of the event loop, or at once when there are many', async () => {
    const letters = openDeadLetters('soon.ndjson', files.folder)
    letters.add({ outcome: outcome(), event: { n: 1 }, attempts: [], record: 1 })
    expect(files.read('soon.ndjson')).toBe('')
    await new Promise(setImmediate)
    expect(lettersOf('soon.ndjson')).toHaveLength(1)
    for (let count = 0; count < 1000; count++)
      letters.add({ outcome: outcome(), event: { n: 'x'.repeat(200) }, attempts: [], record: 1 })
    expect(lettersOf('soon.ndjson').length).toBeGreaterThan(500)
    letters.close()
    expect(lettersOf('soon.ndjson')).toHaveLength(1001)
    expect(letters.count).toBe(1001)
  })

  test('that cannot be written say so and do not throw', () => {
    const letters = openDeadLetters('/dev/full', files.folder)
    letters.add({ outcome: outcome(), event: {}, attempts: [], record: 1 })
    letters.close()
    expect(letters.failure).toMatchObject({ name: 'ConfigurationError' })
    expect(letters.failure?.message).toContain('/dev/full')
  })
})

describe('the file for dead letters', () => {
  test('is never one that holds something', () => {
    files.write('full.ndjson', '{}\n')
    files.write('empty.ndjson', '')
    expect(() => checkDeadLetterFile('full.ndjson', files.folder)).toThrow(/holds something already/)
    expect(checkDeadLetterFile('empty.ndjson', files.folder)).toBe(files.path('empty.ndjson'))
    expect(checkDeadLetterFile('new.ndjson', files.folder)).toBe(files.path('new.ndjson'))
    expect(checkDeadLetterFile('/dev/null', files.folder)).toBe('/dev/null')
  })

  test('has to be in a folder that is there', () => {
    expect(() => checkDeadLetterFile('nowhere/x.ndjson', files.folder)).toThrow(/no such folder/)
    expect(() => checkDeadLetterFile('.', files.folder)).toThrow(/this is a folder/)
  })

  test('is named after the time by default', () => {
    expect(defaultDeadLetterFile(new Date('2026-01-02T03:04:05.678Z'))).toBe(
      'waybill-dead-letters-20260102T030405Z.ndjson',
    )
  })
})
