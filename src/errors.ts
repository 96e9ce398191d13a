/**
 * Every code that waybill itself gives to an error or an outcome, with what it means and what to do. The page
 * `docs/errors.md` holds the same rows; a test compares the two.
 */
export const errorTable = {
  INVALID_DEFINITION: 'A destination definition is not well formed.',
  INVALID_CONFIGURATION: 'The configuration is not well formed.',
  INVALID_SETTINGS: 'The settings of a connection do not fit the definition.',
  INVALID_SUBSCRIPTION: 'A filter (FQL) cannot be read.',
  INVALID_MAPPING: 'A mapping holds a mistake.',
  MAPPING_FAILED: 'A directive of a mapping met a value of the event that it cannot work with.',
  UNKNOWN_ACTION: 'A subscription names an action that the destination does not have.',
  UNKNOWN_DESTINATION: 'The configuration names a destination that cannot be found.',
  UNKNOWN_CONNECTION: 'The runtime has no connection of this name.',
  NOT_SUPPORTED: 'The destination or the action does not have the operation that was asked for.',
  MISSING_ENVIRONMENT_VARIABLE: 'The configuration refers to an environment variable that is not set.',
  INVALID_INPUT: 'A line of the input is not an event.',
  UNREADABLE_INPUT: 'The input cannot be opened, or breaks off.',
  INVALID_MANIFEST: 'A manifest cannot be read.',
  INVALID_NAME: 'A name for a new destination or action cannot be used.',
  FILE_EXISTS: 'A file that would be written is there already.',
  CLOSED: 'The runtime is closed.',
  INVALID_DELIVERY:
    'A delivery cannot be stored: an id of it holds the character U+0000, or its event is not JSON.',
  QUEUE_FULL: 'The disk or the memory of the store is full: nothing more is taken until there is room.',
  QUEUE_UNAVAILABLE: 'The store cannot be reached, opened or written.',
  QUEUE_CLOSED: 'The queue is closed.',
  QUEUE_IN_USE: 'Another process owns the store.',
  QUEUE_VERSION: 'The store was written by another version of waybill.',
  QUEUE_NOT_DURABLE: 'The database is set up so that it may lose what it acknowledged.',
  DEAD_LETTERS_CHANGED: 'There are more or fewer dead letters than were counted before; nothing was changed.',
  INVALID_REQUEST: 'A request to the console is not well formed; the message names the part.',
  UNAUTHENTICATED: 'The console needs a token, or the token is wrong.',
  NOT_ALLOWED: 'The request comes from elsewhere, or the token does not allow it.',
  NOT_FOUND: 'The console has nothing of this name or id.',
  CHANGED_MEANWHILE: 'What the request was about has changed since it was shown; nothing was done.',
  TOO_MANY_REQUESTS: 'Too much at a time, or too many wrong tokens.',
  TIMED_OUT: 'The answer took longer than it may.',
  INTERNAL: 'A fault of waybill itself; please report it.',
} as const satisfies Record<string, string>

export type ErrorCode = keyof typeof errorTable

const marker = Symbol.for('waybill.error')

/** One thing that is wrong with a definition or a configuration. */
export type Problem = {
  /** Where it stands: `connections[0].subscriptions[2].mapping.email`; empty for the whole. */
  readonly path: string
  readonly code: ErrorCode
  /** What is wrong and what to do, without the path. */
  readonly message: string
}

type WaybillErrorOptions = {
  /** Where in the definition or configuration: `connections[0].subscriptions[2].mapping.email`. */
  path?: string
  cause?: unknown
  /** What the error sums up. Default: the error itself, as the one problem. */
  problems?: readonly Problem[]
}

/**
 * The base of every error that waybill throws. Thrown for bugs and bad configuration alone: what happens to an
 * event is an `Outcome`, a value.
 */
export class WaybillError extends Error {
  readonly code: ErrorCode
  readonly path?: string
  /** Everything that is wrong, one by one; the message says the same in words. */
  declare readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, options: WaybillErrorOptions = {}) {
    super(
      options.path ? `${options.path}: ${message}` : message,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.name = new.target.name
    this.code = code
    if (options.path !== undefined) this.path = options.path
    const problems = options.problems ?? [{ path: options.path ?? '', code, message }]
    // Not enumerable: the message says it all already when the error is printed.
    Object.defineProperties(this, { [marker]: { value: true }, problems: { value: problems } })
  }
}

/** A destination definition cannot be used: `code` and `path` say what and where. */
export class DefinitionError extends WaybillError {}
/** The configuration, a filter or a mapping cannot be used. */
export class ConfigurationError extends WaybillError {}
/** The store refuses, or cannot be reached; `code` says which. */
export class QueueError extends WaybillError {}
/** A call came after `close()`. */
export class ClosedError extends WaybillError {
  constructor(message: string) {
    super('CLOSED', message)
  }
}

/** True for an error of any copy of this package in the process. */
export const isWaybillError = (value: unknown): value is WaybillError =>
  value instanceof Error && (value as { [marker]?: boolean })[marker] === true
