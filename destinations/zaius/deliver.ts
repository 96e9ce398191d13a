import { createMultiStatus, type DeliveryNotes } from 'waybill'
import type { BodyContext } from './event-object'
import { type Answer, answerOf, messageOf } from './odp-answer'
import { type ApiPath, address, type ConnectionSettings, maxBatch } from './odp-api'
import { type Post, sendList } from './send-list'

type Request = (url: string, options: { method: 'post'; json: unknown }) => Promise<Answer>

type Identified = { message_id?: string }
type Single<Settings, Payload> = {
  readonly payload: Payload
  readonly settings: Settings
  readonly idempotencyKey?: string
  readonly notes?: DeliveryNotes
}
type Batch<Settings, Payload> = {
  readonly payload: readonly Payload[]
  readonly settings: Settings
  readonly idempotencyKeys?: readonly string[]
  readonly notes?: DeliveryNotes
}
type BodyOf<Settings, Payload> = (payload: Payload, context: BodyContext<Settings>) => object
type Entry = { readonly index: number; readonly body: object }
type Result = ReturnType<typeof createMultiStatus>

/** Sends one object, as a list of one. */
export function deliver<Settings extends ConnectionSettings, Payload extends Identified>(
  request: unknown,
  path: ApiPath,
  { payload, settings, idempotencyKey, notes }: Single<Settings, Payload>,
  bodyOf: BodyOf<Settings, Payload>,
) {
  const body = bodyOf(payload, {
    settings,
    key: idempotencyKey ?? payload.message_id,
    dropped: (field, reason) => notes?.dropped(field, reason),
  })
  return (request as Request)(address(settings, path), { method: 'post', json: [body] })
}

/** Sends up to 100 objects a request, and says what became of each. */
export async function deliverBatch<Settings extends ConnectionSettings, Payload extends Identified>(
  request: unknown,
  path: ApiPath,
  input: Batch<Settings, Payload>,
  bodyOf: BodyOf<Settings, Payload>,
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
  const { status, data = '' } = answer
  const item = { status, sent: body as never, body: data as never }
  if (status < 300) result.setSuccessResponseAtIndex(index, item)
  else result.setErrorResponseAtIndex(index, { ...item, errormessage: messageOf(answer) })
}

/** The bodies of the payloads that can have one; the others fail here. */
function bodies<Settings, Payload extends Identified>(
  { payload, settings, idempotencyKeys, notes }: Batch<Settings, Payload>,
  bodyOf: BodyOf<Settings, Payload>,
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
