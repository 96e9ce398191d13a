import { v5 as nameBasedUuid } from 'uuid'
import type { DeliveryNotes } from 'waybill'

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
