import {
  type BodyContext,
  type DeliveryNotes,
  type ItemResponse,
  type RequestClient,
  responseOf,
  sendInBatches,
} from 'waybill'
import { invalidItems } from './answers'
import type { ZaiusSettings } from './settings'

/** Most objects in a request: the vendor takes 500, its own clients send no more than 100. */
export const maxBatch = 100

export type Region = NonNullable<ZaiusSettings['region']>
export type ConnectionSettings = Pick<ZaiusSettings, 'apiKey' | 'privateKey' | 'region' | 'endpoint'>

const hosts: Readonly<Record<Region, string>> = {
  us: 'https://api.zaius.com',
  eu: 'https://api.eu1.odp.optimizely.com',
  apac: 'https://api.au1.odp.optimizely.com',
}

/** The part of a key that may be public: a private key is the public one, a dot and the secret. */
export function publicPart(apiKey: string): string {
  const key = apiKey.trim()
  const dot = key.lastIndexOf('.')
  return dot === -1 ? key : key.slice(0, dot)
}

/** The region of a key, by the end of its public part. */
export function regionOf(apiKey: string): Region {
  const key = publicPart(apiKey)
  if (key.endsWith('-eu1')) return 'eu'
  return key.endsWith('-au1') ? 'apac' : 'us'
}

/** The endpoints that take lists of objects. */
export type ApiPath =
  | '/events'
  | '/profiles'
  | '/objects/orders'
  | '/objects/products'
  | '/lists/subscriptions'
  | '/consent'
  | '/reachability'
  | '/compliance/gdpr/delete'

/** The address of a path of the API, version 3. */
export function address(settings: ConnectionSettings, path: string): string {
  const base = settings.endpoint || hosts[settings.region || regionOf(settings.apiKey)]
  return `${base.replace(/\/+$/, '').replace(/\/v3$/, '')}/v3${path}`
}

/** What tells ODP which account is meant. */
export const keyHeader = ({ apiKey }: Pick<ConnectionSettings, 'apiKey'>) => ({ 'x-api-key': apiKey.trim() })

/** The private key, where there is one: for what the public key may not do, or not in every account. */
export const privateKeyHeader = ({ apiKey, privateKey }: ConnectionSettings) =>
  keyHeader({ apiKey: privateKey?.trim() || apiKey })

/** The vendor's own PHP client posts customers with the private key; its pages say that the public one will do. */
const needsPrivateKey: ReadonlySet<ApiPath> = new Set([
  '/profiles',
  '/consent',
  '/reachability',
  '/compliance/gdpr/delete',
])

/** Posts objects as one list. */
export function post(
  request: RequestClient,
  settings: ConnectionSettings,
  path: ApiPath,
  objects: readonly object[],
) {
  const headers = needsPrivateKey.has(path) && settings.privateKey ? privateKeyHeader(settings) : undefined
  return request(address(settings, path), { method: 'post', json: objects, ...(headers && { headers }) })
}

type Identified = { readonly message_id?: string }
type Input<Payload> = {
  readonly payload: Payload
  readonly settings: ZaiusSettings
  readonly idempotencyKey?: string
  readonly notes?: DeliveryNotes
}
type BatchInput<Payload> = Omit<Input<readonly Payload[]>, 'idempotencyKey'> & {
  readonly idempotencyKeys?: readonly string[]
}

/** What the body of one object is made with. */
export type ObjectContext = BodyContext & { readonly settings: ZaiusSettings }
export type BodyOf<Payload> = (payload: Payload, context: ObjectContext) => object

/** Sends one object, as a list of one. */
export function deliver<Payload extends Identified>(
  request: RequestClient,
  path: ApiPath,
  { payload, settings, idempotencyKey, notes }: Input<Payload>,
  bodyOf: BodyOf<Payload>,
) {
  const body = bodyOf(payload, {
    settings,
    index: 0,
    key: idempotencyKey ?? payload.message_id,
    dropped: (field, reason) => notes?.dropped(field, reason),
  })
  return post(request, settings, path, [body])
}

/** Sends up to 100 objects a request, and says what became of each. `before` sends what has to be there first. */
export const deliverBatch = <Payload extends Identified>(
  request: RequestClient,
  path: ApiPath,
  input: BatchInput<Payload>,
  bodyOf: BodyOf<Payload>,
  before?: (payloads: readonly Payload[]) => Promise<unknown>,
) =>
  sendInBatches<Payload, object>(input, {
    vendor: 'ODP',
    maxItems: maxBatch,
    bodyOf: (payload, context) =>
      bodyOf(payload, { ...context, settings: input.settings, key: context.key ?? payload.message_id }),
    send: async (items) => {
      await before?.(items.map(({ payload }) => payload))
      return sendList(
        items.map(({ body }) => body),
        (objects) => post(request, input.settings, path, objects),
      )
    },
  })

const refused = ({ status, data }: ItemResponse, reason = 'invalid'): ItemResponse => ({
  status,
  data,
  reason,
})

type Post = (objects: readonly object[]) => Promise<ItemResponse>

/**
 * What became of each object of a list, in order. ODP refuses a whole list for one bad object and says which one it
 * is: that one is refused, and the others are sent once more. A list that is too long for ODP is sent in halves.
 */
async function sendList(objects: readonly object[], send: Post): Promise<readonly ItemResponse[]> {
  const response = await responseTo(objects, send, false)
  if (response.status === 413 && objects.length > 1) return sendInHalves(objects, send)
  const invalids =
    response.status === 400 ? invalidItems(response, objects.length) : new Map<number, string>()
  if (invalids.size === 0) return objects.map(() => response)
  const others = objects.filter((_, position) => !invalids.has(position))
  const rest = (await sendAgain(others, send))[Symbol.iterator]()
  return objects.map((_, position) =>
    invalids.has(position) ? refused(response, invalids.get(position)) : (rest.next().value as ItemResponse),
  )
}

/** The first request throws what concerns the whole batch; later ones have neighbors with results of their own. */
async function responseTo(objects: readonly object[], send: Post, isLater: boolean): Promise<ItemResponse> {
  try {
    return await send(objects)
  } catch (error) {
    const response = responseOf(error)
    if (!isLater && response.status !== 400 && response.status !== 413) throw error
    return response
  }
}

/** They are good as far as we know, so they may try again when ODP refuses the list a second time. */
async function sendAgain(objects: readonly object[], send: Post): Promise<readonly ItemResponse[]> {
  if (objects.length === 0) return []
  const response = await responseTo(objects, send, true)
  if (response.status === 413 && objects.length > 1) return sendInHalves(objects, send)
  const invalids =
    response.status === 400 ? invalidItems(response, objects.length) : new Map<number, string>()
  if (invalids.size === 0) return objects.map(() => response)
  return objects.map((_, position) =>
    invalids.has(position)
      ? refused(response, invalids.get(position))
      : {
          status: 503,
          data: response.data,
          reason: 'ODP refused the list twice because of other objects in it',
        },
  )
}

async function sendInHalves(objects: readonly object[], send: Post): Promise<readonly ItemResponse[]> {
  const middle = Math.ceil(objects.length / 2)
  const later: Post = async (half) => responseTo(half, send, true)
  const first = await sendList(objects.slice(0, middle), later)
  return [...first, ...(await sendList(objects.slice(middle), later))]
}
