import type { BatchPolicy } from '../dispatch/batch'
import type { BatchOptions } from '../options'
import { isAsynchronous } from './asynchronous'

const defaultCount = 100
const defaultAgeMs = 1_000
/** An asynchronous action has no other way than `performBatch`. */
const batchOfOne: BatchPolicy = { maxCount: 1, maxAgeMs: defaultAgeMs }

/**
 * Whether and how a subscription's events travel together. The reserved mapping keys `enable_batching`,
 * `batch_size` and `batch_bytes` are read as Segment does; the subscription's own `batch` goes over them. An action
 * that declares no `enable_batching` field is batched whenever it can be.
 */
export function batchPolicy(
  definition: { readonly performBatch?: unknown; readonly fields?: object },
  mapping: Readonly<Record<string, unknown>>,
  options: false | BatchOptions | undefined,
  isOrdered: boolean,
): BatchPolicy | undefined {
  const single = isAsynchronous(definition) ? batchOfOne : undefined
  if (options === false || typeof definition.performBatch !== 'function') return single
  if (options === undefined && (isOrdered || !isBatchingMapped(definition, mapping))) return single
  const maxBytes = options?.maxBytes ?? positiveNumber(mapping.batch_bytes)
  return {
    maxCount: options?.maxCount ?? positiveNumber(mapping.batch_size) ?? defaultCount,
    maxAgeMs: options?.maxAgeMs ?? defaultAgeMs,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  }
}

function isBatchingMapped(
  definition: { readonly fields?: object },
  mapping: Readonly<Record<string, unknown>>,
): boolean {
  if (!Object.hasOwn(definition.fields ?? {}, 'enable_batching')) return mapping.enable_batching !== false
  return mapping.enable_batching === true || mapping.enable_batching === 'true'
}

const positiveNumber = (value: unknown): number | undefined => {
  const number = Number(value)
  return value !== null && value !== '' && Number.isFinite(number) && number >= 1
    ? Math.floor(number)
    : undefined
}
