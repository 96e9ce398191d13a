import type { SegmentEvent } from 'waybill'
import { asStrings, findLargeNumbers, largeNumbersProblem, mayHoldLargeNumbers } from '../../large-numbers'
import { isNestedTooDeep, maxNesting, mayBeNestedTooDeep, nestingProblem } from './nesting'
import { byteOrderMark, encodingProblem } from './text-encoding'

/** Where a dead letter came back from; as input it goes there again, and nowhere else. */
export type Target = {
  readonly connection: string
  readonly subscription?: string
  readonly idempotencyKey?: string
}

/** A record that is an event, or says why it is none. Messages hold nothing of the record's values. */
export type ParsedRecord =
  | { readonly event: SegmentEvent; readonly target?: Target }
  | {
      readonly problem: string
      /** What the record was when it was first read, if it is the dead letter of a record that was no event. */
      readonly original?: Buffer
    }

export type ParseOptions = {
  /** Numbers that would arrive changed become strings, as they are written. Default false: the record is refused. */
  readonly largeNumbersAsStrings?: boolean
}

/**
 * The first property of every dead letter, and its version. No event has it by chance; without it a record is an
 * event, whatever else it holds.
 */
export const deadLetterMarker = { waybillDeadLetter: 1 } as const

/** Of what `JSON.parse` gives, for every event. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const describe = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** The parser's own message may quote the record; only the part that does not is kept. */
function syntaxProblem(error: unknown, text: string): string {
  if (text.trim() === '{' || text.trim() === '[')
    return 'one event per line is expected, and this looks like JSON that is spread over several lines: put each event on one line'
  const message = error instanceof Error ? error.message : ''
  if (message.includes('end of JSON input') || message.startsWith('Unterminated'))
    return 'the JSON ends in the middle'
  const position = /at position \d+/.exec(message)?.[0]
  return position === undefined ? 'not JSON' : `not JSON: something is wrong ${position}`
}

/** The dead letter of a record that was no event: what it was is read again. */
function fromRejectedRecord(letter: Record<string, unknown>, options: ParseOptions): ParsedRecord {
  const { text, base64, bytes } = letter
  if (bytes !== undefined)
    return {
      problem: 'a dead letter that holds only the beginning of its record: take it from the first input',
    }
  const original =
    typeof base64 === 'string'
      ? Buffer.from(base64, 'base64')
      : Buffer.from(typeof text === 'string' ? text : '')
  const parsed = parseRecord(original, 0, original.length, options)
  return 'problem' in parsed ? { original, ...parsed } : parsed
}

function fromDeadLetter(letter: Record<string, unknown>, options: ParseOptions): ParsedRecord {
  const { event, outcome } = letter
  if (!isObject(event)) return fromRejectedRecord(letter, options)
  const { connection, subscription, idempotencyKey } = isObject(outcome) ? outcome : {}
  if (typeof connection !== 'string') return { problem: 'a dead letter whose outcome names no connection' }
  return {
    event,
    target: {
      connection,
      ...(typeof subscription === 'string' && { subscription }),
      ...(typeof idempotencyKey === 'string' && { idempotencyKey }),
    },
  }
}

function parseText(text: string, options: ParseOptions): ParsedRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: syntaxProblem(error, text) }
  }
  if (!isObject(value)) return { problem: `an event is a JSON object, this is ${describe(value)}` }
  return value.waybillDeadLetter === deadLetterMarker.waybillDeadLetter
    ? fromDeadLetter(value, options)
    : { event: value }
}

const advice = 'write it as a string, or use `waybill run --large-numbers-as-strings`'

/** A text that may hold numbers which JavaScript would change. */
function parseExactly(text: string, options: ParseOptions): ParsedRecord {
  const parsed = parseText(text, options)
  if ('problem' in parsed) return parsed
  const numbers = findLargeNumbers(text)
  if (numbers.length === 0) return parsed
  return options.largeNumbersAsStrings
    ? parseText(asStrings(text, numbers), options)
    : { problem: largeNumbersProblem(numbers, advice) }
}

/** A dead letter holds its event one level down. */
const levelsOf = (text: string): number =>
  text.startsWith('{"waybillDeadLetter"') ? maxNesting + 1 : maxNesting

const replacementCharacter = '\uFFFD'

/** Where a record begins after its byte order marks, which files bring along when they are joined. */
function afterMarks(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === byteOrderMark[0] && bytes.subarray(at, at + 3).equals(byteOrderMark))
    at += 3
  return at
}

/** Reads one record: an event, or a dead letter of an earlier run. */
export function parseRecord(
  bytes: Buffer,
  from: number,
  end: number,
  options: ParseOptions = {},
): ParsedRecord {
  const start = bytes[from] === byteOrderMark[0] ? afterMarks(bytes, from, end) : from
  const text = bytes.toString('utf8', start, end)
  if (text.includes(replacementCharacter)) {
    const problem = encodingProblem(bytes.subarray(start, end))
    if (problem !== undefined) return { problem }
  }
  if (mayBeNestedTooDeep(bytes, start, end) && isNestedTooDeep(text, levelsOf(text)))
    return { problem: `the event ${nestingProblem}` }
  const parsed = mayHoldLargeNumbers(bytes, start, end, text)
    ? parseExactly(text, options)
    : parseText(text, options)
  if (!('problem' in parsed) || parsed.original !== undefined) return parsed
  // A text of UTF-16 whose letters are all of ASCII is valid UTF-8, but no JSON.
  return { problem: encodingProblem(bytes.subarray(start, end)) ?? parsed.problem }
}
