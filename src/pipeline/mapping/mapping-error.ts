import { ConfigurationError, WaybillError } from '../../errors'

/** A directive met a value of the event that it cannot work with. The message names types, never values. */
export class MappingError extends WaybillError {
  /** `cause`: what a library threw; in compatibility mode programs get that. */
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super('MAPPING_FAILED', message, options)
  }
}

/** A mistake in a mapping: where it stands, key by key, and what is wrong there. */
export type Mistake = { readonly path: readonly string[]; readonly message: string }

/** What a check found. `isAggregate`: the reference throws them as one error that holds several. */
export type Mistakes = { readonly list: readonly Mistake[]; readonly isAggregate: boolean }

/** A mapping cannot be used. Iterating gives one error per mistake. */
export class InvalidMappingError extends ConfigurationError {
  readonly mistakes: readonly Mistake[]

  constructor(message: string, mistakes: readonly Mistake[] = [], name = 'ConfigurationError', base = '') {
    super(
      'INVALID_MAPPING',
      message,
      mistakes.length === 0
        ? {}
        : {
            problems: mistakes.map((mistake) => ({
              path: mistakePath(base, mistake.path),
              code: 'INVALID_MAPPING',
              message: mistake.message,
            })),
          },
    )
    this.mistakes = mistakes
    this.name = name
  }

  *[Symbol.iterator](): Generator<Error> {
    for (const mistake of this.mistakes) yield referenceError(mistake)
  }
}

const referenceMessage = ({ path, message }: Mistake): string => `/${path.join('/')} ${message}.`

const referenceError = (mistake: Mistake): Error =>
  new InvalidMappingError(referenceMessage(mistake), [], 'ValidationError')

/** `mapping.products[0].@path`: keys joined by dots, positions in brackets. */
export const mistakePath = (base: string, path: readonly string[]): string =>
  path.reduce((text, key) => (/^\d+$/.test(key) ? `${text}[${key}]` : `${text}.${key}`), base)

/** The error for mistakes: one line each, with the path; in the reference's words in compatibility mode. */
export function invalidMapping(found: Mistakes, base: string, compatibility: boolean): InvalidMappingError {
  const { list, isAggregate } = found
  if (!compatibility)
    return new InvalidMappingError(
      list.map((mistake) => `${mistakePath(base, mistake.path)}: ${mistake.message}`).join('\n'),
      list,
      'ConfigurationError',
      base,
    )
  const messages = list.map(referenceMessage)
  return isAggregate
    ? new InvalidMappingError(
        `\n${messages.map((message) => `    ValidationError: ${message}`).join('\n')}`,
        list,
        'AggregateError',
        base,
      )
    : new InvalidMappingError(messages.join('\n'), list, 'ValidationError', base)
}
