import {
  type Emulator,
  type EmulatorAnswer,
  type EmulatorRequest,
  type LoggedRequest,
  startEmulator,
} from 'waybill/testing'
import { type Account, type AccountOptions, createAccount } from './account'
import { refusal } from './reply'
import { findRoute } from './routes'
import { type ApiClient, type ApiUser, type Credentials, createCredentials, type Ration } from './tokens'

export type { Account, Contact, ContactList, ExternalEvent, TriggeredEvent } from './account'
export type { Choice, Field, FieldType, OwnField } from './fields'
export type { ApiClient, ApiUser, Ration } from './tokens'

export type EmarsysApiEmulatorOptions = AccountOptions & {
  /** Default: one, `waybill-client` with `waybill-secret`. */
  readonly clients?: readonly ApiClient[]
  /** Default: one, `waybill001` with `waybill-password`. */
  readonly users?: readonly ApiUser[]
  /** Default: 2 a minute and 10 an hour, as at the vendor. */
  readonly ration?: Ration
  /** Life of a token. Default 3,600. */
  readonly expiresInSeconds?: number
  /** Default 1,000, for each credential. */
  readonly requestsPerMinute?: number
  /** Whether v2 takes bearer tokens: sources do not agree. Default false. */
  readonly bearerOnV2?: boolean
  /** Milliseconds since the epoch. Default the machine's clock. */
  readonly clock?: () => number
  readonly port?: number
}

/** What the API did with one request. */
export type JournalEntry = {
  readonly method: string
  readonly path: string
  readonly caller: string
  readonly status: number
  readonly replyCode?: number
}

/** A running API on loopback, and a look inside. */
export type EmarsysApiEmulator = Emulator & {
  readonly account: Account
  readonly journal: readonly JournalEntry[]
  /** How many tokens were given. */
  readonly tokensFetched: number
  /** Makes all tokens invalid. */
  revokeTokens(): void
  /** The next upsert of a contact with this key answers 2009, as when two calls race. */
  race(key: string): void
}

export const testClient: ApiClient = { clientId: 'waybill-client', clientSecret: 'waybill-secret' }
export const testUser: ApiUser = { user: 'waybill001', secret: 'waybill-password' }

const maxBodyBytes = { PUT: 8_000_000, POST: 10_000_000 } as const
const minuteMs = 60_000
const maxJournal = 10_000

/**
 * Starts the public API of Emarsys on loopback: `/api/v2` with WSSE, `/api/v3` with bearer tokens of `/oauth2/token`
 * (rationed), contacts, external events, lists, fields and choices, with the vendor's codes, row errors and limits.
 * Views under `/__emulator/`: `GET contacts`, `events` (what was triggered), `lists`, `journal`; `POST race` (`{key}`),
 * `POST revoke`.
 */
export async function startEmarsysApiEmulator(
  options: EmarsysApiEmulatorOptions = {},
): Promise<EmarsysApiEmulator> {
  const account = createAccount(options)
  const credentials = createCredentials({
    clients: options.clients ?? [testClient],
    users: options.users ?? [testUser],
    ration: options.ration ?? { perMinute: 2, perHour: 10 },
    expiresInSeconds: options.expiresInSeconds ?? 3600,
  })
  const journal: JournalEntry[] = []
  const races = new Set<string>()
  const show = (view: () => unknown) => () => ({ status: 200, body: view() })
  const emulator = await startEmulator({
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: createHandler(options, account, credentials, journal, races),
    control: {
      'GET contacts': show(() => contactsOf(account)),
      'GET events': show(() => account.triggered),
      'GET lists': show(() =>
        [...account.lists.values()].map((list) => ({ ...list, members: [...list.members] })),
      ),
      'GET journal': show(() => journal),
      'GET requests': show(() =>
        masked().map((entry) => ({ ...entry, query: undefined, body: entry.body.toString() })),
      ),
      'POST race': (request) => {
        races.add(String((JSON.parse(request.body.toString()) as { key: unknown }).key))
        return { status: 204 }
      },
      'POST revoke': () => {
        credentials.revoke()
        return { status: 204 }
      },
    },
  })
  const masked = (): LoggedRequest[] => emulator.requests.map(withoutSecrets)
  return Object.create(emulator, {
    account: { value: account, enumerable: true },
    journal: { value: journal, enumerable: true },
    tokensFetched: { get: () => credentials.fetched },
    revokeTokens: { value: credentials.revoke },
    race: { value: (key: string) => races.add(key) },
    requests: { get: masked, enumerable: true },
  }) as EmarsysApiEmulator
}

