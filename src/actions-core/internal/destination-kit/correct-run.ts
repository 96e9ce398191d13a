import type { JSONObject, Result, SegmentEvent, Subscription } from '@segment/actions-core'
import { type AuthTokens, getAuthData } from '../../../contract/auth-data'
import { getErrorCodeFromHttpStatus } from '../../../contract/error-codes'
import { type BatchNode, refusedNode } from './batch-nodes'
import { statusOf } from './shapes'

type Data = SegmentEvent | SegmentEvent[]

/** What the default way of running subscriptions needs of its destination. */
export type CorrectRunContext = {
  readonly hasTokens: boolean
  run(subscription: Subscription, data: Data, auth: AuthTokens): Promise<Result[]>
  /** Renews the tokens in the settings, unless they have been replaced since `used` was read. */
  renew(used: AuthTokens): Promise<unknown>
}

/** A failure as a value: what an error is called, says and means. */
export function failureOf(error: unknown): JSONObject {
  const { name, message, code, fields } = error as Error & { code?: string; fields?: unknown }
  const status = statusOf(error) ?? 500
  return {
    name,
    message,
    code: code ?? getErrorCodeFromHttpStatus(status),
    status,
    ...(fields === undefined ? {} : { fields }),
  } as JSONObject
}

/**
 * Runs a subscription; failures are values, so that one subscription cannot lose the results of another. What was
 * refused with 401, and that alone, is sent once more with new tokens.
 */
export async function runCorrectly(
  context: CorrectRunContext,
  subscription: Subscription,
  data: Data,
  settings: JSONObject,
): Promise<Result[]> {
  const used = getAuthData(settings)
  const results = await run(context, subscription, data, used)
  const refused = context.hasTokens ? refusedPositions(results, data) : []
  if (refused.length === 0) return results
  try {
    await context.renew(used)
  } catch (error) {
    return merged(results, refused, failedResults(error, Array.isArray(data) ? refused.length : undefined))
  }
  const again = Array.isArray(data) ? refused.map((index) => data[index] as SegmentEvent) : data
  return merged(results, refused, await run(context, subscription, again, getAuthData(settings)))
}

async function run(
  context: CorrectRunContext,
  subscription: Subscription,
  data: Data,
  auth: AuthTokens,
): Promise<Result[]> {
  try {
    return await context.run(subscription, data, auth)
  } catch (error) {
    return failedResults(error, Array.isArray(data) ? data.length : undefined)
  }
}

/** `count`: of events in the batch; undefined for a single event. */
function failedResults(error: unknown, count: number | undefined): Result[] {
  const failure = failureOf(error)
  if (count === undefined) return [{ error: failure }]
  const node = refusedNode(String(failure.message), failure.status as number, failure.code as string)
  return [{ error: failure, multistatus: Array.from({ length: count }, () => ({ ...node })) as never }]
}

const nodesOf = (results: readonly Result[]): BatchNode[] | undefined =>
  results[0]?.multistatus as BatchNode[] | undefined

function refusedPositions(results: readonly Result[], data: Data): number[] {
  if (!Array.isArray(data)) return results[0]?.error?.status === 401 ? [0] : []
  return (nodesOf(results) ?? []).flatMap((node, index) => (node.status === 401 ? [index] : []))
}

/** The first results, with those of the second attempt in their places. */
function merged(first: Result[], positions: readonly number[], second: Result[]): Result[] {
  const nodes = nodesOf(first)
  const again = nodesOf(second)
  if (nodes === undefined || again === undefined) return second
  const all = [...nodes]
  positions.forEach((position, index) => {
    all[position] = again[index] as BatchNode
  })
  return [{ multistatus: all as never }]
}
