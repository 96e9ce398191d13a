import type { MalformedRecord } from '../../../../src/cli/input/malformed-record'
import type { Target } from '../../../../src/cli/input/parse-record'
import { createEventReader, type ReadOptions } from '../../../../src/cli/input/read-events'

/** The chunks as an input gives them. */
export async function* chunked(chunks: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks
}

/** Cuts bytes into pieces of the given sizes, which are repeated; the last one takes what is left. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let start = 0, piece = 0; start < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] || 1
    chunks.push(bytes.subarray(start, start + size))
    start += size
  }
  return chunks
}

/** Everything that a reader makes of an input. */
export async function readAll(
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  options: Partial<ReadOptions> = {},
) {
  const malformed: MalformedRecord[] = []
  const events: unknown[] = []
  const targets: (Target | undefined)[] = []
  const source = Symbol.asyncIterator in chunks ? chunks : chunked(chunks)
  const reader = createEventReader(source, { onMalformed: (record) => malformed.push(record), ...options })
  let error: Error | undefined
  try {
    for await (const batch of reader.batches)
      for (const event of batch) {
        targets.push(reader.targetOf(events.length))
        events.push(event)
      }
  } catch (thrown) {
    error = thrown as Error
  }
  return { events, targets, malformed, error, line: reader.line, count: reader.events }
}
