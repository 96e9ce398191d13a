import {
  type Emulator,
  type EmulatorAnswer,
  type EmulatorRequest,
  type LoggedRequest,
  startEmulator,
} from 'waybill/testing'
import { type Account, createAccount } from './account'
import { createAnswers } from './answers'
import { attributesOf } from './customers'
import { findRoute, type Needs } from './routes'
import type { Confidence, FieldType, SchemaObject } from './schema'

export type { Account, ComplianceRequest, SideNote } from './account'
export type { Customer } from './customers'
export type { StoredEvent } from './events'
export type { OrderRecord } from './orders'
export type { Confidence, Field, FieldType, ObjectSchema, Relation, SchemaObject } from './schema'

export type ZaiusEmulatorOptions = {
  /** The Tracking Identifier. Default `waybill-test`. */
  readonly publicKey?: string
  /** Default `<public key>.secret`. */
  readonly privateKey?: string
  /** Whether `POST /v3/profiles` refuses the public key: the vendor's pages do not agree. Default false. */
  readonly profilesNeedPrivateKey?: boolean
  /** Stores the good events of a batch with bad ones. Default false: all or nothing. */
  readonly storesPartly?: boolean
  /** Bytes; larger requests get 413. Default 10 MiB. */
  readonly maxBodyBytes?: number
  /** Most requests per second to `POST /v3/profiles`; more get 429. Default: no limit. */
  readonly profilesPerSecond?: number
  /** Milliseconds from the answer 202 until the write can be seen. Default 0. */
  readonly visibleAfterMs?: number
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly clock?: () => number
  readonly port?: number
}

/** A running ODP on loopback, and a look inside. */
export type ZaiusEmulator = Emulator & {
  readonly publicKey: string
  readonly privateKey: string
  /** The state, after everything whose time has come has been written. */
  readonly account: Account
  /** Begins with an empty account. */
  reset(): void
}

/**
 * Starts Zaius (Optimizely Data Platform) on loopback: the v3 API with its keys, refusals, schema, identity
 * resolution, orders, lists, consent, reachability and compliance. Views under `/__emulator/`: `GET customers`, `GET events`, `GET orders`,
 * `GET side-log`, `GET requests`; `POST fields` (`{object, name, type?}`) and `POST identifiers`
 * (`{name, confidence}`) extend the account.
 */
export async function startZaiusEmulator(options: ZaiusEmulatorOptions = {}): Promise<ZaiusEmulator> {
  const clock = options.clock ?? Date.now
  const publicKey = options.publicKey ?? 'waybill-test'
  const privateKey = options.privateKey ?? `${publicKey}.secret`
  let account = createAccount(options.visibleAfterMs ?? 0)
  const current = (): Account => {
    account.catchUp(clock())
    return account
  }
  const answerRequest = createHandler({ ...options, publicKey, privateKey }, () => account)
  const view = (show: (account: Account) => unknown) => () => ({ status: 200, body: show(current()) })
  const parsed = (request: EmulatorRequest) => JSON.parse(request.body.toString()) as Record<string, string>
  const emulator = await startEmulator({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: answerRequest,
    control: {
      'GET customers': view(({ customers }) => customers.all().map(attributesOf)),
      'GET events': view((state) => state.events()),
      'GET orders': view(({ orders }) => orders.all()),
      'GET side-log': view(({ sideLog }) => sideLog),
      'GET requests': () => ({
        status: 200,
        body: masked().map((entry) => ({ ...entry, query: undefined, body: entry.body.toString() })),
      }),
      'POST fields': (request) => {
        const { object, name, type } = parsed(request)
        account.schema.addField(object as SchemaObject, String(name), type as FieldType | undefined)
        return { status: 204 }
      },
      'POST identifiers': (request) => {
        const { name, confidence } = parsed(request)
        account.schema.addIdentifier(String(name), confidence as Confidence)
        return { status: 204 }
      },
    },
  })
  const masked = (): LoggedRequest[] => emulator.requests.map(withoutKey)
  return Object.create(emulator, {
    publicKey: { value: publicKey, enumerable: true },
    privateKey: { value: privateKey },
    account: { get: current },
    reset: {
      value: () => {
        account = createAccount(options.visibleAfterMs ?? 0)
      },
    },
    requests: { get: masked, enumerable: true },
  }) as ZaiusEmulator
}

/** The log shows that a key came and how it begins, no more. */
function withoutKey(request: LoggedRequest): LoggedRequest {
  const key = request.headers['x-api-key']
  if (key === undefined) return request
  return { ...request, headers: { ...request.headers, 'x-api-key': `${key.slice(0, 3)}***` } }
}

type HandlerOptions = ZaiusEmulatorOptions & { publicKey: string; privateKey: string }

/** The vendor's order: the gateway looks at path, key and size, ODP at privileges and body. */
function createHandler(options: HandlerOptions, accountNow: () => Account) {
  const profileTimes: number[] = []

  function isOverRate(now: number): boolean {
    const { profilesPerSecond } = options
    if (profilesPerSecond === undefined) return false
    while (profileTimes[0] !== undefined && profileTimes[0] <= now - 1000) profileTimes.shift()
    if (profileTimes.length >= profilesPerSecond) return true
    profileTimes.push(now)
    return false
  }

  const mayCall = (key: string, needs: Needs): boolean =>
    key === options.privateKey ||
    needs === 'any' ||
    (needs === 'profiles' && options.profilesNeedPrivateKey !== true)

  return (request: EmulatorRequest): EmulatorAnswer => {
    const now = request.receivedAt
    const account = accountNow()
    account.catchUp(now)
    const answers = createAnswers(now)
    const key = request.headers['x-api-key'] ?? ''
    if (key !== options.publicKey && key !== options.privateKey) return answers.gateway(403, 'Forbidden')
    const found = findRoute(request.method, request.path)
    if (found === undefined) return answers.notFound(`${request.method} ${request.path} was not found`)
    const { route, parameters } = found
    if (request.body.length > (options.maxBodyBytes ?? 10 * 1024 * 1024))
      return answers.gateway(413, 'Request Too Long')
    if (!mayCall(key, route.needs)) return answers.insufficient()
    if (route.needs === 'profiles' && isOverRate(now)) return answers.gateway(429, 'Too Many Requests')
    const body = parseBody(request)
    if (body === unparseable) return answers.badRequest('Unable to parse request body.')
    const storesPartly = options.storesPartly === true
    return route.run({ account, answers, body, query: request.query, now, storesPartly }, ...parameters)
  }
}

const unparseable = Symbol('unparseable')

function parseBody({ method, body }: EmulatorRequest): unknown {
  if (method === 'GET') return undefined
  try {
    return JSON.parse(body.toString())
  } catch {
    return unparseable
  }
}
