import { path } from 'waybill'

type Present =
  | { '@path': string }
  | { '@if': { blank: { '@path': string }; then: { '@path': string }; else: Present } }

/** The first of several members of the event that is neither missing, null nor blank: `firstOf` lets '' pass. */
export function firstPresent(first: string, ...others: readonly string[]): Present {
  const [next, ...rest] = others
  if (next === undefined) return path(first)
  // The condition is called `blank`, and holds when the value is not.
  return { '@if': { blank: path(first), then: path(first), else: firstPresent(next, ...rest) } }
}
