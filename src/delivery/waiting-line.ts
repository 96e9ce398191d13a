/** Things that wait in the order in which they came. Each may leave from anywhere in the line at any time. */
export type WaitingLine<Value> = {
  /** Stands at the end. The result leaves the line: true if it still stood there. */
  enter(value: Value): () => boolean
  /** Who came first, taken out of the line; undefined when nobody waits. */
  shift(): Value | undefined
  /** Takes out everything that passes the test, in order. */
  take(test: (value: Value) => boolean): Value[]
  readonly length: number
}

type Place<Value> = {
  readonly value: Value
  before: Place<Value> | undefined
  after: Place<Value> | undefined
  isTaken: boolean
}

/**
 * Creates an empty line. A place that is left refers to no other: a `Set` or a chain of dead places would keep what
 * came later in memory until the next full garbage collection, which costs more than everything else in here.
 */
export function createWaitingLine<Value>(): WaitingLine<Value> {
  let first: Place<Value> | undefined
  let last: Place<Value> | undefined
  let length = 0

  const leave = (place: Place<Value>): boolean => {
    if (!place.isTaken) return false
    const { before, after } = place
    if (before === undefined) first = after
    else before.after = after
    if (after === undefined) last = before
    else after.before = before
    place.before = undefined
    place.after = undefined
    place.isTaken = false
    length -= 1
    return true
  }

  return {
    enter(value) {
      const place: Place<Value> = { value, before: last, after: undefined, isTaken: true }
      if (last === undefined) first = place
      else last.after = place
      last = place
      length += 1
      return () => leave(place)
    },
    shift() {
      if (first === undefined) return undefined
      const { value } = first
      leave(first)
      return value
    },
    take(test) {
      const taken: Value[] = []
      let place = first
      while (place !== undefined) {
        const { after } = place
        if (test(place.value)) {
          taken.push(place.value)
          leave(place)
        }
        place = after
      }
      return taken
    },
    get length() {
      return length
    },
  }
}
