import type { StatsContext } from '@segment/actions-core'
import {
  ErrorCodes,
  getErrorCodeFromHttpStatus,
  MultiStatusErrorReporter,
} from '../../../contract/error-codes'
import {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
} from '../../../contract/multi-status'
import { type BatchNode, countDiscarded, refusedNode } from './batch-nodes'
import {
  type ItemLike,
  isErrorItem,
  isHttpError,
  isMultiStatus,
  isResponse,
  type MultiStatusLike,
  statusOf,
} from './shapes'

const missingNode = (errortype: string): BatchNode => ({
  status: 500,
  errormessage: 'MultiStatusResponse is missing a response at the specified index',
  errortype,
  errorreporter: MultiStatusErrorReporter.INTEGRATIONS,
})

const isFailed = (item: ItemLike): boolean =>
  item instanceof ActionDestinationErrorResponse ||
  (!(item instanceof ActionDestinationSuccessResponse) && isErrorItem(item))

/** Calls `visit` for each payload of a multistatus answer, in order; counts what was discarded. */
export function eachItem(
  result: MultiStatusLike,
  count: number,
  statsContext: StatsContext | undefined,
  visit: (index: number, value: BatchNode | undefined, isError: boolean) => void,
): void {
  for (let index = 0; index < count; index++) {
    const item = result.getResponseAtIndex(index)
    if (!item) {
      countDiscarded('action', statsContext)
      visit(index, undefined, true)
    } else {
      const isError = isFailed(item)
      if (isError) countDiscarded('destination', statsContext)
      visit(index, item.value() as BatchNode, isError)
    }
  }
}

/** What `performBatch` returned, item by item. */
export type AttributeResult = (
  result: unknown,
  payloads: readonly unknown[],
  statsContext: StatsContext | undefined,
) => BatchNode[]

const multiStatusNodes = (
  result: MultiStatusLike,
  count: number,
  missing: BatchNode,
  statsContext: StatsContext | undefined,
): BatchNode[] => {
  const nodes: BatchNode[] = []
  eachItem(result, count, statsContext, (index, value, isError) => {
    if (value === undefined) nodes[index] = { ...missing }
    else nodes[index] = isError ? { ...value, errorreporter: reporterOf(value) } : value
  })
  return nodes
}

/** A node that has been sent, or answered, comes from the destination. */
const reporterOf = ({ sent, body }: BatchNode): string =>
  sent || body ? MultiStatusErrorReporter.DESTINATION : MultiStatusErrorReporter.INTEGRATIONS

/** As the reference: what cannot be attributed to items counts as success. */
export const attributeAsReference: AttributeResult = (result, payloads, statsContext) => {
  if (isMultiStatus(result))
    return multiStatusNodes(
      result,
      payloads.length,
      missingNode(ErrorCodes.PAYLOAD_VALIDATION_FAILED),
      statsContext,
    )
  const forAll = (status: number, body: unknown): BatchNode[] =>
    payloads.map((sent) => ({ status, body, sent }))
  if (isResponse(result)) return forAll(result.status, result.data ?? result.content ?? {})
  return isHttpError(result) ? forAll(result.response.status, result.message) : forAll(200, {})
}

/** What cannot be attributed to items is never success. */
export const attribute: AttributeResult = (result, payloads, statsContext) => {
  if (isMultiStatus(result)) {
    return multiStatusNodes(result, payloads.length, missingNode(ErrorCodes.UNKNOWN_ERROR), statsContext)
  }
  if (isHttpError(result)) return failedNodes(result, payloads, statsContext)
  if (!isResponse(result)) {
    const message = `performBatch returned ${describe(result)}; it must return the response, or a MultiStatusResponse with an entry for each payload`
    countDiscarded('action', statsContext, payloads.length)
    return payloads.map(() => refusedNode(message, 500, ErrorCodes.UNKNOWN_ERROR))
  }
  const { status, statusText } = result
  const body = result.data ?? result.content ?? {}
  if (status < 400) return payloads.map((sent) => ({ status, body, sent }))
  return destinationNodes(status, statusText || `HTTP status ${status}`, body, payloads, statsContext)
}

/** What `performBatch` threw, for each payload. */
export const failedNodes: AttributeResult = (error, payloads, statsContext) => {
  const { message, code } = error as Error & { code?: string }
  if (isHttpError(error)) {
    const { status, data, content } = error.response
    return destinationNodes(status, message, data ?? content ?? {}, payloads, statsContext)
  }
  const status = statusOf(error) ?? 500
  countDiscarded('action', statsContext, payloads.length)
  return payloads.map(() => refusedNode(message, status, code ?? getErrorCodeFromHttpStatus(status)))
}

const destinationNodes = (
  status: number,
  errormessage: string,
  body: unknown,
  payloads: readonly unknown[],
  statsContext: StatsContext | undefined,
): BatchNode[] => {
  countDiscarded('destination', statsContext, payloads.length)
  return payloads.map((sent) => ({
    status,
    errortype: getErrorCodeFromHttpStatus(status),
    errormessage,
    sent,
    body,
    errorreporter: MultiStatusErrorReporter.DESTINATION,
  }))
}

const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' ? 'an object that is no response' : `a ${typeof value}`
}
