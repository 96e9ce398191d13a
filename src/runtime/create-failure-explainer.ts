import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import { failureLines } from '../trace/failure-lines'
import { type ExplainableConnection, openForExplanation } from './open-for-explanation'
import type { Connection } from './options'

/**
 * Creates a function that says in one to three lines why an event was not delivered: for dead letters and logs. The
 * lines name fields and the paths that the mapping reads, and hold no secret and no value of the event. A connection
 * is opened when its first event fails its fields. `compatibility` as in `createRuntime`.
 */
export function createFailureExplainer(
  connections: readonly Connection[],
  compatibility = false,
): (outcome: Outcome, event: SegmentEvent) => string[] {
  const opened = new Map<string, ExplainableConnection>()
  const open = (name: string): ExplainableConnection | undefined => {
    const known = opened.get(name)
    if (known !== undefined) return known
    for (const connection of connections) {
      if (nameOf(connection) !== name) continue
      const result = openForExplanation(connection, compatibility)
      opened.set(name, result)
      return result
    }
    return undefined
  }
  return (outcome, event) => {
    const subscription =
      outcome.kind === 'invalid'
        ? open(outcome.connection)?.subscriptions.find(({ name }) => name === outcome.subscription)
        : undefined
    return failureLines(outcome, event, subscription?.preparation.mapping.root)
  }
}

const nameOf = ({ name, destination }: Connection): string => name ?? destination.slug ?? destination.name
