import { mkdirSync, renameSync, statSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Refusal } from 'waybill/ingest'
import { formatCount, plural } from '../report/format'

/** When a file has this many bytes it is put aside, once; the older one before it is dropped. */
const maxBytes = 64 * 1024 * 1024
/** Lines that wait for a slow disk. */
const maxWaiting = 10_000

/** Where events go that were not taken: a file that `waybill run` reads again once they are mended, and a line now and then. */
export type RefusedEvents = {
  add(refusal: Refusal): void
  /** What was refused since the last call, in words; nothing if nothing was. */
  summary(): string | undefined
  /** Resolves when everything is written. */
  close(): Promise<void>
}

/** A line in the form of a dead letter. */
function lineOf({ event, source, code, message, ...rest }: Refusal): string {
  const place = source === undefined ? 'an unknown write key' : `the source "${source}"`
  const outcome = {
    kind: 'invalid',
    owner: 'event',
    code: 'INVALID_INPUT',
    message: `${code}: ${message} From ${place}.`,
  }
  return `${JSON.stringify({ ...rest, ...(source !== undefined && { source }), text: JSON.stringify(event ?? null), outcome, attempts: [] })}\n`
}

export function createRefusedEvents(path: string, onError: (error: Error) => void): RefusedEvents {
  let waiting: Refusal[] = []
  let lost = 0
  let writing: Promise<void> | undefined
  const counts = new Map<string, number>()

  function rotate(): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > maxBytes) renameSync(path, `${path}.1`)
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.map(lineOf)
      waiting = []
      try {
        rotate()
        await appendFile(path, lines.join(''), { mode: 0o600 })
      } catch (error) {
        lost += lines.length
        onError(error as Error)
      }
    }
    writing = undefined
  }

  return {
    add(refusal) {
      const key = `${refusal.source ?? 'an unknown write key'}: ${refusal.code}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (waiting.length >= maxWaiting) {
        lost += 1
        return
      }
      waiting.push(refusal)
      writing ??= write()
    },
    summary() {
      if (counts.size === 0) return undefined
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const parts = [...counts].map(([key, count]) => `${key} (${count})`)
      const missing = lost === 0 ? '' : `; ${formatCount(lost)} of them not in the file`
      counts.clear()
      lost = 0
      return `${plural(total, 'event')} refused: ${parts.join(', ')}; see ${path}${missing}`
    },
    async close() {
      await writing
    },
  }
}
