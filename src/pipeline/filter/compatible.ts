import { subscriptionError } from './subscription-error'

type ReferenceParser = typeof import('@segment/destination-subscriptions')

/** A filter as the reference reads it: a group of conditions, which may be groups themselves. */
export type CompatibleGroup = Exclude<ReturnType<ReferenceParser['parseFql']>, { error: unknown }>

/** Loaded only in compatibility mode, and to compare the two modes. */
const reference = (): ReferenceParser => require('@segment/destination-subscriptions') as ReferenceParser

/**
 * Parses a filter as `@segment/actions-core` does: with the package that it uses itself.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with the reference's own words.
 */
export function parseCompatible(source: string, path: string | undefined): CompatibleGroup {
  const parsed = reference().parseFql(source)
  if ('error' in parsed) throw subscriptionError(source, 0, String(parsed.error?.message), path)
  return parsed
}

/** A predicate of a filter that the reference has parsed. */
export function compatibleTest(group: CompatibleGroup): (event: unknown) => boolean {
  const { validate } = reference()
  return (event) => validate(group, event as never)
}

/**
 * Reads a filter as `@segment/actions-core` does, parsed once.
 * @throws ConfigurationError INVALID_SUBSCRIPTION with the reference's own words.
 */
export const compileCompatible = (source: string, path: string | undefined): ((event: unknown) => boolean) =>
  compatibleTest(parseCompatible(source, path))
