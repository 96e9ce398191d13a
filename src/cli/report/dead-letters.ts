import { type AttemptRecord, ConfigurationError, type Outcome, type SegmentEvent } from 'waybill'
import { fileProblem } from '../input/file-problem'
import type { MalformedRecord } from '../input/malformed-record'
import { deadLetterMarker } from '../input/parse-record'
import type { LineFile } from './line-file'

/** An event that a subscription did not deliver, and why. */
export type DeadLetter = {
  readonly outcome: Outcome
  readonly event: SegmentEvent
  /** Those before the last. */
  readonly attempts: readonly AttemptRecord[]
  readonly why?: readonly string[]
  /** The number of its record in the input, from 1. */
  readonly record: number
}

/** Where events go that were not delivered: a file of JSON lines that `waybill run` takes as input again. */
export type DeadLetters = {
  add(letter: DeadLetter): void
  /** A record of the input that was no event. */
  addMalformed(record: MalformedRecord): void
  /** Writes what waits. */
  flush(): void
  /** Writes what is left. */
  close(): void
  /** Calls the listener once when letters can no longer be written. */
  onFailure(listener: () => void): void
  readonly path: string
  /** Letters that are in the file, or on their way to it. */
  readonly count: number
  /** Letters that are in no file. */
  readonly lost: number
  /** The first record of the input that has a letter in no file. */
  readonly firstLostRecord: number | undefined
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

const letterOf = ({ outcome, event, attempts, why = [] }: DeadLetter) => ({
  ...deadLetterMarker,
  event,
  outcome: withoutIndex(outcome),
  attempts: allAttempts(outcome, attempts),
  ...(why.length > 0 && { why }),
})

const malformedLetterOf = ({ line, problem, text, base64, bytes }: MalformedRecord) => ({
  ...deadLetterMarker,
  line,
  ...(text !== undefined && { text }),
  ...(base64 !== undefined && { base64 }),
  ...(bytes !== undefined && { bytes }),
  outcome: { kind: 'invalid', owner: 'event', code: 'INVALID_INPUT', message: problem },
  attempts: [],
})

/** Collects dead letters for an open file. */
export function createDeadLetters(path: string, file: LineFile): DeadLetters {
  let waiting: { readonly line: string; readonly record: number }[] = []
  let waitingBytes = 0
  let written = 0
  let lost = 0
  let firstLostRecord: number | undefined
  let firstRecord: number | undefined
  let failure: Error | undefined
  let isFlushPlanned = false
  let listener = (): void => undefined

  function lose(record: number): void {
    lost += 1
    firstLostRecord = Math.min(firstLostRecord ?? record, record)
  }

  function fail(): void {
    if (failure !== undefined || file.failure === undefined) return
    failure = new ConfigurationError(
      'INVALID_CONFIGURATION',
      `dead letters cannot be written to ${path}: ${fileProblem(file.failure)}`,
      { cause: file.failure },
    )
    listener()
  }

  function flush(): void {
    isFlushPlanned = false
    const letters = waiting
    waiting = []
    waitingBytes = 0
    if (letters.length === 0) return
    const kept = file.append(letters.map(({ line }) => line))
    written += kept
    for (const { record } of letters.slice(kept)) lose(record)
    fail()
  }

  function write(letter: Record<string, unknown>, record: number): void {
    if (failure !== undefined) {
      lose(record)
      return
    }
    firstRecord = Math.min(firstRecord ?? record, record)
    const line = `${JSON.stringify(letter)}\n`
    waiting.push({ line, record })
    waitingBytes += line.length
    if (waitingBytes >= flushBytes) flush()
    else if (!isFlushPlanned) {
      isFlushPlanned = true
      setImmediate(flush)
    }
  }

  return {
    add: (letter) => write(letterOf(letter), letter.record),
    addMalformed: (malformed) => write(malformedLetterOf(malformed), malformed.record),
    flush,
    close() {
      flush()
      const wasWhole = file.failure === undefined
      file.close()
      // What the disk has of it when the last write-back failed, nobody knows: all of it is taken as lost.
      if (wasWhole && file.failure !== undefined) firstLostRecord = firstRecord
      fail()
    },
    onFailure(call) {
      listener = call
    },
    path,
    get count() {
      return written + waiting.length
    },
    get lost() {
      return lost
    },
    get firstLostRecord() {
      return firstLostRecord
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
  flush: () => undefined,
  close: () => undefined,
  onFailure: () => undefined,
  path: '',
  count: 0,
  lost: 0,
  firstLostRecord: undefined,
  failure: undefined,
})
