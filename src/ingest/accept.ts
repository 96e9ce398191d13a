import type { SegmentEvent } from '../event'
import type { Source } from './source'

/** What became of events that were handed to the store. */
export type Accepted = {
  /** Events whose message id was known already; nothing was stored for them. */
  readonly duplicates?: number
}

/**
 * Takes the events of a source in: decides which connections want them, and stores the deliveries with the message ids
 * in one commit. Resolves when that is durable. An error with the code QUEUE_FULL means "later" (429), INVALID_DELIVERY
 * that one of these events cannot be stored (it is found, and the others are taken), any other that nothing can be
 * stored now (503). All events of one call are stored, or none.
 */
export type Accept = (events: readonly SegmentEvent[], source: Source) => Promise<Accepted | undefined>

/** How events of one source went. */
export type Stored =
  | { readonly duplicates: number; readonly refused: readonly SegmentEvent[] }
  | { readonly failure: 'queue_full' | 'unavailable'; readonly error: Error }

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code

async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the store did not reply within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Hands events to the store. Events that it refuses for what they are are found by halving, so that the others are
 * stored. Never rejects.
 */
export async function storeEvents(
  accept: Accept,
  events: readonly SegmentEvent[],
  source: Source,
  timeoutMs: number,
): Promise<Stored> {
  const open: (readonly SegmentEvent[])[] = [events]
  const refused: SegmentEvent[] = []
  let duplicates = 0
  while (open.length > 0) {
    const part = open.pop() as readonly SegmentEvent[]
    try {
      const result = await within(timeoutMs, accept(part, source))
      duplicates += result?.duplicates ?? 0
    } catch (error) {
      if (codeOf(error) !== 'INVALID_DELIVERY') {
        const failure = codeOf(error) === 'QUEUE_FULL' ? 'queue_full' : 'unavailable'
        return { failure, error: error instanceof Error ? error : new Error(String(error)) }
      }
      if (part.length === 1) refused.push(part[0] as SegmentEvent)
      else {
        const half = part.length >> 1
        open.push(part.slice(half), part.slice(0, half))
      }
    }
  }
  return { duplicates, refused }
}
