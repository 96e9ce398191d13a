import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import { nameOf } from '../runtime/open/open-connection'
import type { Connection } from '../runtime/options'
import { failureLines } from './failure-lines'
import { type ExplainableConnection, openForExplanation } from './open-for-explanation'

/** Says in one to three lines why an event was not delivered. */
export type FailureExplainer = (outcome: Outcome, event: SegmentEvent) => string[]

/** The lines name fields and the paths that the mapping reads, and hold no secret and no value of the event. */
export function createFailureExplainer(
  connections: readonly Connection[],
  compatibility = false,
): FailureExplainer {
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
    if (outcome.kind !== 'invalid') return failureLines(outcome, event)
    const connection = open(outcome.connection)
    const subscription = connection?.subscriptions.find(({ name }) => name === outcome.subscription)
    const lines = failureLines(outcome, event, subscription?.preparation.mapping.root)
    return connection === undefined ? lines : lines.map(connection.redact.text)
  }
}
