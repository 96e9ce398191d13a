/** Bounds the bytes of all requests that are under way, however many clients there are. */
export type BodyBudget = {
  /** False when there is no room; nothing is taken then. */
  take(bytes: number): boolean
  release(bytes: number): void
  readonly used: number
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let used = 0
  return {
    take(bytes) {
      if (used + bytes > maxBytes) return false
      used += bytes
      return true
    },
    release(bytes) {
      used -= bytes
    },
    get used() {
      return used
    },
  }
}
