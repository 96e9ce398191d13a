type Entry<T> = { readonly at: number; readonly seq: number; readonly item: T }

/** What is due next, the earliest first and among equals the one that was put first. */
export type DueHeap<T> = {
  push(at: number, seq: number, item: T): void
  /** When the next is due; Infinity for none. */
  nextAt(): number
  /** Takes out the next one if it is due. */
  popDue(now: number): T | undefined
}

/** Entries that are not current any more stay until they come up, or until they are the most. */
export function createDueHeap<T>(
  isCurrent: (item: T, at: number) => boolean,
  live: () => number,
): DueHeap<T> {
  let heap: Entry<T>[] = []
  const isBefore = (a: Entry<T>, b: Entry<T>) => a.at < b.at || (a.at === b.at && a.seq < b.seq)

  function rise(entry: Entry<T>): void {
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Entry<T>
      if (!isBefore(entry, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  function dropFirst(): void {
    const last = heap.pop() as Entry<T>
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry<T>, heap[child] as Entry<T>))
        child += 1
      if (!isBefore(heap[child] as Entry<T>, last)) break
      heap[index] = heap[child] as Entry<T>
      index = child
    }
    heap[index] = last
  }

  function first(): Entry<T> | undefined {
    let entry = heap[0]
    while (entry !== undefined && !isCurrent(entry.item, entry.at)) {
      dropFirst()
      entry = heap[0]
    }
    return entry
  }

  return {
    push(at, seq, item) {
      if (heap.length > 2 * live() + 1000) {
        const current = heap.filter((entry) => isCurrent(entry.item, entry.at))
        heap = []
        for (const entry of current) rise(entry)
      }
      rise({ at, seq, item })
    },
    nextAt: () => first()?.at ?? Number.POSITIVE_INFINITY,
    popDue(now) {
      const entry = first()
      if (entry === undefined || entry.at > now) return undefined
      dropFirst()
      return entry.item
    },
  }
}
