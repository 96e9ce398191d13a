/** When a batch is complete: whichever of the three is reached first. */
export type BatchPolicy = {
  /** Most items in a batch. */
  readonly maxCount: number
  /** Most bytes of all payloads in a batch, as JSON. Absent: sizes are not measured. */
  readonly maxBytes?: number
  /** Longest time in milliseconds that an item waits for company. */
  readonly maxAgeMs: number
}

/** Calls `task` after `ms` milliseconds; the result cancels it. */
export type Schedule = (task: () => void, ms: number) => () => void

export type Batcher<Item> = {
  add(item: Item): void
  /** Hands over everything that waits, complete or not. */
  flush(): void
  /** Items that wait. */
  readonly waiting: number
}

type Open<Item> = { items: Item[]; bytes: number; cancelTimer: () => void }

/**
 * Collects items into batches by group, count, bytes and age. An item larger than `maxBytes` travels alone; order
 * is kept within a group.
 */
export function createBatcher<Item>(options: {
  policy: BatchPolicy
  /** Only items of the same group share a batch. */
  groupOf: (item: Item) => string
  /** Bytes of an item as JSON; called only when the policy limits bytes. */
  bytesOf: (item: Item) => number
  release: (items: Item[]) => void
  schedule: Schedule
}): Batcher<Item> {
  const { policy, groupOf, bytesOf, release, schedule } = options
  const open = new Map<string, Open<Item>>()
  let waiting = 0

  const close = (group: string, batch: Open<Item>): void => {
    open.delete(group)
    batch.cancelTimer()
    waiting -= batch.items.length
    release(batch.items)
  }

  const begin = (group: string): Open<Item> => {
    const batch: Open<Item> = { items: [], bytes: 0, cancelTimer: () => undefined }
    batch.cancelTimer = schedule(() => close(group, batch), policy.maxAgeMs)
    open.set(group, batch)
    return batch
  }

  return {
    add(item) {
      const group = groupOf(item)
      const bytes = policy.maxBytes === undefined ? 0 : bytesOf(item)
      let batch = open.get(group)
      if (batch && policy.maxBytes !== undefined && batch.bytes + bytes > policy.maxBytes) {
        close(group, batch)
        batch = undefined
      }
      batch ??= begin(group)
      batch.items.push(item)
      batch.bytes += bytes
      waiting += 1
      if (batch.items.length >= policy.maxCount) close(group, batch)
    },
    flush() {
      for (const [group, batch] of [...open]) close(group, batch)
    },
    get waiting() {
      return waiting
    },
  }
}
