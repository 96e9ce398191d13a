import { signingIn, signingUp, subscribing } from './account'
import { chatting, mailing, pushing, watching } from './messages'
import { browsing, checkout, filling, sharing } from './shopping'
import { isMobile, type StreamEvent, track, type Visitor, wait } from './visitor'

const hour = 3600

/** How a session in the application begins. */
function* opening(visitor: Visitor, isFirst: boolean): Generator<StreamEvent> {
  if (!isMobile(visitor)) return
  if (isFirst) yield track(visitor, 'Application Installed')
  if (isFirst && visitor.random.chance(0.3)) yield track(visitor, 'Install Attributed')
  if (!isFirst && visitor.random.chance(0.05)) yield track(visitor, 'Application Updated')
  yield track(visitor, 'Application Opened')
}

/** One visit: looking, perhaps buying, perhaps opening the account that buying needs. */
function* visit(visitor: Visitor): Generator<StreamEvent> {
  const { random } = visitor
  if (visitor.known) yield* signingIn(visitor)
  yield* browsing(visitor)
  if (!visitor.known && random.chance(0.15)) yield* subscribing(visitor)
  if (random.chance(0.12)) yield* watching(visitor)
  if (random.chance(0.08)) yield* chatting(visitor)
  if (random.chance(0.3)) yield* sharing(visitor)
  if (!random.chance(0.5)) return
  yield* filling(visitor)
  if (!visitor.known && random.chance(0.7)) yield* signingUp(visitor)
  if (visitor.known && random.chance(0.7)) yield* checkout(visitor)
}

/** What reaches a known visitor between two visits. */
function* meanwhile(visitor: Visitor): Generator<StreamEvent> {
  const { random } = visitor
  if (!visitor.known) return
  if (random.chance(0.5)) yield* mailing(visitor)
  if (isMobile(visitor) && random.chance(0.3)) yield* pushing(visitor)
}

/** Everything a visitor ever does, without end, in the order of time. */
export function* journey(visitor: Visitor): Generator<StreamEvent, never> {
  for (let isFirst = true; ; isFirst = false) {
    yield* opening(visitor, isFirst)
    yield* visit(visitor)
    if (isMobile(visitor)) yield track(visitor, 'Application Backgrounded')
    wait(visitor, hour, 12 * hour)
    yield* meanwhile(visitor)
    wait(visitor, hour, 36 * hour)
  }
}
