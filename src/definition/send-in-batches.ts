import type { MultiStatusResponse } from '@segment/actions-core'
import { createMultiStatus } from '../contract/multi-status'
import type { DeliveryNotes } from './execute-input'

/** The input of `performBatch`, as far as it is looked at. */
type BatchInput<Payload> = {
  readonly payload: readonly Payload[]
  readonly settings: unknown
  readonly idempotencyKeys?: readonly string[]
  readonly notes?: DeliveryNotes
}

/** What the body of one payload is made with. */
export type BodyContext = {
  /** Place of the payload in the batch; 0 where it is sent alone. */
  readonly index: number
  /** By what the vendor may recognize a repetition. */
  readonly key: string | undefined
  /** Notes a value that is left out. */
  readonly dropped: (field: string, reason: string) => void
}

/** A payload that has a body. */
export type BatchItem<Payload, Body> = {
  readonly index: number
  readonly payload: Payload
  readonly body: Body
  readonly key: string | undefined
}

/** What the vendor said about one item. A response of the request client is one, too. */
export type ItemResponse = {
  readonly status: number
  /** Parsed JSON. */
  readonly data?: unknown
  /** Text. */
  readonly content?: unknown
  readonly headers?: { get(name: string): string | null } | Readonly<Record<string, string>>
  /** Why it failed, for people. Default: `<vendor> answered <status>`. */
  readonly reason?: string
  /** One of the error codes of the framework. Default: by the status. */
  readonly code?: string
}

export type BatchPlan<Payload, Body> = {
  /** For messages: `ODP answered 400`. */
  readonly vendor: string
  /** What a payload becomes. What it throws concerns this payload alone. */
  readonly bodyOf: (payload: Payload, context: BodyContext) => Body
  /** Payloads that may travel together. Default: all. */
  readonly groupOf?: (payload: Payload) => string
  /** Most items in a request. */
  readonly maxItems: number
  /** Most bytes of the bodies of a request, as JSON; an item that is longer by itself travels alone. Default: no limit. */
  readonly maxBytes?: number
  /**
   * Sends one request, or several, and says what became of the items: one response for all, or one for each, in
   * order. An error with a response counts as that response.
   */
  readonly send: (
    items: readonly BatchItem<Payload, Body>[],
  ) => Promise<ItemResponse | readonly ItemResponse[]>
}

type Result = MultiStatusResponse
type Item<Payload, Body> = BatchItem<Payload, Body>

/** In the body of an item whose request had no response: true where it may have arrived. */
export const noResponseMark = 'noResponse'

/**
 * Sends the payloads of a batch in requests of the right size and says what became of each. A payload without a body
 * fails alone, and so does an item that the vendor refuses. After a refused key (401) or a full limit (429) nothing
 * more is sent, and what is left waits with it; `retry-after` of a response is handed on.
 *
 * An error that concerns the whole batch is thrown as it is, for the runtime sees more of it: a request without a
 * response, 401, 403, 429 and 5xx, as long as no item has a result of its own.
 */
export async function sendInBatches<Payload, Body>(
  input: BatchInput<Payload>,
  plan: BatchPlan<Payload, Body>,
): Promise<Result> {
  const result = createMultiStatus(input)
  const items = itemsOf(input, plan, result)
  const requests = requestsOf(items, plan)
  let stop: ItemResponse | undefined
  for (const request of requests) {
    const isWhole = request.length === input.payload.length
    const responses = stop ?? (await responsesOf(request, plan.send, isWhole))
    const ofItem = (position: number): ItemResponse =>
      isList(responses)
        ? (responses[position] ?? { status: 500, reason: `${plan.vendor} said nothing about it` })
        : responses
    request.forEach((item, position) => {
      settle(result, item, ofItem(position), plan.vendor)
    })
    stop ??= [...request.keys()].map(ofItem).find(({ status }) => status === 401 || status === 429)
  }
  return result
}

const isList = (responses: ItemResponse | readonly ItemResponse[]): responses is readonly ItemResponse[] =>
  Array.isArray(responses)

