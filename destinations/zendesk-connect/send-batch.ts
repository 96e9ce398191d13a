import { createMultiStatus, type DeliveryNotes } from 'waybill'
import { address, callGuid, dropper, maxBatch, post } from './connect-api'

type Request = (url: string, options: object) => Promise<{ status: number; data?: unknown; content?: string }>

type BatchInput<Payload> = {
  readonly payload: readonly Payload[]
  readonly settings: { endpoint?: string }
  readonly idempotencyKeys?: readonly string[]
  readonly notes?: DeliveryNotes
}

type Entry = { readonly index: number; readonly body: object; readonly key: string | undefined }

/**
 * Sends payloads in calls of up to 100, in their order. Connect refuses a whole batch for one bad object and
 * processes nothing of it, so a refused batch is sent again one by one.
 */
export async function sendBatch<Payload extends { message_id?: string }>(
  send: unknown,
  path: '/v2/identify' | '/v2/track',
  input: BatchInput<Payload>,
  bodyOf: (payload: Payload, dropped: (field: string, reason: string) => void) => object,
) {
  const request = send as Request
  const result = createMultiStatus(input)
  const entries: Entry[] = []
  input.payload.forEach((payload, index) => {
    try {
      const key = input.idempotencyKeys?.[index] ?? payload.message_id
      entries.push({ index, body: bodyOf(payload, dropper(input.notes, index)), key })
    } catch (error) {
      const { message, status = 400 } = error as Error & { status?: number }
      result.setErrorResponseAtIndex(index, {
        status,
        errormessage: message,
        errortype: 'PAYLOAD_VALIDATION_FAILED',
      })
    }
  })

  const settle = (entry: Entry, answer: Awaited<ReturnType<Request>>): void => {
    const body = answer.data ?? answer.content ?? ''
    const { status } = answer
    if (status >= 200 && status < 300)
      result.setSuccessResponseAtIndex(entry.index, {
        status,
        sent: entry.body as never,
        body: body as never,
      })
    else
      result.setErrorResponseAtIndex(entry.index, {
        status,
        errormessage: `Zendesk Connect answered ${status}`,
        sent: entry.body as never,
        body: body as never,
      })
  }
  const call = (url: string, body: object, guid: string | undefined) =>
    request(url, { ...post(body, guid), throwHttpErrors: false })

  for (let start = 0; start < entries.length; start += maxBatch) {
    const chunk = entries.slice(start, start + maxBatch)
    const answer = await call(
      address(input.settings, `${path}/batch`),
      chunk.map((entry) => entry.body),
      batchGuid(chunk),
    )
    if (answer.status !== 400) for (const entry of chunk) settle(entry, answer)
    else
      for (const entry of chunk)
        settle(entry, await call(address(input.settings, path), entry.body, callGuid(entry.key)))
  }
  return result
}

/** Stable for the same events in the same order; none when an event has no key. */
function batchGuid(chunk: readonly Entry[]): string | undefined {
  const keys = chunk.map((entry) => entry.key)
  return keys.every((key) => key !== undefined) ? callGuid(keys.join('\n'), 'batch') : undefined
}
