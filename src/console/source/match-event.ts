import type { SegmentEvent } from '../../event'
import { compileSubscription } from '../../pipeline/filter/compile-subscription'

/** Whether a text is meant as FQL: it compares something. */
export const isFql = (text: string): boolean => /[=<>]|\b(contains|match)\s*\(/.test(text)

/**
 * Compiles what a person typed into a filter field: FQL over the event, or a part of one of the given texts.
 * @throws ConfigurationError INVALID_SUBSCRIPTION for FQL that cannot be read.
 */
export function compileMatch(q: string): (event: SegmentEvent, texts: readonly string[]) => boolean {
  if (isFql(q)) {
    const matches = compileSubscription(q)
    return (event) => {
      try {
        return matches(event)
      } catch {
        return false
      }
    }
  }
  const wanted = q.toLowerCase()
  return (_event, texts) => texts.some((text) => text.toLowerCase().includes(wanted))
}
