import type { StatsContext } from '@segment/actions-core'

/** Gives the value of a part of a mapping for a root: the event, or an item of a list. */
export type Resolve = (root: unknown, statsContext?: StatsContext) => unknown

/** How directives compile what they hold. */
export type Compiler = {
  /** A part: members that come to undefined stay, nothing is copied. */
  part(mapping: unknown): Resolve
  /** A whole mapping, checked, as `transform` does it. */
  whole(mapping: unknown): Resolve
}
