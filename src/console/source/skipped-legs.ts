import type { Explanation } from '../../explain/explain'
import type { Leg } from '../shapes'
import { emptyLeg } from './empty-leg'

/** The legs that an event did not take, each with what decided. */
export function skippedLegs(
  explanations: readonly Explanation[],
  legs: ReadonlyMap<string, Leg>,
  keyOf: (connection: string, subscription: string) => string,
): Leg[] {
  return explanations.flatMap(({ connection, skipped, subscriptions }): Leg[] => {
    const missed = subscriptions.filter(({ name }) => !legs.has(keyOf(connection, name)))
    if (missed.length === 0) return []
    if (skipped !== undefined)
      return [
        {
          ...emptyLeg(connection, `${missed.length}`),
          state: 'skipped',
          outcome: 'skipped',
          why: [skipSentence(skipped)],
        },
      ]
    return missed
      .filter(({ filter, isEnabled }) => !filter.matches || !isEnabled)
      .map(({ name, action, filter, isEnabled }) => ({
        ...emptyLeg(connection, name),
        action,
        state: 'skipped',
        outcome: 'skipped',
        why: isEnabled ? decidingComparisons(filter) : ['the subscription is disabled'],
      }))
  })
}

const skipSentence = (reason: string): string =>
  reason === 'integrations'
    ? 'the event turns this destination off (integrations)'
    : reason === 'connection-filter'
      ? "the connection's own filter does not match"
      : 'the connection is disabled'

/** The comparisons that decided, with what the event had there. */
function decidingComparisons({
  text,
  trace,
  error,
}: Explanation['subscriptions'][number]['filter']): string[] {
  if (error !== undefined) return [error]
  const found: string[] = []
  const walk = (part: NonNullable<typeof trace>): void => {
    if (part.result !== false || found.length >= 3) return
    if (part.operands === undefined || part.operands.length === 0) {
      const met = part.met?.map((each) => `${each.text} is ${JSON.stringify(each.value)}`).join(', ')
      found.push(met ? `${part.text}, but ${met}` : part.text)
    } else for (const operand of part.operands) walk(operand)
  }
  if (trace !== undefined) walk(trace)
  return found.length > 0 ? found : [text]
}
