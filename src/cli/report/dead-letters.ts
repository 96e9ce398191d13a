import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type AttemptRecord, ConfigurationError, type Outcome, type SegmentEvent } from 'waybill'
import { fileProblem } from '../input/open-input'
import type { MalformedRecord } from '../input/read-events'

/** Where events go that were not delivered: a file of JSON lines that `waybill run` takes as input again. */
export type DeadLetters = {
  /** An event that a subscription did not deliver, and why. `attempts` are those before the last. */
  add(
    outcome: Outcome,
    event: SegmentEvent,
    attempts: readonly AttemptRecord[],
    why?: readonly string[],
  ): void
  /** A record of the input that was no event. */
  addMalformed(record: MalformedRecord): void
  /** Writes what is left. The file is only made when there is something to write. */
  close(): void
  readonly path: string
  readonly count: number
  /** Why letters could not be written, if so. */
  readonly failure: Error | undefined
}

const flushBytes = 64 * 1024

/** The attempts including the last, unless that one is in the list already. */
function allAttempts(outcome: Outcome, attempts: readonly AttemptRecord[]): AttemptRecord[] {
  if (outcome.attempt === 0 || attempts.at(-1)?.attempt === outcome.attempt) return [...attempts]
  const { kind, attempt, code, status, message } = outcome as Outcome & Partial<AttemptRecord>
  const last = { attempt, at: new Date().toISOString(), kind, code, status, message }
  return [...attempts, last as AttemptRecord]
}

/** The position in the input says nothing to a later run. */
const withoutIndex = ({ index: _index, ...outcome }: Outcome) => outcome

/**
 * Checks that a file can become the dead letters of a run, before anything is sent.
 * @throws ConfigurationError where that would overwrite something, or the folder is not there.
 */
export function checkDeadLetterFile(file: string, workingDirectory: string): string {
  const path = resolve(workingDirectory, file)
  const fail = (problem: string) => {
    throw new ConfigurationError('INVALID_CONFIGURATION', `--dead-letters ${file}: ${problem}`)
  }
  if (!existsSync(dirname(path))) fail('there is no such folder')
  if (!existsSync(path)) return path
  const status = statSync(path)
  if (status.isDirectory()) fail('this is a folder; name a file in it')
  if (status.isFile() && status.size > 0)
    fail(
      'the file holds something already, perhaps the dead letters of an earlier run; move it away, or name another',
    )
  return path
}

/** A name for the dead letters of a run that none was given for. */
export const defaultDeadLetterFile = (now: Date): string =>
  `waybill-dead-letters-${now.toISOString().replace(/[-:]|\.\d+/g, '')}.ndjson`

/** Collects dead letters for a path that `checkDeadLetterFile` has found good. */
export function createDeadLetters(path: string): DeadLetters {
  let descriptor: number | undefined
  let waiting = ''
  let count = 0
  let failure: Error | undefined
  let isFlushPlanned = false

  function flush(): void {
    isFlushPlanned = false
    if (waiting === '' || failure !== undefined) return
    const text = waiting
    waiting = ''
    try {
      descriptor ??= openSync(path, 'a', 0o600)
      writeSync(descriptor, text)
    } catch (error) {
      failure = new ConfigurationError(
        'INVALID_CONFIGURATION',
        `dead letters cannot be written to ${path}: ${fileProblem(error)}`,
        { cause: error },
      )
    }
  }

  function write(letter: Record<string, unknown>): void {
    count += 1
    waiting += `${JSON.stringify(letter)}\n`
    if (waiting.length >= flushBytes) flush()
    else if (!isFlushPlanned) {
      isFlushPlanned = true
      setImmediate(flush)
    }
  }

  return {
    add: (outcome, event, attempts, why = []) =>
      write({
        event,
        outcome: withoutIndex(outcome),
        attempts: allAttempts(outcome, attempts),
        ...(why.length > 0 && { why }),
      }),
    addMalformed: ({ line, problem, text, bytes }) =>
      write({
        line,
        text,
        ...(bytes !== undefined && { bytes }),
        outcome: { kind: 'invalid', owner: 'event', code: 'INVALID_INPUT', message: problem },
        attempts: [],
      }),
    close() {
      flush()
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
    path,
    get count() {
      return count
    },
    get failure() {
      return failure
    },
  }
}

/** Dead letters that nobody wants: for a dry run. */
export const discardDeadLetters = (): DeadLetters => ({
  add: () => undefined,
  addMalformed: () => undefined,
  close: () => undefined,
  path: '',
  count: 0,
  failure: undefined,
})