const contactsOf = ({ contacts }: Account) =>
  [...contacts.values()].map(({ id, uid, values }) => ({ id, uid, ...Object.fromEntries(values) }))

const secretHeaders = ['authorization', 'x-wsse']

function withoutSecrets(request: LoggedRequest): LoggedRequest {
  const headers = { ...request.headers }
  for (const name of secretHeaders) if (headers[name] !== undefined) headers[name] = '***'
  const isToken = request.path === '/oauth2/token'
  return {
    ...request,
    headers,
    ...(isToken && request.answer ? { answer: { status: request.answer.status } } : {}),
  }
}

/** The limit of each credential: a window of a minute, told in the vendor's three headers. */
function createRateLimit(perMinute: number) {
  const windows = new Map<string, { start: number; count: number }>()
  return (caller: string, now: number): { isOver: boolean; headers: Record<string, string> } => {
    const known = windows.get(caller)
    const window = known !== undefined && now - known.start < minuteMs ? known : { start: now, count: 0 }
    windows.set(caller, window)
    window.count += 1
    return {
      isOver: window.count > perMinute,
      headers: {
        'X-RateLimit-Limit': String(perMinute),
        'X-Ratelimit-Remaining': String(Math.max(0, perMinute - window.count)),
        'X-RateLimit-Reset': String(Math.ceil((window.start + minuteMs) / 1000)),
      },
    }
  }
}

function createHandler(
  options: EmarsysApiEmulatorOptions,
  account: Account,
  credentials: Credentials,
  journal: JournalEntry[],
  races: Set<string>,
) {
  const limit = createRateLimit(options.requestsPerMinute ?? 1000)
  let answers = 0
  // Clients may rely on neither form.
  const noErrors = (): unknown => (answers++ % 2 === 0 ? {} : [])

  function run(request: EmulatorRequest, permissions: readonly string[] | undefined, path: string) {
    const { method, body } = request
    const { route, parameters = [], isPath } = findRoute(method, path)
    if (route === undefined)
      return isPath ? refusal(400, 1009, 'Invalid method') : refusal(404, 1, `Action ${path} is invalid.`)
    if (permissions !== undefined && !permissions.includes(route.permission)) return { status: 403 }
    if (body.length > (method === 'PUT' ? maxBodyBytes.PUT : maxBodyBytes.POST))
      return refusal(413, 1, 'The request is too large')
    const parsed = method === 'GET' ? undefined : parse(body)
    if (parsed === unparseable) return refusal(400, 1010, 'The body is no JSON')
    const call = { account, body: parsed, query: request.query, now: request.receivedAt, noErrors, races }
    return route.run(call, ...parameters)
  }

  return (request: EmulatorRequest): EmulatorAnswer => {
    if (request.path === '/healthcheck') return { status: 200, body: 'OK' }
    if (request.path === '/oauth2/token' && request.method === 'POST') return credentials.giveToken(request)
    const [, version = '', path = ''] = /^\/api\/(v[23])\/(.*)$/.exec(request.path) ?? []
    if (version === '') return { status: 404 }
    const caller = credentials.callerOf(request, version, options.bearerOnV2 === true)
    if (caller === undefined) return refusal(401, 1, 'Unauthorized')
    const { isOver, headers } = limit(caller.name, request.receivedAt)
    const answer: EmulatorAnswer = isOver
      ? refusal(429, 7003, 'Too many requests for this account and resource within the last minute')
      : run(request, caller.permissions, path)
    const { replyCode } = (answer.body ?? {}) as { replyCode?: number }
    if (journal.length === maxJournal) journal.shift()
    journal.push({
      method: request.method,
      path: request.path,
      caller: caller.name,
      status: answer.status,
      ...(replyCode === undefined ? {} : { replyCode }),
    })
    return { ...answer, headers: { ...answer.headers, ...headers, 'X-Suite-Response-Time': '1' } }
  }
}

const unparseable = Symbol('unparseable')

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return unparseable
  }
}
