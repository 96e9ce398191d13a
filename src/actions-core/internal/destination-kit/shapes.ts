/**
 * Recognizes what actions return and throw by shape: a definition may bring its own copy of the framework, whose
 * classes are others.
 */
type AnyRecord = Record<string, unknown>

const isRecord = (value: unknown): value is AnyRecord => typeof value === 'object' && value !== null

/** An answer of the request client. */
export type ResponseLike = { status: number; statusText?: string; data?: unknown; content?: unknown }

export const isResponse = (value: unknown): value is ResponseLike =>
  isRecord(value) &&
  typeof value.status === 'number' &&
  typeof value.ok === 'boolean' &&
  typeof (value.headers as AnyRecord | undefined)?.get === 'function'

/** An error that carries an answer. */
export const isHttpError = (value: unknown): value is Error & { response: ResponseLike } =>
  value instanceof Error && typeof (value as { response?: ResponseLike }).response?.status === 'number'

/** What a multistatus answer says of one item. */
export type ItemLike = { value(): AnyRecord & { status: number } }

export type MultiStatusLike = { length(): number; getResponseAtIndex(index: number): ItemLike | undefined }

export const isMultiStatus = (value: unknown): value is MultiStatusLike =>
  isRecord(value) && typeof value.getResponseAtIndex === 'function' && typeof value.length === 'function'

/** An error item has a message; a success item has none. */
export const isErrorItem = (item: ItemLike): boolean => item.value().errormessage !== undefined

/** The status that an error states, or that its answer has; undefined when there is neither. */
export function statusOf(error: unknown): number | undefined {
  const { status, response } = (error ?? {}) as { status?: number; response?: { status?: number } }
  return status ?? response?.status
}