function itemsOf<Payload, Body>(
  { payload, idempotencyKeys, notes }: BatchInput<Payload>,
  { bodyOf }: BatchPlan<Payload, Body>,
  result: Result,
): Item<Payload, Body>[] {
  return payload.flatMap((item, index) => {
    const key = idempotencyKeys?.[index]
    const dropped = (field: string, reason: string): void => notes?.dropped(field, reason, index)
    try {
      return [{ index, payload: item, key, body: bodyOf(item, { index, key, dropped }) }]
    } catch (error) {
      const { message, status, code } = error as Error & { status?: number; code?: string }
      // Errors of the framework have both; anything else is a fault of the program.
      if (status === undefined || code === undefined) throw error
      result.setErrorResponseAtIndex(index, { status, errormessage: message, errortype: code as never })
      return []
    }
  })
}

function requestsOf<Payload, Body>(
  items: readonly Item<Payload, Body>[],
  { groupOf, maxItems, maxBytes = Infinity }: BatchPlan<Payload, Body>,
): Item<Payload, Body>[][] {
  const open = new Map<string, { items: Item<Payload, Body>[]; bytes: number }>()
  const requests: Item<Payload, Body>[][] = []
  for (const item of items) {
    const group = groupOf?.(item.payload) ?? ''
    const bytes = maxBytes === Infinity ? 0 : jsonBytes(item.body) + 1
    let request = open.get(group)
    if (request === undefined || request.items.length >= maxItems || request.bytes + bytes > maxBytes) {
      request = { items: [], bytes: 0 }
      open.set(group, request)
      requests.push(request.items)
    }
    request.items.push(item)
    request.bytes += bytes
  }
  return requests
}

const encoder = new TextEncoder()
const jsonBytes = (value: unknown): number => encoder.encode(JSON.stringify(value)).length

async function responsesOf<Payload, Body>(
  request: readonly Item<Payload, Body>[],
  send: BatchPlan<Payload, Body>['send'],
  isWhole: boolean,
): Promise<ItemResponse | readonly ItemResponse[]> {
  try {
    return await send(request)
  } catch (error) {
    const response = responseOf(error)
    const concernsAll =
      response.status >= 500 || response.status === 401 || response.status === 403 || response.status === 429
    if (isWhole && concernsAll) throw error
    return response
  }
}

type FailedRequest = {
  response?: ItemResponse
  isSent?: boolean
  status?: number
  code?: string
  message?: string
}

/** The response that a failed request came to; without one, 504 where it may have arrived, else 503. */
export function responseOf(error: unknown): ItemResponse {
  const { response, isSent, status, code, message } = (error ?? {}) as FailedRequest
  if (typeof response?.status === 'number') return response
  // What an action itself throws, such as `new RetryableError(...)`, says its status.
  if (typeof status === 'number' && code !== undefined)
    return { status, code, ...(message === undefined ? {} : { reason: message }) }
  return isSent === false
    ? { status: 503, data: { [noResponseMark]: false }, reason: 'the request could not be sent' }
    : { status: 504, data: { [noResponseMark]: true }, reason: 'no response came' }
}

function settle<Payload, Body>(
  result: Result,
  { index, body }: Item<Payload, Body>,
  response: ItemResponse,
  vendor: string,
): void {
  const { status, data, content, code } = response
  const item = { status, sent: body as never, body: (data ?? content ?? '') as never }
  if (status >= 200 && status < 300) {
    result.setSuccessResponseAtIndex(index, item)
    return
  }
  const wait = headerOf(response, 'retry-after')
  const reason = response.reason === undefined ? '' : `: ${response.reason}`
  const error = {
    ...item,
    errormessage: `${vendor} answered ${status}${reason}`,
    ...(code === undefined ? {} : { errortype: code as never }),
    ...(wait === undefined ? {} : { headers: { 'retry-after': wait } }),
  }
  result.setErrorResponseAtIndex(index, error)
}

/** A header of a response, whichever way it is held. */
export function headerOf({ headers }: Pick<ItemResponse, 'headers'>, name: string): string | undefined {
  if (headers === undefined) return undefined
  if (typeof headers.get === 'function') return (headers as Headers).get(name) ?? undefined
  return (headers as Readonly<Record<string, string>>)[name]
}
