import { type Emulator, type EmulatorAnswer, type EmulatorRequest, startEmulator } from 'waybill/testing'
import { type Body, checkBody, type Refusal } from './acceptance'
import type { Campaign } from './campaigns'
import { createEnvironment, type Environment } from './environment'
import type { User } from './users'

export type { Campaign, Delivery, Filter, Goal } from './campaigns'
export type { EventRow } from './events-view'

/** An environment of an account, with its keys. */
export type EnvironmentKeys = {
  readonly name: string
  readonly privateKey: string
  readonly publicKey?: string
}

export type ZendeskConnectEmulatorOptions = {
  /** Default: one, `development`, with the key of 32 zeros. */
  readonly environments?: readonly EnvironmentKeys[]
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly clock?: () => number
  readonly port?: number
}

/** A running Zendesk Connect on loopback, and a look inside. */
export type ZendeskConnectEmulator = Emulator & {
  environment(name?: string): Environment
  /** Begins with empty environments. */
  reset(): void
}

export const developmentKey = '0'.repeat(32)
const maxBatch = 100

/**
 * Starts Zendesk Connect on loopback: it accepts and refuses as the vendor's documentation and clients tell, keeps
 * users, aliases, tokens and events, and runs campaigns. Views under `/__emulator/`: `GET users`, `GET events`
 * (`?search=`), `GET feed`, `GET deliveries`, `POST campaigns`; all take `?environment=`.
 */
export async function startZendeskConnectEmulator(
  options: ZendeskConnectEmulatorOptions = {},
): Promise<ZendeskConnectEmulator> {
  const clock = options.clock ?? Date.now
  const keys = options.environments ?? [{ name: 'development', privateKey: developmentKey }]
  const byKey = new Map<string, Environment>()
  const byName = new Map<string, Environment>()
  const reset = (): void => {
    for (const { name, privateKey } of keys) {
      const environment = createEnvironment(name)
      byKey.set(privateKey, environment)
      byName.set(name, environment)
    }
  }
  reset()
  const environmentOf = (name: string = keys[0]?.name ?? ''): Environment => {
    const environment = byName.get(name)
    if (environment === undefined)
      throw new RangeError(`no environment "${name}"; there are ${[...byName.keys()].join(', ')}`)
    return environment
  }
  const view =
    (show: (environment: Environment, request: EmulatorRequest) => unknown) => (request: EmulatorRequest) => {
      const environment = environmentOf(request.query.get('environment') ?? undefined)
      environment.runDue(clock())
      return { status: 200, body: show(environment, request) }
    }
  const emulator = await startEmulator({
    clock,
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (request) => handle(request, byKey),
    control: {
      'GET users': view(({ users }) => [...users.all.values()].map(userView)),
      'GET events': view(({ events }, { query }) => {
        const search = query.get('search')
        return events.rows(clock(), search === null ? {} : { search })
      }),
      'GET feed': view(({ feed }) => feed),
      'GET deliveries': view(({ deliveries, skips }) => ({ deliveries, skips })),
      'POST campaigns': view((environment, { body }) => {
        environment.addCampaign(JSON.parse(body.toString()) as Campaign)
        return { ok: true }
      }),
    },
  })
  return Object.assign(Object.create(emulator), {
    environment: environmentOf,
    reset,
  }) as ZendeskConnectEmulator
}

const userView = (user: User) => ({ ...user, unsubscribedCampaigns: [...user.unsubscribedCampaigns] })

/** The vendor's order of checks: path, method, key, JSON, content type, shape, fields. The first failure answers. */
function handle(request: EmulatorRequest, byKey: ReadonlyMap<string, Environment>): EmulatorAnswer {
  const route = routeOf(request.path)
  if (route === undefined) return refuse({ status: 404, message: 'not found' })
  if (request.method !== route.method) return refuse({ status: 405, message: `use ${route.method}` })
  const environment = byKey.get(request.headers['x-outbound-key'] ?? '')
  if (environment === undefined) return refuse({ status: 401, message: 'Unauthorized' })
  if (route.method === 'GET') return { status: 200, body: { enabled: true, account: {}, sdk: {} } }
  const parsed = parse(request)
  if ('refusal' in parsed) return refuse(parsed.refusal)
  const now = request.receivedAt
  const guid = request.headers['x-outbound-guid']
  if (environment.isRepetition(guid, now)) return { status: 200 }
  const refusal = route.run(environment, parsed.value, now)
  if (refusal !== undefined) return refuse(refusal)
  environment.remember(guid, now)
  environment.runDue(now)
  return { status: 200 }
}

