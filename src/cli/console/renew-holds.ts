import type { Runtime } from 'waybill'
import type { Queue } from 'waybill/queue'

const pausedBy = /^paused by (.+)$/s
/** A pause has no end; what a destination asks for has. */
const pauseMs = 7 * 24 * 3_600_000

/**
 * Brings a queue and a runtime that has just started together: what an operator paused stays paused, over restarts and
 * reloads; what a destination refused is tried again, since that may be why the configuration has changed.
 */
export async function renewHolds(
  runtime: Runtime,
  queue: Queue,
  now: () => number = Date.now,
): Promise<void> {
  const stats = await queue.stats()
  for (const { name } of runtime.connections) {
    const held = stats.filter(({ connection, heldUntil }) => connection === name && heldUntil !== undefined)
    if (held.length === 0) continue
    const pause = held.find(
      ({ heldUntil = 0, heldBecause = '' }) => heldUntil - now() > pauseMs && pausedBy.test(heldBecause),
    )
    if (pause === undefined) await queue.hold({ connection: name }, 'released')
    else runtime.pause(name, pausedBy.exec(pause.heldBecause ?? '')?.[1] ?? 'operator')
  }
}
