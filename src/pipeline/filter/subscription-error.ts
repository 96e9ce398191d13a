import { ConfigurationError } from '../../errors'

/** A mistake in a filter: says line, column and what was expected, and points at the place. */
export function subscriptionError(
  source: string,
  position: number,
  expectation: string,
  path: string | undefined,
): ConfigurationError {
  const before = source.slice(0, position)
  const line = before.split('\n').length
  const column = position - before.lastIndexOf('\n')
  const text = source.split('\n')[line - 1] ?? ''
  const pointer = `${' '.repeat(column - 1)}^`
  return new ConfigurationError(
    'INVALID_SUBSCRIPTION',
    `line ${line}, column ${column}: ${expectation}\n  ${text}\n  ${pointer}`,
    path === undefined ? {} : { path },
  )
}
