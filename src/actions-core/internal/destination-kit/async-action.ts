import type { JSONObject } from '@segment/actions-core'
import { ErrorCodes } from '../../../contract/error-codes'
import { MultiStatusResponse } from '../../../contract/multi-status'
import { BaseAction, type CommonDefinition } from './base-action'
import { refusedNode } from './batch-nodes'
import { eachItem } from './batch-result'
import type { ExecuteBundle, ExecuteContext } from './bundle'
import { performBatchData } from './perform-data'
import { isHttpError, isMultiStatus, statusOf } from './shapes'

/** What `performBatch` of an asynchronous action returns: the job, and what is known of each item so far. */
export type AsyncBatchResponse = {
  /** Names the job for `performPoll`; absent when there is none. */
  jobId?: string | undefined
  /** HTTP status of the destination's answer. Default 200. */
  status: number
  multiStatusResponse: MultiStatusResponse
}

/** What `performPoll` is asked about. */
export type PollPayload = { jobId: string /** Records in the batch. */; uploadCount: number }

/** What `performPoll` returns. */
export type PollResponse = {
  jobId: string
  /** HTTP status of the destination's answer. */
  status: number
  jobStatus: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'RETRYABLE_ERROR'
  multiStatusResponse?: MultiStatusResponse
}

// biome-ignore lint/suspicious/noExplicitAny: what functions of definitions get is up to them
type PerformAsync<Result> = (request: any, data: any) => Result | Promise<Result>

/** An action whose destination answers later: batches are submitted, and polled. */
export type AsyncActionDefinition = CommonDefinition & {
  performBatch: PerformAsync<AsyncBatchResponse>
  performPoll: PerformAsync<PollResponse>
}

/** What an asynchronous action may throw for a whole batch; any other error is a fault in it. */
const batchErrors = new Set([
  'IntegrationError',
  'RetryableError',
  'InvalidAuthenticationError',
  'PayloadValidationError',
  'InvalidAudienceMembershipError',
  'APIError',
  'SelfTimeoutError',
])

const isBatchError = (error: unknown): boolean =>
  isHttpError(error) || (error instanceof Error && batchErrors.has(error.name))

const missingItem = () => ({
  status: 500,
  errormessage: 'MultiStatusResponse is missing a response at the specified index',
  errortype: ErrorCodes.PAYLOAD_VALIDATION_FAILED,
})

/** An action of a destination that answers later. */
export class AsyncAction extends BaseAction {
  declare readonly definition: AsyncActionDefinition

  /** Submits a batch. Errors that the action throws become errors of the items. */
  async executeBatch(bundle: ExecuteBundle<unknown, JSONObject[]>): Promise<AsyncBatchResponse> {
    const multiStatusResponse = new MultiStatusResponse()
    const indices: number[] = []
    const payloads: JSONObject[] = []
    const prepared = this.payloads.many(bundle.mapping, bundle.data, bundle.statsContext)
    prepared.forEach((entry, index) => {
      if ('payload' in entry) {
        indices.push(index)
        payloads.push(entry.payload)
        return
      }
      const { errorreporter: _, ...error } = refusedNode(entry.error.message)
      multiStatusResponse.setErrorResponseAtIndex(index, { errormessage: entry.error.message, ...error })
    })
    if (payloads.length === 0) return { jobId: undefined, status: 200, multiStatusResponse }
    return this.submit(bundle, payloads, indices, multiStatusResponse)
  }

  private async submit(
    bundle: ExecuteBundle<unknown, JSONObject[]>,
    payloads: JSONObject[],
    indices: number[],
    multiStatusResponse: MultiStatusResponse,
  ): Promise<AsyncBatchResponse> {
    const events = indices.map((index) => bundle.data[index] as JSONObject)
    const data = performBatchData(this.definition, bundle, payloads, events)
    const request = this.createRequestClient(data)
    let result: AsyncBatchResponse
    try {
      result = await this.definition.performBatch(request, data)
    } catch (error) {
      if (!isBatchError(error)) throw error
      const status = statusOf(error) ?? 400
      const errormessage = (error as Error).message
      indices.forEach((index, position) => {
        multiStatusResponse.setErrorResponseAtIndex(index, { status, errormessage, sent: payloads[position] })
      })
      return { jobId: undefined, status: statusOf(error) ?? 500, multiStatusResponse }
    }
    this.readItems(result, indices, multiStatusResponse, bundle)
    return { jobId: result.jobId, status: result.status ?? 200, multiStatusResponse }
  }

  private readItems(
    result: AsyncBatchResponse,
    indices: number[],
    target: MultiStatusResponse,
    { statsContext }: ExecuteContext,
  ): void {
    const source = isMultiStatus(result?.multiStatusResponse)
      ? result.multiStatusResponse
      : new MultiStatusResponse()
    eachItem(source, indices.length, statsContext, (position, value, isError) => {
      const index = indices[position] as number
      if (value === undefined) target.setErrorResponseAtIndex(index, missingItem())
      else if (isError) target.setErrorResponseAtIndex(index, value as never)
      else target.setSuccessResponseAtIndex(index, value as never)
    })
  }

  /** Asks how a job stands. */
  async executePoll(bundle: ExecuteContext & { readonly data: PollPayload }): Promise<PollResponse> {
    const { data, ...context } = bundle
    const input = { rawData: data, payload: data, ...context }
    return this.definition.performPoll(this.createRequestClient(input), input)
  }
}
