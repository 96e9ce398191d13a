/** Bytes that arrive in chunks, to be taken in pieces of any size. */
export type ByteSource = {
  /** What has arrived and was not taken. */
  readonly bytes: Buffer
  /** How many bytes were taken so far. */
  readonly position: number
  take(count: number): Buffer
  /** Waits for more. False when there is none. */
  more(): Promise<boolean>
  /** Waits until so many bytes are there. False when there are not as many. */
  atLeast(count: number): Promise<boolean>
}

/** Reads from chunks, never waiting for more than was asked for. */
export function createByteSource(chunks: AsyncIterator<Buffer>): ByteSource {
  let bytes: Buffer = Buffer.alloc(0)
  let position = 0
  const source: ByteSource = {
    get bytes() {
      return bytes
    },
    get position() {
      return position
    },
    take(count) {
      const taken = bytes.subarray(0, count)
      bytes = bytes.subarray(taken.length)
      position += taken.length
      return taken
    },
    async more() {
      const { done, value } = await chunks.next()
      if (done) return false
      bytes = bytes.length === 0 ? value : Buffer.concat([bytes, value])
      return true
    },
    async atLeast(count) {
      while (bytes.length < count) if (!(await source.more())) return false
      return true
    },
  }
  return source
}
