import type { SegmentEvent } from 'waybill'
import { createArraySplitter } from './array-splitter'
import { decode } from './decode'
import { createLineSplitter } from './line-splitter'
import { type ParsedRecord, parseRecord, type Target } from './parse-record'
import { keptBytes, type RecordConsumer, type Splitter } from './records'

/** A record of the input that is no event. */
export type MalformedRecord = {
  /** Line on which it begins, from 1. */
  readonly line: number
  readonly problem: string
  /** The record itself, or its beginning. */
  readonly text: string
  /** Length of the whole record, if `text` is only its beginning. */
  readonly bytes?: number
}

export type ReadOptions = {
  /** Records of more bytes are malformed, and are not held in memory. Default 32 MiB. */
  readonly maxRecordBytes?: number
  /** So many records at the beginning are passed over, since an earlier run had read them. Default 0. */
  readonly skip?: number
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
}

const defaultMaxRecordBytes = 32 * 1024 * 1024
/** A malformed record is kept whole up to this size, so that it can be mended and read again. */
const keptWholeBytes = 64 * 1024
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
      if (firstVisible(chunk) === undefined && head.length < keptWholeBytes) continue
      yield head
      head = undefined
    }
  }
}

/**
 * Reads events from NDJSON or from a JSON array, plain or gzipped, in bounded memory. A record that is no event is
 * reported and passed over. Dead letters of an earlier run are read as the events they hold.
 * @throws InputError (from `batches`) where the input cannot be read on.
 */
export function createEventReader(source: AsyncIterable<Buffer>, options: ReadOptions): EventReader {
  const { maxRecordBytes = defaultMaxRecordBytes, skip = 0, checkTarget, onMalformed } = options
  const targets = new Map<number, Target>()
  let batch: SegmentEvent[] = []
  /** Which record each event of the last batch was. */
  let recordNumbers: number[] = []
  let records = 0
  let events = 0
  let splitter: Splitter | undefined

  const accept = ({ event, target }: AcceptedRecord): void => {
    if (target !== undefined) targets.set(events, target)
    if (batch.length === 0) recordNumbers = []
    batch.push(event)
    recordNumbers.push(records)
    events += 1
  }

  const problemOf = (parsed: ParsedRecord): string | undefined => {
    if ('problem' in parsed) return parsed.problem
    return parsed.target === undefined ? undefined : checkTarget?.(parsed.target)
  }

  const consumer: RecordConsumer = {
    record(bytes, start, end, line) {
      if (isBlank(bytes, start, end)) return
      records += 1
      if (records <= skip) return
      const parsed = parseRecord(bytes, start, end)
      const problem = problemOf(parsed)
      if (problem !== undefined) onMalformed({ line, problem, ...textOf(bytes, start, end) })
      else if ('event' in parsed) accept(parsed)
    },
    tooLong(beginning, length, line) {
      records += 1
      if (records <= skip) return
      const problem = `longer than ${sizeText(maxRecordBytes)} (${sizeText(length)}): it was passed over`
      onMalformed({ line, problem, text: beginning.toString('utf8'), bytes: length })
    },
  }

  const take = (): SegmentEvent[] => {
    const taken = batch
    batch = []
    return taken
  }

  async function* read(): AsyncGenerator<SegmentEvent[]> {
    for await (const chunk of withVisibleHead(decode(source))) {
      splitter ??=
        firstVisible(chunk) === openBracket
          ? createArraySplitter(maxRecordBytes, consumer)
          : createLineSplitter(maxRecordBytes, consumer)
      try {
        splitter.push(chunk)
      } finally {
        if (batch.length > 0) yield take()
      }
    }
    splitter?.end()
    if (batch.length > 0) yield take()
  }

  return {
    batches: read(),
    targetOf(index) {
      const target = targets.get(index)
      if (target !== undefined) targets.delete(index)
      return target
    },
    get events() {
      return events
    },
    get line() {
      return splitter?.line ?? 1
    },
    skipAfter(taken) {
      const next = recordNumbers[recordNumbers.length - (events - taken)]
      return next === undefined ? records : next - 1
    },
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if ((bytes[index] as number) > 0x20) return false
  return true
}

function textOf(bytes: Buffer, start: number, end: number): Pick<MalformedRecord, 'text' | 'bytes'> {
  const length = end - start
  if (length <= keptWholeBytes) return { text: bytes.toString('utf8', start, end) }
  return { text: bytes.toString('utf8', start, start + keptBytes), bytes: length }
}
