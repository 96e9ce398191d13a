import { createRecordBuffer, type RecordConsumer, type Splitter } from './records'

const newline = 0x0a

/**
 * Splits at newlines without decoding, which is several times faster than `readline`. A line of more than
 * `maxBytes` bytes is skipped without being held in memory. A last line needs no newline.
 */
export function createLineSplitter(maxBytes: number, consumer: RecordConsumer): Splitter {
  const rest = createRecordBuffer(maxBytes, consumer)
  let line = 1
  return {
    get line() {
      return line
    },
    push(chunk) {
      let start = 0
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        if (!rest.isEmpty || end - start > maxBytes) {
          rest.add(chunk.subarray(start, end))
          rest.close(line)
        } else consumer.record(chunk, start, end, line)
        line += 1
        start = end + 1
      }
      rest.add(chunk.subarray(start))
    },
    end(isBrokenOff) {
      if (!rest.isEmpty) rest.close(line, isBrokenOff)
    },
  }
}
