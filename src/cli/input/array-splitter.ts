import { InputError } from './input-error'
import { createRecordBuffer, type RecordConsumer, type Splitter } from './records'

const [newline, quote, comma, openBracket, backslash, closeBracket, openBrace, closeBrace] = Buffer.from(
  '\n",[\\]{}',
) as unknown as number[]

const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/**
 * Splits a JSON array into its elements while it is read, without parsing them. An element of more than `maxBytes`
 * bytes is skipped without being held in memory. An element ends with its own bracket or brace, or at a comma; a
 * damaged one at the latest at the newline that no string may hold, so that those after it are read. Several arrays
 * one after another are read as one.
 */
export function createArraySplitter(maxBytes: number, consumer: RecordConsumer): Splitter {
  const rest = createRecordBuffer(maxBytes, consumer)
  let isInElement = false
  /** Brackets and braces of the element that are open. */
  let depth = 0
  let isInString = false
  let isEscaped = false
  /** Before the first array, and after the last bracket so far. */
  let isClosed = true
  let line = 1
  let startLine = 1

  /** Reads a byte between elements. True if an element begins with it. */
  function between(byte: number): boolean {
    if (byte === newline) line += 1
    if (isBlank(byte) || byte === comma) return false
    if (byte === closeBracket) isClosed = true
    else if (byte === openBracket && isClosed) isClosed = false
    else return true
    return false
  }

  /** Reads on within a string. Gives the place after its closing quote, or that of a newline in it. */
  function throughString(chunk: Buffer, from: number): number {
    let index = from
    while (index < chunk.length) {
      const byte = chunk[index]
      if (byte === newline) return index
      index += 1
      if (isEscaped) isEscaped = false
      else if (byte === backslash) isEscaped = true
      else if (byte === quote) {
        isInString = false
        break
      }
    }
    return index
  }

  /** Reads on within an element. Gives the place after it, or -1 when it goes on beyond the chunk. */
  function throughElement(chunk: Buffer, from: number): number {
    let index = from
    while (index < chunk.length) {
      if (isInString) {
        index = throughString(chunk, index)
        if (isInString && index < chunk.length) return index
        continue
      }
      const byte = chunk[index]
      if (byte === quote) isInString = true
      else if (byte === openBrace || byte === openBracket) depth += 1
      else if (byte === closeBrace || byte === closeBracket) {
        if (depth > 0) depth -= 1
        else if (byte === closeBracket) return index
        if (depth === 0) return index + 1
      } else if (depth === 0 && (byte === comma || byte === newline)) return index
      else if (byte === newline) line += 1
      index += 1
    }
    return -1
  }

  function begin(): void {
    isInElement = true
    isInString = false
    isEscaped = false
    depth = 0
    startLine = line
  }

  return {
    get line() {
      return line
    },
    push(chunk) {
      let index = 0
      while (index < chunk.length) {
        if (!isInElement) {
          if (between(chunk[index] as number)) begin()
          else index += 1
          continue
        }
        const end = throughElement(chunk, index)
        if (end === -1) {
          rest.add(chunk.subarray(index))
          return
        }
        isInElement = false
        if (rest.isEmpty && end - index <= maxBytes) consumer.record(chunk, index, end, startLine)
        else {
          rest.add(chunk.subarray(index, end))
          rest.close(startLine)
        }
        index = end
      }
    },
    end(isBrokenOff) {
      if (isInElement && !rest.isEmpty) rest.close(startLine, isBrokenOff || !isClosed)
      if (isBrokenOff || isClosed) return
      throw new InputError(
        isInElement
          ? `line ${line}: the JSON array ends in the middle of the element that begins on line ${startLine}; those before it were read`
          : `line ${line}: the JSON array is not closed; its elements were read`,
      )
    },
  }
}
