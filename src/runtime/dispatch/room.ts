import type { Limiter } from '../../delivery/limit'

/** What decides whether a source may go on. */
export type RoomConnection = {
  /** Deliveries that it holds, and may hold. */
  readonly pending: number
  readonly maxPending: number
  /** What it holds will not get less soon. */
  readonly isStuck: boolean
  /** False: it is not stuck, and need not be asked. */
  readonly mayBeStuck: boolean
  readonly limiter: Pick<Limiter, 'waiting' | 'concurrency'>
}

/** Requests or batches that may wait for a place, for each that may be in flight. */
const waitingPerPlace = 4
/** Milliseconds after which a source that waits looks again: that a connection is stuck is a matter of time. */
const lookAgainMs = 100

/** Slows a source down to what its connections can take. */
export type Room = {
  /** Undefined while there is room; else resolves when there is again, or when the signal fires. */
  untilRoom(signal: AbortSignal | undefined): Promise<void> | undefined
  /** Something ended: whoever waits may look again. */
  notice(): void
}

/**
 * A source waits while a connection that makes progress is full, and while all that make progress have more than enough to
 * send, so that events that are read further ahead would only fill the memory. Connections that are stuck get what the
 * others have room for; only where every connection is stuck and full the source waits for them.
 */
export function createRoom(
  connections: () => readonly RoomConnection[],
  full: ReadonlySet<RoomConnection>,
): Room {
  const waiting = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined

  /**
   * Whether no connection that gets anything done has room, of which `part` must be free; where none does, whether all are
   * full.
   */
  const isCrowded = (part: number): boolean => {
    const list = connections()
    let hasRoom = false
    let isAnyAlive = false
    for (let index = 0; index < list.length; index++) {
      const connection = list[index] as RoomConnection
      const { limiter } = connection
      if (connection.mayBeStuck && connection.isStuck) {
        hasRoom ||= connection.pending < part * connection.maxPending
        continue
      }
      isAnyAlive = true
      if (limiter.waiting >= part * waitingPerPlace * limiter.concurrency) continue
      if (connection.pending < part * connection.maxPending) return false
    }
    return list.length > 0 && (isAnyAlive || !hasRoom)
  }
  const isSlowedBy = (list: Iterable<RoomConnection>, part: number): boolean => {
    for (const connection of list)
      if (connection.pending >= part * connection.maxPending && !connection.isStuck) return true
    return false
  }
  const lookAll = (): void => {
    for (const look of waiting) look()
    if (waiting.size > 0 || timer === undefined) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    untilRoom(signal) {
      if ((full.size === 0 || !isSlowedBy(full, 1)) && !isCrowded(1)) return undefined
      // Goes on only when a good part is free, else every event would wait for the one before it.
      const wasFull = [...full]
      timer ??= setInterval(lookAll, lookAgainMs)
      return new Promise((resolve) => {
        const look = (): void => {
          const mustWait = isCrowded(0.5) || isSlowedBy(wasFull, 0.8) || isSlowedBy(full, 1)
          if (mustWait && !signal?.aborted) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    },
    notice() {
      if (waiting.size > 0) for (const look of waiting) look()
    },
  }
}
