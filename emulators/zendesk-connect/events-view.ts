const hourMs = 3_600_000
const dayMs = 24 * hourMs
const windowMs = 30 * dayMs

/** A row of Settings > Events. */
export type EventRow = {
  readonly event: string
  readonly definitions: number
  /** Receipts within the last 30 days. */
  readonly times_seen: number
  /** Whether the newest receipt is less than 24 hours old. */
  readonly seen_in_last_24_hours: boolean
  /** Beyond what the vendor shows, for tests. */
  readonly times_seen_24h: number
  /** Milliseconds since the epoch. */
  readonly last_seen: number | undefined
}

/** The list of received events. Times of receipt count, not the events' own. */
export function createEventsView() {
  const receipts = new Map<string, number[]>()
  const defined = new Set<string>()
  const hidden = new Set<string>()

  return {
    receive(name: string, at: number): void {
      const times = receipts.get(name)
      if (times === undefined) receipts.set(name, [at])
      else times.push(at)
    },
    /** Creates a name by hand, before any event has it. */
    define: (name: string): void => void defined.add(name),
    hide: (name: string): void => void hidden.add(name),
    /** Rows by count, then name. `search`: part of a name, in any case. */
    rows(now: number, options: { search?: string; includeHidden?: boolean } = {}): EventRow[] {
      const search = options.search?.toLowerCase() ?? ''
      return [...new Set([...receipts.keys(), ...defined])]
        .filter((name) => name.toLowerCase().includes(search) && (options.includeHidden || !hidden.has(name)))
        .map((name) => rowOf(name, receipts.get(name) ?? [], now))
        .filter((row) => row.times_seen > 0 || defined.has(row.event))
        .sort((a, b) => b.times_seen - a.times_seen || (a.event < b.event ? -1 : 1))
    },
  }
}

function rowOf(event: string, times: readonly number[], now: number): EventRow {
  const last = times.length === 0 ? undefined : Math.max(...times.slice(-1000))
  const within = (ms: number): number => times.filter((time) => now - time < ms).length
  return {
    event,
    definitions: 1,
    times_seen: within(windowMs),
    seen_in_last_24_hours: last !== undefined && now - last < dayMs,
    times_seen_24h: within(dayMs),
    last_seen: last,
  }
}
