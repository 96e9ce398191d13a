import type { Queue } from 'waybill/queue'

/** Holds that a new start must not lift: the wish of a destination, and that of an operator. */
const stays = /^(the destination asked to wait|paused by )/

/**
 * Lets go of what an earlier process held because it was refused: who starts anew has probably mended the credentials, and
 * the first attempt tells. A destination that asked to wait is still given its time.
 */
export async function releaseBlocks(queue: Queue): Promise<void> {
  const held = (await queue.stats()).filter(
    ({ heldUntil, heldBecause }) => heldUntil !== undefined && !stays.test(heldBecause ?? ''),
  )
  for (const connection of new Set(held.map((lane) => lane.connection)))
    await queue.hold({ connection }, 'released')
}
