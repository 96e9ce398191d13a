import type { StatsContext } from '@segment/actions-core'
import { ErrorCodes, MultiStatusErrorReporter } from '../../../contract/error-codes'
import {
  ActionDestinationErrorResponse,
  ActionDestinationSuccessResponse,
} from '../../../contract/multi-status'
import { type BatchNode, countDiscarded } from './batch-nodes'
import {
  type ItemLike,
  isErrorItem,
  isHttpError,
  isMultiStatus,
  isResponse,
  type MultiStatusLike,
} from './shapes'

const missingNode = (): BatchNode => ({
  status: 500,
  errormessage: 'MultiStatusResponse is missing a response at the specified index',
  errortype: ErrorCodes.PAYLOAD_VALIDATION_FAILED,
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

const multiStatusNodes = (
  result: MultiStatusLike,
  count: number,
  statsContext: StatsContext | undefined,
): BatchNode[] => {
  const nodes: BatchNode[] = []
  eachItem(result, count, statsContext, (index, value, isError) => {
    if (value === undefined) nodes[index] = missingNode()
    else nodes[index] = isError ? { ...value, errorreporter: reporterOf(value) } : value
  })
  return nodes
}

/** A node that has been sent, or answered, comes from the destination. */
const reporterOf = ({ sent, body }: BatchNode): string =>
  sent || body ? MultiStatusErrorReporter.DESTINATION : MultiStatusErrorReporter.INTEGRATIONS

/** What `performBatch` returned, item by item; what cannot be attributed to items counts as success. */
export function attribute(
  result: unknown,
  payloads: readonly unknown[],
  statsContext: StatsContext | undefined,
): BatchNode[] {
  if (isMultiStatus(result)) return multiStatusNodes(result, payloads.length, statsContext)
  const forAll = (status: number, body: unknown): BatchNode[] =>
    payloads.map((sent) => ({ status, body, sent }))
  if (isResponse(result)) return forAll(result.status, result.data ?? result.content ?? {})
  return isHttpError(result) ? forAll(result.response.status, result.message) : forAll(200, {})
}
