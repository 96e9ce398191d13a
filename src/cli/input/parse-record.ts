import { isUtf8 } from 'node:buffer'
import type { SegmentEvent } from 'waybill'

/** Where a dead letter came back from; as input it goes there again, and nowhere else. */
export type Target = {
  readonly connection: string
  readonly subscription?: string
  readonly idempotencyKey?: string
}

/** A record that is an event, or says why it is none. Messages hold nothing of the record's content. */
export type ParsedRecord =
  | { readonly event: SegmentEvent; readonly target?: Target }
  | { readonly problem: string }

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

/** A line of a dead-letter file that was no event when it was first read: its text is read again. */
function fromRejectedText(text: string, bytes: unknown): ParsedRecord {
  if (bytes === undefined) return parseText(text)
  return {
    problem: 'a dead letter that holds only the beginning of its record: take it from the first input',
  }
}

function fromDeadLetter(event: Record<string, unknown>, outcome: Record<string, unknown>): ParsedRecord {
  const { connection, subscription, idempotencyKey } = outcome
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

function parseText(text: string): ParsedRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problem: syntaxProblem(error, text) }
  }
  if (!isObject(value)) return { problem: `an event is a JSON object, this is ${describe(value)}` }
  const { event, outcome } = value
  if (!isObject(outcome)) return { event: value }
  if (isObject(event)) return fromDeadLetter(event, outcome)
  const { text: rejected, bytes } = value
  return typeof rejected === 'string' && outcome.code === 'INVALID_INPUT'
    ? fromRejectedText(rejected, bytes)
    : { event: value }
}

const replacementCharacter = '\uFFFD'

/** Reads one record: an event, or a dead letter of an earlier run. */
export function parseRecord(bytes: Buffer, start: number, end: number): ParsedRecord {
  const text = bytes.toString('utf8', start, end)
  if (text.includes(replacementCharacter) && !isUtf8(bytes.subarray(start, end)))
    return { problem: 'not valid UTF-8' }
  return parseText(text)
}
