import type { Classify } from '../definition/execute-input'
import type { Verdict } from '../outcome'
import { classifyError, classifyItem, classifyResponse, failureOf } from './classify'

/** Accepted without a status that we know of: `perform` returned and threw nothing. */
const accepted: Verdict = { kind: 'delivered' }

type ResponseLike = { readonly status: number; readonly headers: { get(name: string): string | null } }

const isResponse = (value: unknown): value is ResponseLike =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { status?: unknown }).status === 'number' &&
  typeof (value as { headers?: { get?: unknown } }).headers?.get === 'function'

const isHttpError = (value: unknown): boolean =>
  value instanceof Error &&
  typeof (value as { response?: { status?: unknown } }).response?.status === 'number'

/** What an action's `perform` came to, judged by what it returned. `now` in milliseconds since the epoch. */
export function verdictOnResult(result: unknown, classify: Classify | undefined, now: number): Verdict {
  if (isResponse(result)) {
    const verdict = classifyResponse(result, now)
    return verdict.kind === 'delivered' ? verdict : refined({ response: result }, verdict, classify)
  }
  return isHttpError(result) ? verdictOnError(result, classify, now) : accepted
}

/** What an action's `perform` came to, judged by what it threw. */
export function verdictOnError(error: unknown, classify: Classify | undefined, now: number): Verdict {
  return refined(error, classifyError(error, now), classify)
}

/** The definition's own reading of the vendor's codes goes over ours. A fault in it changes nothing. */
function refined(error: unknown, verdict: Verdict, classify: Classify | undefined): Verdict {
  if (classify === undefined) return verdict
  try {
    return classify(failureOf(error), verdict) ?? verdict
  } catch {
    return verdict
  }
}

type MultiStatus = {
  length(): number
  getResponseAtIndex(index: number): { value(): ItemValue } | undefined
}
type ItemValue = {
  status: number
  errortype?: string
  errormessage?: string
  body?: unknown
  headers?: ItemHeaders
}
type ItemHeaders = Readonly<Record<string, string>>

/** By shape, since the class may come from another copy of the framework. */
export const isMultiStatus = (value: unknown): value is MultiStatus =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Partial<MultiStatus>).getResponseAtIndex === 'function' &&
  typeof (value as Partial<MultiStatus>).length === 'function'

/**
 * What `performBatch` came to, item by item. One response, or one error, stands for all items; a multistatus
 * answer speaks of each; an item that it leaves out is tried again. Anything else cannot be attributed to items:
 * whether they arrived is unknown, and that is never success.
 */
export function verdictsOnBatchResult(
  result: unknown,
  count: number,
  classify: Classify | undefined,
  now: number,
): Verdict[] {
  if (isMultiStatus(result))
    return Array.from({ length: count }, (_, index) => {
      const value = result.getResponseAtIndex(index)?.value()
      if (value === undefined || typeof value.status !== 'number') return missingItem
      const verdict = classifyItem(value, now)
      if (verdict.kind === 'delivered' || classify === undefined) return verdict
      return refined({ response: { status: value.status, data: value.body } }, verdict, classify)
    })
  if (isResponse(result) || isHttpError(result))
    return Array<Verdict>(count).fill(verdictOnResult(result, classify, now))
  return Array<Verdict>(count).fill(notAttributable(result))
}

const missingItem: Verdict = {
  kind: 'retry',
  owner: 'destination',
  code: 'MISSING_ITEM',
  message: 'the multistatus answer of performBatch has no entry for this item',
}

const notAttributable = (result: unknown): Verdict => ({
  kind: 'unknown',
  owner: 'destination',
  code: 'NOT_ATTRIBUTABLE',
  message: `performBatch returned ${describe(result)}; return the response, or a MultiStatusResponse with an entry per payload`,
})

const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
