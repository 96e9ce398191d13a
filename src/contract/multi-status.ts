import type { MultiStatusResponse as ReferenceMultiStatusResponse } from '@segment/actions-core'
import { getErrorCodeFromHttpStatus } from './error-codes'

/** What an action says of one item of a batch that the destination accepted. */
export type SuccessItem = { status: number; sent: unknown; body: unknown }

/** What an action says of one item of a batch that failed. Without `errortype` the status decides it. */
export type ErrorItem = {
  status: number
  errormessage: string
  errortype?: string
  sent?: unknown
  body?: unknown
  /** Of the answer, in lower case: waybill heeds `retry-after`. */
  headers?: Readonly<Record<string, string>>
}

/** One accepted item of a batch. */
export class ActionDestinationSuccessResponse {
  private readonly data: SuccessItem
  constructor(data: SuccessItem) {
    this.data = data
  }
  value(): SuccessItem {
    return this.data
  }
}

/** One failed item of a batch. */
export class ActionDestinationErrorResponse {
  private readonly data: ErrorItem
  constructor(data: ErrorItem) {
    this.data = data
    if (!this.data.errortype) this.data.errortype = getErrorCodeFromHttpStatus(this.data.status)
  }
  value(): ErrorItem {
    return this.data
  }
}

type ItemResponse = ActionDestinationSuccessResponse | ActionDestinationErrorResponse

const success = (
  response: ActionDestinationSuccessResponse | SuccessItem,
): ActionDestinationSuccessResponse =>
  response instanceof ActionDestinationSuccessResponse
    ? response
    : new ActionDestinationSuccessResponse(response)

const failure = (response: ActionDestinationErrorResponse | ErrorItem): ActionDestinationErrorResponse =>
  response instanceof ActionDestinationErrorResponse ? response : new ActionDestinationErrorResponse(response)

/** What `performBatch` returns to say what became of each payload, by position. */
export class MultiStatusResponse {
  private readonly responses: ItemResponse[] = []

  length(): number {
    return this.responses.length
  }
  pushResponseObject(response: ItemResponse): void {
    this.responses.push(response)
  }
  pushSuccessResponse(response: ActionDestinationSuccessResponse | SuccessItem): void {
    this.responses.push(success(response))
  }
  pushErrorResponse(response: ActionDestinationErrorResponse | ErrorItem): void {
    this.responses.push(failure(response))
  }
  pushResponseObjectAtIndex(index: number, response: ItemResponse): void {
    this.responses[index] = response
  }
  setSuccessResponseAtIndex(index: number, response: ActionDestinationSuccessResponse | SuccessItem): void {
    this.responses[index] = success(response)
  }
  setErrorResponseAtIndex(index: number, response: ActionDestinationErrorResponse | ErrorItem): void {
    this.responses[index] = failure(response)
  }
  unsetResponseAtIndex(index: number): void {
    delete this.responses[index]
  }
  isSuccessResponseAtIndex(index: number): boolean {
    return this.responses[index] instanceof ActionDestinationSuccessResponse
  }
  isErrorResponseAtIndex(index: number): boolean {
    return this.responses[index] instanceof ActionDestinationErrorResponse
  }
  getResponseAtIndex(index: number): ItemResponse {
    return this.responses[index] as ItemResponse
  }
  getAllResponses(): ItemResponse[] {
    return this.responses
  }
  /** Accepted items; positions without an entry do not count. */
  get successCount(): number {
    return this.responses.filter((response) => response instanceof ActionDestinationSuccessResponse).length
  }
  /** Failed items; positions without an entry do not count. */
  get errorCount(): number {
    return this.responses.filter((response) => response instanceof ActionDestinationErrorResponse).length
  }
}

/** Marks the input of `perform`, or its `notes`, as waybill's. */
export const inputMark: unique symbol = Symbol.for('waybill.input') as never

/** Marks what waybill hands to `perform`, so that `createMultiStatus` knows on which runtime the action runs. */
export function markInput<Input extends object>(input: Input): Input {
  // Not enumerable: test suites compare the whole input.
  return Object.defineProperty(input, inputMark, { value: true })
}

type Marked = { readonly [inputMark]?: true }

/** The class of either runtime; `sent` and `body` may be any value. */
export type MultiStatus = ReferenceMultiStatusResponse &
  Pick<
    MultiStatusResponse,
    'setSuccessResponseAtIndex' | 'setErrorResponseAtIndex' | 'pushSuccessResponse' | 'pushErrorResponse'
  >

/** What `performBatch` gets, the payloads as a list, or `performPoll`. */
export type BatchInput = {
  readonly payload: readonly unknown[] | { readonly jobId: string; readonly uploadCount: number }
  readonly settings: unknown
}

/**
 * A `MultiStatusResponse` of the class that the runtime which calls `performBatch` looks for. The reference tests
 * with `instanceof`, so there it has to be its own class; it is loaded then and only then.
 */
export function createMultiStatus(input: BatchInput): MultiStatus {
  const { [inputMark]: isOurs, notes } = input as BatchInput & Marked & { readonly notes?: Marked }
  if (isOurs ?? notes?.[inputMark]) return new MultiStatusResponse() as unknown as MultiStatus
  const reference = require('@segment/actions-core') as typeof import('@segment/actions-core')
  return new reference.MultiStatusResponse() as unknown as MultiStatus
}
