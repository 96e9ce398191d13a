import type { Matches, Message } from './step-matcher'

/** A message of a person's history. */
export type HistoryEvent = {
  /** Order of arrival, unique in the account. */
  readonly arrival: number
  /** When it happened, in milliseconds since the epoch. */
  readonly time: number
  readonly messageId: string
  readonly message: Message
}

/** One message that a sequence needs; a step that counts to three has three of them. */
export type Slot = {
  readonly matches: Matches
  /** Most milliseconds since the previous step was complete. */
  readonly withinMs: number
  /** The last slot of its step. */
  readonly completesStep: boolean
}

export type Sequence = {
  readonly slots: readonly Slot[]
  /** Most milliseconds from the first message to the last. */
  readonly windowMs: number
  /** A message between the first and the last that matches one of these breaks the sequence. */
  readonly unless: readonly Matches[]
}

/** Which events may take part, and which may be the last. */
export type Permission = {
  canUse(event: HistoryEvent): boolean
  canEnd(event: HistoryEvent): boolean
}

/**
 * The first sequence of events that fits: among all that do, the one whose first event is earliest, then its second,
 * and so on. `events` are in order. Undefined when none fits.
 */
export function firstSequence(
  sequence: Sequence,
  events: readonly HistoryEvent[],
  permission: Permission,
): HistoryEvent[] | undefined {
  for (let start = 0; start < events.length; start++) {
    const found = sequenceFrom(start, sequence, events, permission)
    if (found !== undefined) return found
  }
  return undefined
}

function sequenceFrom(
  start: number,
  { slots, windowMs, unless }: Sequence,
  events: readonly HistoryEvent[],
  { canUse, canEnd }: Permission,
): HistoryEvent[] | undefined {
  const first = events[start] as HistoryEvent
  const fits = (slot: number, event: HistoryEvent): boolean =>
    canUse(event) &&
    (slots[slot] as Slot).matches(event.message) &&
    (slot < slots.length - 1 || canEnd(event))
  if (!fits(0, first)) return undefined
  const end = lastPosition(start, windowMs, unless, events)
  const failed = new Set<string>()

  /** The events of the slots from `slot` on, after the event at `previous`; `done` completed the previous step. */
  const rest = (slot: number, previous: number, done: number): HistoryEvent[] | undefined => {
    if (slot === slots.length) return []
    const state = `${slot} ${previous} ${done}`
    if (failed.has(state)) return undefined
    const { withinMs, completesStep } = slots[slot] as Slot
    const latest = (events[done] as HistoryEvent).time + withinMs
    for (let index = previous + 1; index <= end; index++) {
      const event = events[index] as HistoryEvent
      if (event.time > latest) break
      if (!fits(slot, event)) continue
      const others = rest(slot + 1, index, completesStep ? index : done)
      if (others !== undefined) return [event, ...others]
    }
    failed.add(state)
    return undefined
  }
  const others = rest(1, start, start)
  return others && [first, ...others]
}

/** Where the last event may be at most: within the window, and not after an event that breaks. */
function lastPosition(
  start: number,
  windowMs: number,
  unless: readonly Matches[],
  events: readonly HistoryEvent[],
): number {
  const latest = (events[start] as HistoryEvent).time + windowMs
  for (let index = start + 1; index < events.length; index++) {
    const event = events[index] as HistoryEvent
    if (event.time > latest) return index - 1
    // What breaks a sequence may itself be its last event.
    if (unless.some((matches) => matches(event.message))) return index
  }
  return events.length - 1
}
