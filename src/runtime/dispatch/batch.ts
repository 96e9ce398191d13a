import type { OpenDelivery } from './open-delivery'

/** When a batch is complete: whichever of the three is reached first. */
export type BatchPolicy = {
  /** Most deliveries in a batch. */
  readonly maxCount: number
  /** Most bytes of all payloads in a batch, as JSON. Absent: sizes are not measured. */
  readonly maxBytes?: number
  /** Longest time in milliseconds that a delivery waits for company. */
  readonly maxAgeMs: number
}

/** The batches of one subscription that are not complete. */
export type Batcher = {
  add(delivery: OpenDelivery): void
  /** Hands over everything that waits, complete or not. */
  flush(): void
  /** Takes out what passes the test. */
  take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[]
  /** No batch holds more than this from now on: the destination found one too large. */
  shrink(maxCount: number): void
  /** Deliveries that wait for company. */
  readonly waiting: number
}

type OpenBatch = { deliveries: OpenDelivery[]; bytes: number; cancelTimer: () => void }

/**
 * Collects the deliveries of one subscription, whoever handed them over, into batches by group, count, bytes and age. A
 * delivery larger than `maxBytes` travels alone; order is kept within a group.
 */
export function createBatcher(options: {
  readonly policy: BatchPolicy
  /** Payload keys whose values must agree within a batch. */
  readonly batchKeys: readonly string[]
  readonly release: (deliveries: OpenDelivery[]) => void
  readonly after: (ms: number, task: () => void) => () => void
}): Batcher {
  const { policy, batchKeys, release, after } = options
  const open = new Map<string, OpenBatch>()
  let { maxCount } = policy
  let waiting = 0

  const close = (group: string, batch: OpenBatch): void => {
    open.delete(group)
    batch.cancelTimer()
    waiting -= batch.deliveries.length
    if (batch.deliveries.length > 0) release(batch.deliveries)
  }
  const begin = (group: string): OpenBatch => {
    const batch: OpenBatch = { deliveries: [], bytes: 0, cancelTimer: () => undefined }
    batch.cancelTimer = after(policy.maxAgeMs, () => close(group, batch))
    open.set(group, batch)
    return batch
  }

  return {
    add(delivery) {
      const group = groupOf(delivery, batchKeys)
      const bytes = policy.maxBytes === undefined ? 0 : jsonBytes(delivery.payload)
      let batch = open.get(group)
      if (batch && policy.maxBytes !== undefined && batch.bytes + bytes > policy.maxBytes) {
        close(group, batch)
        batch = undefined
      }
      batch ??= begin(group)
      batch.deliveries.push(delivery)
      batch.bytes += bytes
      waiting += 1
      if (batch.deliveries.length >= maxCount) close(group, batch)
    },
    flush() {
      for (const [group, batch] of [...open]) close(group, batch)
    },
    take(test) {
      const taken: OpenDelivery[] = []
      for (const [group, batch] of [...open]) {
        const kept: OpenDelivery[] = []
        for (const delivery of batch.deliveries) (test(delivery) ? taken : kept).push(delivery)
        waiting -= batch.deliveries.length - kept.length
        batch.deliveries = kept
        if (kept.length === 0) close(group, batch)
      }
      return taken
    },
    shrink(count) {
      maxCount = Math.max(1, Math.min(maxCount, count))
    },
    get waiting() {
      return waiting
    },
  }
}

/**
 * By what the deliveries of a batch must agree: the payload keys that the mapping names as `batch_keys`, and the
 * audience that an Engage event is about, since an action reads the audience once per batch.
 */
function groupOf({ payload, event }: OpenDelivery, batchKeys: readonly string[]): string {
  const audience = (event.context?.personas as { computation_key?: unknown } | undefined)?.computation_key
  if (batchKeys.length === 0) return typeof audience === 'string' ? audience : ''
  const values = batchKeys.map((key) => (payload as Record<string, unknown>)[key] ?? null)
  return JSON.stringify([audience ?? null, ...values])
}

const encoder = new TextEncoder()

/** A payload that is nested too deeply to be written down is alone, and fails alone. */
function jsonBytes(value: unknown): number {
  try {
    return encoder.encode(JSON.stringify(value) ?? '').length
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
