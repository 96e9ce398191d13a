import type { SegmentEvent } from '../../event'

/**
 * Keeps the order of events that concern the same person. A task starts when all earlier tasks that share a key
 * with it have ended; tasks without a common key run side by side. Memory is bounded by the tasks under way.
 */
export type Lanes = {
  /** Runs `task` at once or when its turn comes. `task` calls `done` exactly once. */
  enter(keys: readonly string[], task: (done: () => void) => void): void
  /** Tasks that wait for their turn. */
  readonly waiting: number
}

type Ticket = { blockers: number; followers: Ticket[]; isDone: boolean; start: () => void }

/** Creates an empty set of lanes. */
export function createLanes(): Lanes {
  const last = new Map<string, Ticket>()
  let waiting = 0

  const finish = (ticket: Ticket, keys: readonly string[]): void => {
    if (ticket.isDone) return
    ticket.isDone = true
    for (const key of keys) if (last.get(key) === ticket) last.delete(key)
    for (const follower of ticket.followers) {
      follower.blockers -= 1
      if (follower.blockers === 0) {
        waiting -= 1
        follower.start()
      }
    }
  }

  return {
    enter(keys, task) {
      const ticket: Ticket = { blockers: 0, followers: [], isDone: false, start: () => undefined }
      ticket.start = () => task(() => finish(ticket, keys))
      for (const key of keys) {
        const previous = last.get(key)
        if (previous && previous !== ticket) {
          previous.followers.push(ticket)
          ticket.blockers += 1
        }
        last.set(key, ticket)
      }
      if (ticket.blockers === 0) ticket.start()
      else waiting += 1
    },
    get waiting() {
      return waiting
    },
  }
}

/** The ids by which two events concern the same person; an alias names two of them. */
export function personKeys(event: SegmentEvent): string[] {
  const ids = [event.userId, event.anonymousId, event.previousId].filter(
    (id) => (typeof id === 'string' && id !== '') || typeof id === 'number',
  )
  return [...new Set(ids.map(String))]
}
