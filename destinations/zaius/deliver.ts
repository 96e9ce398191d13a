import { createMultiStatus, type DeliveryNotes } from 'waybill'
import type { BodyContext } from './event-object'
import { type Answer, invalidItems, messageOf, noAnswer } from './odp-answer'
import { type ApiPath, address, type ConnectionSettings, maxBatch } from './odp-api'

type Request = (
  url: string,
  options: { method: 'post'; json: unknown; throwHttpErrors?: boolean },
) => Promise<Answer>

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

/**
 * Sends up to 100 objects a request. ODP refuses a whole list for one bad object and says which one it is: that one
 * fails, and the others are sent once more. A list that is too long for ODP is sent in halves.
 */
export async function deliverBatch<Settings extends ConnectionSettings, Payload extends Identified>(
  request: unknown,
  path: ApiPath,
  input: Batch<Settings, Payload>,
  bodyOf: BodyOf<Settings, Payload>,
): Promise<Result> {
  const result = createMultiStatus(input)
  const entries = bodies(input, bodyOf, result)
  const url = address(input.settings, path)
  let hasSettled = false

  const settle = ({ index, body }: Entry, answer: Answer): void => {
    hasSettled = true
    const item = { sent: body as never, body: (answer.data ?? answer.content ?? '') as never }
    if (answer.status < 300) result.setSuccessResponseAtIndex(index, { status: answer.status, ...item })
    else
      result.setErrorResponseAtIndex(index, {
        status: answer.status,
        errormessage: messageOf(answer),
        ...item,
      })
  }
  const call = async (list: readonly Entry[]): Promise<Answer> => {
    try {
      return await (request as Request)(url, {
        method: 'post',
        json: list.map(({ body }) => body),
        throwHttpErrors: false,
      })
    } catch (error) {
      // Before the first result the runtime judges the error itself, and better.
      if (!hasSettled) throw error
      return noAnswer(error)
    }
  }
  const send = async (list: readonly Entry[], isRepetition: boolean): Promise<void> => {
    if (list.length === 0) return
    const answer = await call(list)
    if (answer.status === 413 && list.length > 1) {
      const middle = Math.ceil(list.length / 2)
      await send(list.slice(0, middle), isRepetition)
      await send(list.slice(middle), isRepetition)
      return
    }
    const invalids = answer.status === 400 ? invalidItems(answer, list.length) : new Map<number, string>()
    const bad = list.filter((_, position) => invalids.has(position))
    const good = list.filter((_, position) => !invalids.has(position))
    for (const [position, entry] of list.entries())
      if (invalids.has(position)) settle(entry, { ...answer, reason: invalids.get(position) })
    if (bad.length === 0) for (const entry of good) settle(entry, answer)
    else if (!isRepetition) await send(good, true)
    else for (const entry of good) settle(entry, { ...answer, status: 503, reason: refusedWithOthers })
  }

  for (let start = 0; start < entries.length; start += maxBatch)
    await send(entries.slice(start, start + maxBatch), false)
  return result
}

const refusedWithOthers = 'ODP refused the list twice because of other objects in it'

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
