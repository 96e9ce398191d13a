import type { SegmentEvent } from '../event'
import type { OutcomeKind } from '../outcome'
import { InvalidPayload } from '../pipeline/prepare'
import { nameOf } from '../runtime/open/open-connection'
import type { Connection } from '../runtime/options'
import { type ExplainableConnection, openForExplanation } from './open-for-explanation'

/** A delivery that ended without success. */
export type EndedAttempt = {
  readonly event: SegmentEvent
  readonly connection: string
  readonly subscription: string
  /** How it ended. */
  readonly kind: OutcomeKind
}

/**
 * What sending it again would come to today, before the destination is asked. `passes`: it is sent. `maybe`: it would be
 * sent, but may have arrived, and the destination does not recognize repetitions. `unsubscribed`: no subscription of
 * that name wants it any more.
 */
export type ReplayVerdict = 'passes' | 'maybe' | 'unsubscribed' | { readonly invalid: string }

/** Judges by the configuration as it is now. */
export type ReplayJudge = (attempt: EndedAttempt) => ReplayVerdict

/** The same filters, mappings and checks of payloads as delivery; nothing is sent. */
export function createReplayJudge(connections: readonly Connection[], compatibility = false): ReplayJudge {
  const opened = new Map<string, ExplainableConnection | undefined>()
  const open = (name: string): ExplainableConnection | undefined => {
    if (!opened.has(name)) {
      const connection = connections.find((each) => nameOf(each) === name)
      opened.set(name, connection && openForExplanation(connection, compatibility))
    }
    return opened.get(name)
  }
  return ({ event, connection, subscription: wanted, kind }) => {
    const target = open(connection)
    const subscription = target?.subscriptions.find(({ name }) => name === wanted)
    if (target === undefined || subscription === undefined) return 'unsubscribed'
    if (!subscription.isEnabled || target.skips(event) !== undefined || !subscription.matches(event))
      return 'unsubscribed'
    try {
      const payload = subscription.preparation.prepare(event)
      if (payload instanceof InvalidPayload) return { invalid: payload.message }
    } catch (error) {
      return { invalid: (error as Error).message }
    }
    return kind === 'unknown' && target.destination.idempotent !== true ? 'maybe' : 'passes'
  }
}
