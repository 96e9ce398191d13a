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

  /** Reads on within a text. Gives the place after its closing quote, or the end of the chunk. */
  function throughString(chunk: Buffer, from: number): number {
    let index = from
    while (index < chunk.length) {
      const byte = chunk[index++]
      if (isEscaped) isEscaped = false
      else if (byte === backslash) isEscaped = true
      else if (byte === quote) {
        isInString = false
        break
      }
    }
    return index
  }

  /** Reads on within an element. Gives the place of the comma or bracket after it, or the end of the chunk. */
  function throughElement(chunk: Buffer, from: number): number {
    let index = from
    while (index < chunk.length) {
      if (isInString) {
        index = throughString(chunk, index)
        continue
      }
      const byte = chunk[index]
      if (byte === quote) isInString = true
      else if (byte === openBrace || byte === openBracket) depth += 1
      else if (byte === closeBrace || byte === closeBracket) {
        if (depth === 0) return index
        depth -= 1
      } else if (byte === comma && depth === 0) return index
      else if (byte === newline) line += 1
      index += 1
    }
    return index
  }

  return {
    get line() {
      return line
    },
    push(chunk) {
      let index = 0
      while (index < chunk.length) {
        if (state === 'element') {
          const end = throughElement(chunk, index)
          if (end === chunk.length) {
            rest.add(chunk.subarray(index))
            return
          }
          if (rest.isEmpty && end - index <= maxBytes) consumer.record(chunk, index, end, startLine)
          else {
            rest.add(chunk.subarray(index, end))
            rest.close(startLine)
          }
          state = chunk[end] === comma ? 'next' : 'after'
          index = end + 1
        } else {
          const byte = chunk[index] as number
          if (byte === newline) line += 1
          if (!between(byte)) index += 1
        }
      }
    },
    end() {
      if (state === 'element') fail(`ends in the middle of the element that begins on line ${startLine}`)
      if (state !== 'after') fail('is not closed')
    },
  }
}
