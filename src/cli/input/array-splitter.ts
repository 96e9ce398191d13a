import { InputError } from './input-error'
import { createRecordBuffer, type RecordConsumer, type Splitter } from './records'

const [newline, quote, comma, openBracket, backslash, closeBracket, openBrace, closeBrace] = Buffer.from(
  '\n",[\\]{}',
) as unknown as number[]

const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Where the splitter is: what may come next. */
type State =
  /** Before the opening bracket. */
  | 'before'
  /** After the opening bracket: an element or the closing bracket. */
  | 'first'
  /** After a comma: an element. */
  | 'next'
  /** Within an element. */
  | 'element'
  /** After the closing bracket: nothing more. */
  | 'after'

/**
 * Splits a JSON array into its elements while it is read, without parsing them. An element of more than `maxBytes`
 * bytes is skipped without being held in memory.
 * @throws InputError where the array itself is damaged, since elements cannot be told apart from there on.
 */
export function createArraySplitter(maxBytes: number, consumer: RecordConsumer): Splitter {
  const rest = createRecordBuffer(maxBytes, consumer)
  let state: State = 'before'
  let depth = 0
  let isInString = false
  let isEscaped = false
  let line = 1
  let startLine = 1

  const fail = (problem: string): never => {
    throw new InputError(`line ${line}: the JSON array ${problem}; the elements before it were read`)
  }

  /** Reads a byte between elements. True if an element begins with it. */
  function between(byte: number): boolean {
    if (isBlank(byte)) return false
    if (state === 'before') state = 'first'
    else if (state === 'after') fail('has more text after its closing bracket')
    else if (byte === closeBracket && state === 'first') state = 'after'
    else if (byte === comma || byte === closeBracket) fail('lacks an element between its commas')
    else {
      state = 'element'
      startLine = line
      return true
    }
    return false
  }

  /** Reads a byte of an element. True if the element ended before it. */
  function within(byte: number): boolean {
    if (isInString) {
      if (isEscaped) isEscaped = false
      else if (byte === backslash) isEscaped = true
      else if (byte === quote) isInString = false
      return false
    }
    if (byte === quote) isInString = true
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (depth > 0) {
      if (byte === closeBrace || byte === closeBracket) depth -= 1
    } else if (byte === comma || byte === closeBracket) {
      state = byte === comma ? 'next' : 'after'
      return true
    }
    return false
  }

  return {
    get line() {
      return line
    },
    push(chunk) {
      let start = 0
      for (let index = 0; index < chunk.length; index++) {
        const byte = chunk[index] as number
        if (state === 'element') {
          if (within(byte)) {
            rest.add(chunk.subarray(start, index))
            rest.close(startLine)
          }
        } else if (between(byte)) {
          start = index
          within(byte)
        }
        if (byte === newline) line += 1
      }
      if (state === 'element') rest.add(chunk.subarray(start))
    },
    end() {
      if (state === 'element') fail(`ends in the middle of the element that begins on line ${startLine}`)
      if (state !== 'after') fail('is not closed')
    },
  }
}
