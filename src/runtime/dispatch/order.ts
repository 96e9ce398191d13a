import { createWaitingLine } from '../../delivery/waiting-line'
import type { SegmentEvent } from '../../event'
import type { OpenDelivery } from './open-delivery'

/**
 * Keeps the order of deliveries that concern the same person: one starts when all earlier ones that share a key with it
 * have ended; those without a common key run side by side. Memory is bounded by the deliveries under way.
 */
export type Order = {
  /** Says how a delivery starts; it may end at once. */
  startWith(start: (delivery: OpenDelivery) => void): void
  /** Starts the delivery at once, or when its turn comes. */
  enter(delivery: OpenDelivery): void
  /** The delivery has ended. */
  leave(delivery: OpenDelivery): void
  /** Takes out those that wait for their turn and pass the test. They need not leave any more. */
  take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[]
  /** Deliveries that wait for their turn. */
  readonly waiting: number
}

/** The place of a delivery behind earlier ones. */
export type Turn = {
  readonly delivery: OpenDelivery
  readonly keys: readonly string[]
  /** Earlier turns that have not ended. */
  blockers: number
  readonly followers: Turn[]
  isDone: boolean
  /** Taken out while it waited: those behind it still wait for those before it. */
  isWithdrawn: boolean
  leaveLine: () => boolean
}

/** Creates an empty order. */
export function createOrder(): Order {
  let start: (delivery: OpenDelivery) => void = () => undefined
  const last = new Map<string, Turn>()
  const line = createWaitingLine<Turn>()
  const ended: Turn[] = []
  let isEnding = false

  /** In a loop, not turn by turn: a whole line may end at once. */
  const end = (turn: Turn): void => {
    ended.push(turn)
    if (isEnding) return
    isEnding = true
    try {
      for (let next = ended.pop(); next !== undefined; next = ended.pop()) close(next)
    } finally {
      isEnding = false
    }
  }
  const close = (turn: Turn): void => {
    if (turn.isDone) return
    turn.isDone = true
    for (const key of turn.keys) if (last.get(key) === turn) last.delete(key)
    for (const follower of turn.followers) {
      follower.blockers -= 1
      if (follower.blockers > 0) continue
      if (follower.isWithdrawn) ended.push(follower)
      else {
        follower.leaveLine()
        start(follower.delivery)
      }
    }
  }

  return {
    startWith(begin) {
      start = begin
    },
    enter(delivery) {
      const keys = personKeys(delivery.event)
      const turn: Turn = {
        delivery,
        keys,
        blockers: 0,
        followers: [],
        isDone: false,
        isWithdrawn: false,
        leaveLine: () => false,
      }
      delivery.turn = turn
      for (const key of keys) {
        const previous = last.get(key)
        if (previous !== undefined && previous !== turn) {
          previous.followers.push(turn)
          turn.blockers += 1
        }
        last.set(key, turn)
      }
      if (turn.blockers === 0) start(delivery)
      else turn.leaveLine = line.enter(turn)
    },
    leave({ turn }) {
      if (turn !== undefined && !turn.isWithdrawn) end(turn)
    },
    take(test) {
      return line
        .take(({ delivery }) => test(delivery))
        .map((turn) => {
          turn.isWithdrawn = true
          return turn.delivery
        })
    },
    get waiting() {
      return line.length
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
