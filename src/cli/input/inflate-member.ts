import { createInflateRaw } from 'node:zlib'

/** Unpacks the deflated data of one gzip member, a piece at a time. */
export type MemberInflater = {
  /**
   * Unpacks a piece, and tells how many of its bytes belong to this member. Resolves although the data ends within
   * the piece, where not every version of Node calls back.
   * @throws what zlib says of damaged data; `take` still gives what was unpacked before.
   */
  write(piece: Buffer): Promise<number>
  /** What was unpacked since it was last asked. */
  take(): Buffer[]
  /** True once a byte was given that is no longer of this member. */
  readonly isComplete: boolean
  destroy(): void
}

/** Begins with the data of a member, after its header. */
export function createMemberInflater(): MemberInflater {
  const engine = createInflateRaw({ chunkSize: 64 * 1024 })
  let unpacked: Buffer[] = []
  let failure: Error | undefined
  let isComplete = false
  let wake = (): void => undefined
  engine.on('data', (chunk: Buffer) => unpacked.push(chunk))
  engine.on('error', (error) => {
    failure = error
    wake()
  })
  engine.on('end', () => {
    isComplete = true
    wake()
  })
  return {
    async write(piece) {
      const before = engine.bytesWritten
      await new Promise<void>((resolve) => {
        wake = resolve
        engine.write(piece, () => resolve())
      })
      if (failure !== undefined) throw failure
      const used = engine.bytesWritten - before
      isComplete ||= used < piece.length
      return used
    },
    take() {
      const taken = unpacked
      unpacked = []
      return taken
    },
    get isComplete() {
      return isComplete
    },
    destroy: () => void engine.destroy(),
  }
}
