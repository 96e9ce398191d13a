/**
 * Cuts the chunks of an input into records: lines, or the elements of a JSON array. Tells each complete record to
 * its consumer as bytes that are valid during the call alone.
 */
export type Splitter = {
  push(chunk: Buffer): void
  /**
   * No more will come: what is left is the last record, or the beginning of one where the input breaks off.
   * @throws InputError where the form of the input says that there should be more.
   */
  end(isBrokenOff: boolean): void
  /** Number of the line that was reached, from 1. */
  readonly line: number
}

/** Who gets the records. */
export type RecordConsumer = {
  /** `bytes.subarray(start, end)` is one record, which begins on `line`. */
  record(bytes: Buffer, start: number, end: number, line: number): void
  /** The last bytes of an input that breaks off: a whole record, or the beginning of one. */
  brokenOff(bytes: Buffer, line: number): void
  /** A record of more bytes than allowed, of which only the beginning is kept. */
  tooLong(beginning: Buffer, length: number, line: number): void
}

/** How much of an over-long record is kept, for a person to recognize it by. */
export const keptBytes = 1024

/** The parts of a record that does not end in the chunk in which it began. Never holds more than `maxBytes`. */
export function createRecordBuffer(maxBytes: number, consumer: RecordConsumer) {
  let parts: Buffer[] = []
  let length = 0

  /** Copies, so that a large chunk is not kept alive by a small rest. */
  const keep = (part: Buffer) => parts.push(Buffer.from(part))

  return {
    get isEmpty() {
      return length === 0
    },
    add(part: Buffer): void {
      if (part.length === 0) return
      const wasTooLong = length > maxBytes
      length += part.length
      if (wasTooLong) return
      if (length <= maxBytes) keep(part)
      else parts = [Buffer.concat([...parts, part.subarray(0, keptBytes)]).subarray(0, keptBytes)]
    },
    /** Hands the record on, and starts over. */
    close(line: number, isBrokenOff = false): void {
      const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
      if (length > maxBytes) consumer.tooLong(bytes, length, line)
      else if (isBrokenOff) consumer.brokenOff(bytes, line)
      else consumer.record(bytes, 0, bytes.length, line)
      parts = []
      length = 0
    },
  }
}
