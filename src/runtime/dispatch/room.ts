import type { Limiter } from '../../delivery/limit'

/** Requests or batches that may wait for a place, for each that may be in flight. */
const waitingPerPlace = 4

const isCrowded = ({ waiting, concurrency }: Limiter): boolean => waiting >= waitingPerPlace * concurrency

/**
 * Tells a source to wait when every connection has more than enough to send: events that are read further ahead would
 * only fill the memory. Undefined while there is room; else resolves when a connection has half as many waiting.
 */
export function untilRoom(connections: readonly { readonly limiter: Limiter }[]): Promise<void> | undefined {
  for (const { limiter } of connections) if (!isCrowded(limiter)) return undefined
  if (connections.length === 0) return undefined
  return new Promise((resolve) => {
    const withdrawals: (() => void)[] = []
    const stop = (): void => {
      for (const withdraw of withdrawals) withdraw()
      resolve()
    }
    for (const { limiter } of connections)
      withdrawals.push(limiter.whenWaitingAtMost((limiter.concurrency * waitingPerPlace) / 2, stop))
  })
}
