import { subscriptionError } from './subscription-error'

type ReferenceParser = typeof import('@segment/destination-subscriptions')

/**
 * Reads a filter as `@segment/actions-core` does: with the package that it uses itself, parsed once. Loaded only
 * in compatibility mode.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with the reference's own words.
 */
export function compileCompatible(source: string, path: string | undefined): (event: unknown) => boolean {
  const { parseFql, validate } = require('@segment/destination-subscriptions') as ReferenceParser
  const parsed = parseFql(source)
  if ('error' in parsed && parsed.error)
    throw subscriptionError(source, 0, String(parsed.error.message), path)
  return (event) => validate(parsed, event as never)
}
