import { createMultiStatus, type DeliveryNotes } from 'waybill'
import { type Answer, answerOf, messageOf } from './odp-answer'
import { type ApiPath, address, maxBatch } from './odp-api'
import type { Dropped } from './rules/plain-values'
import { type Post, sendList } from './send-list'
import type { ZaiusSettings } from './settings'

type Request = (url: string, options: { method: 'post'; json: unknown }) => Promise<Answer>

/** What the body of one object is made with. */
export type BodyContext = {
  readonly settings: ZaiusSettings
  /** By what ODP may recognize a repetition. */
  readonly key: string | undefined
  readonly dropped: Dropped
}

type Identified = { message_id?: string }
type Input<Payload> = {
  readonly payload: Payload
  readonly settings: ZaiusSettings
  readonly notes?: DeliveryNotes
}
type Single<Payload> = Input<Payload> & { readonly idempotencyKey?: string }
type Batch<Payload> = Input<readonly Payload[]> & { readonly idempotencyKeys?: readonly string[] }
type BodyOf<Payload> = (payload: Payload, context: BodyContext) => object
type Entry = { readonly index: number; readonly body: object }
type Result = ReturnType<typeof createMultiStatus>

/** Sends one object, as a list of one. */
export function deliver<Payload extends Identified>(
  request: unknown,
  path: ApiPath,
  { payload, settings, idempotencyKey, notes }: Single<Payload>,
  bodyOf: BodyOf<Payload>,
) {
  const body = bodyOf(payload, {
    settings,
    key: idempotencyKey ?? payload.message_id,
    dropped: (field, reason) => notes?.dropped(field, reason),
  })
  return (request as Request)(address(settings, path), { method: 'post', json: [body] })
}

/** Sends up to 100 objects a request, and says what became of each. */
export async function deliverBatch<Payload extends Identified>(
  request: unknown,
  path: ApiPath,
  input: Batch<Payload>,
  bodyOf: BodyOf<Payload>,
): Promise<Result> {
  const result = createMultiStatus(input)
  const entries = bodies(input, bodyOf, result)
  const post = createPost(request as Request, address(input.settings, path), result.length() > 0)
  for (let start = 0; start < entries.length; start += maxBatch) {
    const list = entries.slice(start, start + maxBatch)
    const answers = await sendList(
      list.map(({ body }) => body),
      post,
    )
    for (const [position, entry] of list.entries()) settle(result, entry, answers[position])
  }
  return result
}

/**
 * What concerns the whole batch is thrown, as long as no object has a result of its own: the runtime judges it better,
 * since it sees Retry-After and whether anything was sent.
 */
function createPost(request: Request, url: string, isPartlySettled: boolean): Post {
  let mayThrow = !isPartlySettled
  return async (objects) => {
    try {
      const { status, data } = await request(url, { method: 'post', json: objects })
      mayThrow = false
      return { status, data }
    } catch (error) {
      const answer = answerOf(error)
      if (mayThrow && answer.status !== 400 && answer.status !== 413) throw error
      mayThrow = false
      return answer
    }
  }
}

function settle(result: Result, { index, body }: Entry, answer: Answer | undefined): void {
  if (answer === undefined) return
  const { status, data = '', headers } = answer
  const item = { status, sent: body as never, body: data as never, ...(headers && { headers }) }
  if (status < 300) result.setSuccessResponseAtIndex(index, item)
  else result.setErrorResponseAtIndex(index, { ...item, errormessage: messageOf(answer) })
}

/** The bodies of the payloads that can have one; the others fail here. */
function bodies<Payload extends Identified>(
  { payload, settings, idempotencyKeys, notes }: Batch<Payload>,
  bodyOf: BodyOf<Payload>,
  result: Result,
): Entry[] {
  return payload.flatMap((item, index) => {
    try {
      const body = bodyOf(item, {
        settings,
        key: idempotencyKeys?.[index] ?? item.message_id,
        dropped: (field, reason) => notes?.dropped(field, reason, index),
      })
      return [{ index, body }]
    } catch (error) {
      const { message, status = 400, code } = error as Error & { status?: number; code?: string }
      if (code === undefined) throw error
      result.setErrorResponseAtIndex(index, { status, errormessage: message, errortype: code as never })
      return []
    }
  })
}
