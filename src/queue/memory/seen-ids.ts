/** Remembers ids for at least `keepMs`, in two generations, so that forgetting costs nothing. */
export type SeenIds = { has(id: string, now: number): boolean; add(id: string, now: number): void }

export function createSeenIds(keepMs: number): SeenIds {
  let current = new Set<string>()
  let previous = new Set<string>()
  let turn = Number.NaN

  function turnTo(now: number): void {
    const next = Math.floor(now / keepMs)
    if (next === turn) return
    previous = next === turn + 1 ? current : new Set()
    current = new Set()
    turn = next
  }
  return {
    has(id, now) {
      turnTo(now)
      return current.has(id) || previous.has(id)
    },
    add(id, now) {
      turnTo(now)
      current.add(id)
    },
  }
}
