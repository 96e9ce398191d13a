import { v5 as nameBasedUuid } from 'uuid'
import {
  type BatchItem,
  type DeliveryNotes,
  type ItemResponse,
  type RequestClient,
  responseOf,
  sendInBatches,
} from 'waybill'

/** The service's address, and the name under which it knows this client. */
export const defaultEndpoint = 'https://api.outbound.io'
export const clientName = 'waybill/0.1.0'

/** Most objects in the array of a batch call (the vendor's Node and Android clients). */
export const maxBatch = 100

/** Namespace of the GUIDs that are derived. */
const namespace = '2f6e2c0a-0f5e-5b6b-8a7d-61b0c8f3a9d4'
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The `X-Outbound-GUID` of a call: Connect drops a call whose GUID it has seen, so a retry has to carry the same.
 * It is the key itself when that is a UUID, else a UUID derived from it. Calls that are not the first of their
 * message add what tells them apart.
 */
export function callGuid(key: string | undefined, ...distinction: readonly string[]): string | undefined {
  if (key === undefined || key === '') return undefined
  if (distinction.length === 0 && uuidPattern.test(key)) return key
  return nameBasedUuid([key, ...distinction].join('\n'), namespace)
}

/** The options of a POST; without a key no GUID is sent, and the call is never taken for a repetition. */
export const post = (body: unknown, guid: string | undefined) => ({
  method: 'post' as const,
  json: body,
  ...(guid === undefined ? {} : { headers: { 'X-Outbound-GUID': guid } }),
})

/** The address of a path of the API. */
export const address = (settings: { endpoint?: string }, path: string): string =>
  `${(settings.endpoint ?? defaultEndpoint).replace(/\/+$/, '')}${path}`

type CallInput = {
  readonly settings: { endpoint?: string }
  readonly payload: { message_id?: string }
  readonly idempotencyKey?: string
}

/** One call for one message. `distinction`: see `callGuid`. */
export const connectCall = <Answer>(
  request: (url: string, options: ReturnType<typeof post>) => Answer,
  path: string,
  body: unknown,
  { settings, payload, idempotencyKey }: CallInput,
  ...distinction: readonly string[]
): Answer =>
  request(address(settings, path), post(body, callGuid(idempotencyKey ?? payload.message_id, ...distinction)))

/** How to say that a value was left out, where the runtime listens. */
export const dropper =
  (notes: DeliveryNotes | undefined, item?: number) =>
  (field: string, reason: string): void =>
    notes?.dropped(field, reason, item)

type BatchInput<Payload> = {
  readonly payload: readonly Payload[]
  readonly settings: { endpoint?: string }
  readonly idempotencyKeys?: readonly string[]
  readonly notes?: DeliveryNotes
}

/**
 * Sends payloads in calls of up to 100, in their order. Connect refuses a whole batch for one bad object and
 * processes nothing of it, so a refused batch is sent again one by one.
 */
export const sendBatch = <Payload extends { message_id?: string }>(
  request: RequestClient,
  path: '/v2/identify' | '/v2/track',
  input: BatchInput<Payload>,
  bodyOf: (payload: Payload, dropped: (field: string, reason: string) => void) => object,
) => {
  const keyOf = ({ key, payload }: BatchItem<Payload, object>) => key ?? payload.message_id
  const single = (item: BatchItem<Payload, object>) =>
    request(address(input.settings, path), post(item.body, callGuid(keyOf(item))))
  return sendInBatches<Payload, object>(input, {
    vendor: 'Zendesk Connect',
    maxItems: maxBatch,
    bodyOf: (payload, { dropped }) => bodyOf(payload, dropped),
    send: async (items) => {
      const batch = post(
        items.map(({ body }) => body),
        batchGuid(items.map(keyOf)),
      )
      try {
        return await request(address(input.settings, `${path}/batch`), batch)
      } catch (error) {
        if (responseOf(error).status !== 400) throw error
      }
      const responses: ItemResponse[] = []
      for (const item of items) responses.push(await single(item).catch(responseOf))
      return responses
    },
  })
}

/** Stable for the same events in the same order; none when an event has no key. */
const batchGuid = (keys: readonly (string | undefined)[]): string | undefined =>
  keys.includes(undefined) ? undefined : callGuid(keys.join('\n'), 'batch')
