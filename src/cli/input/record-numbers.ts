/** From the number of an event to that of its record: records that are no events stand between. */
export type RecordNumbers = {
  /** The record that comes now is no event. */
  pass(): void
  /** The record that comes now is the next event. */
  accept(): void
  /** Records and events so far. */
  readonly records: number
  readonly events: number
  /**
   * The record of an event, from 1. After very many damaged records it may be an earlier one, but never a later one.
   */
  recordOf(event: number): number
}

const maxGaps = 20_000

/** Starts counting. Holds a bounded number of places, however many records there are. */
export function createRecordNumbers(): RecordNumbers {
  /** From this event on, so many records before it are no events. */
  let gaps: { readonly event: number; passed: number }[] = []
  let records = 0
  let events = 0

  function gapAt(event: number): number {
    let low = 0
    let high = gaps.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((gaps[middle] as { event: number }).event <= event) low = middle + 1
      else high = middle
    }
    return gaps[low - 1]?.passed ?? 0
  }

  return {
    pass() {
      records += 1
      const last = gaps.at(-1)
      if (last?.event === events) last.passed += 1
      else gaps.push({ event: events, passed: (last?.passed ?? 0) + 1 })
      // Without every second one the numbers between are those of earlier records.
      if (gaps.length > maxGaps) gaps = gaps.filter((_, index) => index % 2 === 1)
    },
    accept() {
      records += 1
      events += 1
    },
    get records() {
      return records
    },
    get events() {
      return events
    },
    recordOf: (event) => event + gapAt(event) + 1,
  }
}
