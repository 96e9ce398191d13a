/**
 * Items of calls that come while others are on their way go together, at most `largest` at once, so that a server does in one
 * commit what it would do in many.
 */
export function createGather<Item, Result>(
  send: (items: readonly Item[]) => Promise<readonly Result[]>,
  { largest = 200, atOnce = 4 }: { readonly largest?: number; readonly atOnce?: number } = {},
): (items: readonly Item[]) => Promise<Result[]> {
  type Call = {
    items: readonly Item[]
    resolve: (results: Result[]) => void
    reject: (error: unknown) => void
  }
  const calls: Call[] = []
  let underWay = 0
  let isScheduled = false

  function next(): Call[] {
    const taken: Call[] = []
    let count = 0
    while (calls[0] !== undefined && (taken.length === 0 || count + calls[0].items.length <= largest)) {
      const call = calls.shift() as Call
      taken.push(call)
      count += call.items.length
    }
    return taken
  }

  function flush(): void {
    isScheduled = false
    while (calls.length > 0 && underWay < atOnce) {
      const taken = next()
      underWay += 1
      send(taken.flatMap(({ items }) => items))
        .then(
          (results) => {
            let start = 0
            for (const { items, resolve } of taken) {
              resolve(results.slice(start, start + items.length))
              start += items.length
            }
          },
          (error) => {
            for (const { reject } of taken) reject(error)
          },
        )
        .finally(() => {
          underWay -= 1
          flush()
        })
    }
  }

  return (items) =>
    new Promise((resolve, reject) => {
      calls.push({ items, resolve, reject })
      if (!isScheduled) setImmediate(flush)
      isScheduled = true
    })
}
