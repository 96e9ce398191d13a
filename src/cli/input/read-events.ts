import type { SegmentEvent } from 'waybill'
import { createArraySplitter } from './array-splitter'
import { decode } from './decode'
import { createLineSplitter } from './line-splitter'
import { type MalformedRecord, malformedRecord } from './malformed-record'
import { type ParsedRecord, parseRecord, type Target } from './parse-record'
import { createRecordNumbers } from './record-numbers'
import type { RecordConsumer, Splitter } from './records'

export type ReadOptions = {
  /** Records of more bytes are malformed, and are not held in memory. Default 32 MiB. */
  readonly maxRecordBytes?: number
  /** So many records at the beginning are passed over, since an earlier run had read them. Default 0. */
  readonly skip?: number
  /** Numbers that would arrive changed become strings. Default false: their records are malformed. */
  readonly largeNumbersAsStrings?: boolean
  /** Says what is wrong with where a dead letter came back from, if something is. */
  readonly checkTarget?: (target: Target) => string | undefined
  /** Told of each record that is no event. */
  readonly onMalformed: (record: MalformedRecord) => void
}

type AcceptedRecord = Extract<ParsedRecord, { event: unknown }>

/** The events of an input, and how far it was read. */
export type EventReader = {
  /** As many events at a time as came with one chunk of the input. To be read once. */
  readonly batches: AsyncGenerator<SegmentEvent[]>
  /** Where event number `index` came back from, if it is a dead letter. To be asked once per event. */
  targetOf(index: number): Target | undefined
  /** Events read so far. */
  readonly events: number
  /** Line that was reached, from 1. */
  readonly line: number
  /** What `skip` has to be for a further run, if this one took only the first so many events of what was read. */
  skipAfter(events: number): number
  /** The record, from 1, in which event number `index` stood; never a later one. */
  recordOf(index: number): number
}

const defaultMaxRecordBytes = 32 * 1024 * 1024
/** Blank text is joined up to this size to find out whether it leads to an array. */
const maxBlankHead = 64 * 1024
const openBracket = 0x5b

const mebibyte = 1024 * 1024
const sizeText = (bytes: number) =>
  bytes >= 1024 * mebibyte
    ? `${(bytes / 1024 / mebibyte).toFixed(1)} GiB`
    : `${(bytes / mebibyte).toFixed(1)} MiB`

const firstVisible = (chunk: Buffer) => chunk.find((byte) => byte > 0x20)

/** Joins blank chunks at the beginning with the first one that shows whether this is an array. */
async function* withVisibleHead(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (head === undefined) yield chunk
    else {
      head = Buffer.concat([head, chunk])
      if (firstVisible(chunk) === undefined && head.length < maxBlankHead) continue
      yield head
      head = undefined
    }
  }
}

/**
 * Reads events from NDJSON or from a JSON array, plain or gzipped, in bounded memory. A record that is no event is
 * reported and passed over. Dead letters of an earlier run are read as the events they hold. Where the input breaks
 * off, the last record is read if it is whole, and reported if it is not.
 * @throws InputError (from `batches`) where the input cannot be read on.
 */
export function createEventReader(source: AsyncIterable<Buffer>, options: ReadOptions): EventReader {
  const { maxRecordBytes = defaultMaxRecordBytes, skip = 0, checkTarget, onMalformed } = options
  const targets = new Map<number, Target>()
  const numbers = createRecordNumbers()
  let batch: SegmentEvent[] = []
  let splitter: Splitter | undefined

  const accept = ({ event, target }: AcceptedRecord): void => {
    if (target !== undefined) targets.set(numbers.events, target)
    batch.push(event)
    numbers.accept()
  }

  const problemOf = (parsed: ParsedRecord): string | undefined => {
    if ('problem' in parsed) return parsed.problem
    return parsed.target === undefined ? undefined : checkTarget?.(parsed.target)
  }

  const consumer: RecordConsumer = {
    record(bytes, start, end, line) {
      if (isBlank(bytes, start, end)) return
      if (numbers.records < skip) return numbers.pass()
      const parsed = parseRecord(bytes, start, end, options)
      const problem = problemOf(parsed)
      if (problem === undefined && 'event' in parsed) return accept(parsed)
      numbers.pass()
      const original = 'original' in parsed ? parsed.original : undefined
      onMalformed(
        malformedRecord(original ?? bytes.subarray(start, end), {
          line,
          record: numbers.records,
          problem: problem as string,
        }),
      )
    },
    brokenOff(bytes, line) {
      if (isBlank(bytes, 0, bytes.length) || numbers.records < skip) return
      const parsed = parseRecord(bytes, 0, bytes.length, options)
      if (problemOf(parsed) === undefined && 'event' in parsed) return accept(parsed)
      // Not counted as a record: when the whole input is read later, it is there.
      const problem = 'the input breaks off in the middle of this record'
      onMalformed(malformedRecord(bytes, { line, record: numbers.records + 1, problem }))
    },
    tooLong(beginning, length, line) {
      numbers.pass()
      if (numbers.records <= skip) return
      const problem = `longer than ${sizeText(maxRecordBytes)} (${sizeText(length)}): it was passed over`
      onMalformed({ line, record: numbers.records, problem, text: beginning.toString('utf8'), bytes: length })
    },
  }

  const take = (): SegmentEvent[] => {
    const taken = batch
    batch = []
    return taken
  }

  async function* read(): AsyncGenerator<SegmentEvent[]> {
    let failure: unknown
    try {
      for await (const chunk of withVisibleHead(decode(source))) {
        splitter ??=
          firstVisible(chunk) === openBracket
            ? createArraySplitter(maxRecordBytes, consumer)
            : createLineSplitter(maxRecordBytes, consumer)
        splitter.push(chunk)
        if (batch.length > 0) yield take()
      }
    } catch (error) {
      failure = error
    }
    try {
      splitter?.end(failure !== undefined)
    } catch (error) {
      failure = error
    }
    if (batch.length > 0) yield take()
    if (failure !== undefined) throw failure
  }

  return {
    batches: read(),
    targetOf(index) {
      const target = targets.get(index)
      if (target !== undefined) targets.delete(index)
      return target
    },
    get events() {
      return numbers.events
    },
    get line() {
      return splitter?.line ?? 1
    },
    skipAfter: (taken) => (taken >= numbers.events ? numbers.records : numbers.recordOf(taken) - 1),
    recordOf: numbers.recordOf,
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if ((bytes[index] as number) > 0x20) return false
  return true
}