const refuse = ({ status, message }: Refusal): EmulatorAnswer => ({
  status,
  body: { error: { Code: status, Message: message } },
})

function parse(request: EmulatorRequest): { value: unknown } | { refusal: Refusal } {
  let value: unknown
  try {
    value = JSON.parse(request.body.toString())
  } catch {
    return { refusal: { status: 500, message: 'the body is not JSON' } }
  }
  const type = request.headers['content-type']?.split(';')[0]?.trim()
  if (type !== 'application/json')
    return { refusal: { status: 400, message: 'the content type has to be application/json' } }
  return { value }
}

type Route = {
  readonly method: 'POST' | 'GET'
  readonly run: (environment: Environment, body: unknown, now: number) => Refusal | undefined
}

function routeOf(path: string): Route | undefined {
  if (/^\/i\/config\/sdk\/(ios|android)\/[^/]+$/.test(path)) return { method: 'GET', run: () => undefined }
  if (/^\/i\/(ios|android)\/(received|opened|uninstall_tracker|permissions\/(requested|granted))$/.test(path))
    return { method: 'POST', run: () => undefined }
  const single = /^\/v2\/(identify|track)$/.exec(path)?.[1] as 'identify' | 'track' | undefined
  if (single)
    return { method: 'POST', run: (environment, body, now) => runOne(environment, single, body, now) }
  const batch = /^\/v2\/(identify|track)\/batch$/.exec(path)?.[1] as 'identify' | 'track' | undefined
  if (batch)
    return { method: 'POST', run: (environment, body, now) => runBatch(environment, batch, body, now) }
  const token = /^\/v2\/(apns|gcm|fcm)\/(register|disable)$/.exec(path)
  if (token) return { method: 'POST', run: tokenRun(token[1] as string, token[2] === 'register') }
  const subscription = /^\/v2\/(subscribe|unsubscribe)\/(all|campaigns)$/.exec(path)
  if (subscription)
    return {
      method: 'POST',
      run: subscriptionRun(subscription[1] === 'subscribe', subscription[2] === 'campaigns'),
    }
  return undefined
}

const bad = (message: string): Refusal => ({ status: 400, message })

function runOne(
  environment: Environment,
  kind: 'identify' | 'track',
  body: unknown,
  now: number,
): Refusal | undefined {
  const problem = checkBody(kind, body)
  if (problem !== undefined) return bad(problem)
  environment[kind](body as Body, now)
  return undefined
}

/** One bad object refuses the whole list, and nothing of it is processed. */
function runBatch(
  environment: Environment,
  kind: 'identify' | 'track',
  body: unknown,
  now: number,
): Refusal | undefined {
  if (!Array.isArray(body) || body.length < 1 || body.length > maxBatch)
    return bad(`a list of 1 to ${maxBatch} objects`)
  for (const [index, entry] of body.entries()) {
    const problem = checkBody(kind, entry)
    if (problem !== undefined) return bad(`[${index}] ${problem}`)
  }
  for (const entry of body) environment[kind](entry as Body, now)
  return undefined
}

const tokenRun =
  (name: string, isRegister: boolean): Route['run'] =>
  (environment, body, now) => {
    const problem = checkBody('token', body)
    if (problem !== undefined) return bad(problem)
    const { token, all } = body as Body
    const hasToken = typeof token === 'string' && token.trim() !== ''
    if (!hasToken && (isRegister || all !== true))
      return bad(isRegister ? 'token is required' : 'token, or all: true, is required')
    const platform = name === 'apns' ? 'apns' : 'fcm'
    if (isRegister) environment.registerToken(body as Body, platform, now)
    else environment.disableTokens(body as Body, platform, now)
    return undefined
  }

const subscriptionRun =
  (isSubscribed: boolean, isByCampaign: boolean): Route['run'] =>
  (environment, body, now) => {
    const problem = checkBody('subscription', body)
    if (problem !== undefined) return bad(problem)
    const ids = (body as Body).campaign_ids
    const isList = Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === 'string')
    if (isByCampaign && !isList) return bad('campaign_ids has to be a list of texts that is not empty')
    const { campaign_ids: _ids, ...rest } = body as Body
    environment.setSubscription(isByCampaign ? (body as Body) : rest, isSubscribed, now)
    return undefined
  }
