import type { BatchPolicy } from '../dispatch/batch'
import type { BatchOptions } from '../options'
import { isAsynchronous } from './asynchronous'

const defaultCount = 100
const defaultAgeMs = 1_000
/** An asynchronous action has no other way than `performBatch`. */
const batchOfOne: BatchPolicy = { maxCount: 1, maxAgeMs: defaultAgeMs }

/**
 * Whether and how a subscription's events travel together. The reserved mapping keys `enable_batching`,
 * `batch_size` and `batch_bytes` are read as Segment does; the subscription's own `batch` goes over them. Without
 * either, events are sent one by one, but those of asynchronous actions, which know nothing else.
 */
export function batchPolicy(
  definition: { readonly performBatch?: unknown },
  mapping: Readonly<Record<string, unknown>>,
  options: false | BatchOptions | undefined,
  isOrdered: boolean,
): BatchPolicy | undefined {
  const single = isAsynchronous(definition) ? batchOfOne : undefined
  if (options === false || typeof definition.performBatch !== 'function') return single
  const { enable_batching: stored } = mapping
  // Batches are all that an asynchronous action knows; only `false` makes them of one.
  const isMapped = stored === true || stored === 'true' || (stored !== false && single !== undefined)
  if (options === undefined && (isOrdered || !isMapped)) return single
  const maxBytes = options?.maxBytes ?? positiveNumber(mapping.batch_bytes)
  return {
    maxCount: options?.maxCount ?? positiveNumber(mapping.batch_size) ?? defaultCount,
    maxAgeMs: options?.maxAgeMs ?? defaultAgeMs,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  }
}

const positiveNumber = (value: unknown): number | undefined => {
  const number = Number(value)
  return value !== null && value !== '' && Number.isFinite(number) && number >= 1
    ? Math.floor(number)
    : undefined
}
