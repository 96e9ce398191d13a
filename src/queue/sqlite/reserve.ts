import { existsSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'

const chunk = Buffer.alloc(1024 * 1024)

/**
 * Some room on the disk that is given up when it is full, so that what waits can still be delivered and settled while
 * nothing more is taken in.
 */
export type Reserve = {
  /** False while there is none: nothing may be taken in. */
  isThere(): boolean
  /** Gives the room up; false where there was none. */
  giveUp(): boolean
  /** Takes the room again, if the disk has it. */
  restore(): Promise<void>
}

export function createReserve(file: string, bytes: number): Reserve {
  const path = `${file}-reserve`
  let isThere = bytes === 0 || existsSync(path)
  let restoring: Promise<void> | undefined

  async function write(): Promise<void> {
    const part = `${path}.part`
    try {
      const handle = await open(part, 'w', 0o600)
      try {
        // Real bytes: a file with holes reserves nothing.
        for (let written = 0; written < bytes; written += chunk.length)
          await handle.write(chunk, 0, Math.min(chunk.length, bytes - written))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(part, path)
      isThere = true
    } catch {
      await rm(part, { force: true })
    }
  }

  return {
    isThere: () => isThere,
    giveUp() {
      const had = bytes > 0 && existsSync(path)
      if (had) rmSync(path, { force: true })
      isThere = bytes === 0
      return had
    },
    restore() {
      if (isThere) return Promise.resolve()
      restoring ??= write().finally(() => {
        restoring = undefined
      })
      return restoring
    },
  }
}
