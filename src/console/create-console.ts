import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { isWaybillError } from '../errors'
import type { ReadGauges } from '../telemetry/gauges'
import { prometheusContentType, prometheusText } from '../telemetry/prometheus'
import type { Tally } from '../telemetry/tally'
import { ApiError } from './api-error'
import { openApiDocument } from './openapi'
import { readKinds, readRange } from './read-query'
import { badRequest, type Call, type Route } from './route'
import { connectionRoutes } from './routes/connections'
import { deadRoutes } from './routes/dead'
import { eventRoutes } from './routes/events'
import { overviewRoutes } from './routes/overview'
import { testerRoutes } from './routes/tester'
import { vendorRoutes } from './routes/vendors'
import { checkHost, checkOrigin, hostOf, securityHeaders } from './security/guard'
import { createIdempotency } from './security/idempotency'
import { type Access, createSessions, type Session, sessionMs } from './security/sessions'
import type { Permission } from './shapes'
import type { ConsoleSource } from './source'
import { createStaticFiles } from './static-files'
import { createStreams, readTopics } from './stream'

export type ConsoleOptions = {
  readonly source: ConsoleSource
  /** Default: no tokens, for loopback alone. */
  readonly access?: Access
  /** The port that the console listens on. Default: any port of loopback passes. */
  readonly port?: () => number | undefined
  /** Names of a proxy in front. */
  readonly allowedHosts?: readonly string[]
  /** Folder of the browser application. Default: no page, the API alone. */
  readonly folder?: string
  readonly tally?: Tally
  readonly gauges?: ReadGauges
  /** Whether the store takes writes, for `/readyz`. */
  readonly isReady?: () => Promise<boolean>
}

/** The console as a Web request handler: API, page, metrics. */
export type Console = {
  fetch(request: Request): Response | Promise<Response>
  /** Says goodbye to open pages. */
  close(): void
}

const defaultMaxBytes = 65_536
const cookieName = 'waybill_session'

/** Every route but those of sessions, the stream and the document, which are no plain questions. */
export const routes: readonly Route[] = [
  ...overviewRoutes,
  ...connectionRoutes,
  ...eventRoutes,
  ...deadRoutes,
  ...testerRoutes,
  ...vendorRoutes,
]

/** Creates the console over a source. */
export function createConsole(options: ConsoleOptions): Console {
  const { source, access = {}, port = () => undefined, allowedHosts = [] } = options
  const place = { port, allowedHosts }
  const sessions = createSessions(access)
  const streams = createStreams(source)
  const idempotency = createIdempotency()
  const files = options.folder === undefined ? undefined : createStaticFiles(options.folder)
  const app = new Hono()

  const sessionOf = (context: Context): Session | undefined => {
    const bearer = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1]
    return sessions.find(getCookie(context, cookieName), bearer)
  }
  const requireSession = (context: Context, permission: Permission): Session => {
    const session = sessionOf(context)
    if (session === undefined)
      throw new ApiError(401, 'UNAUTHENTICATED', 'sign in with a token of this console')
    if (!session.permissions.includes(permission))
      throw new ApiError(
        403,
        'NOT_ALLOWED',
        `this needs the permission "${permission}", which your token does not have`,
      )
    return session
  }

  app.get('/healthz', (context) => context.text('ok\n'))
  app.get('/readyz', async (context) => {
    const isReady = (await options.isReady?.()) ?? true
    return context.text(isReady ? 'ready\n' : 'the store takes no writes\n', isReady ? 200 : 503)
  })
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(securityHeaders)) context.res.headers.set(name, value)
  })
  app.use(async (context, next) => {
    checkHost(hostOf(context.req.raw), place)
    checkOrigin(context.req.raw, place)
    await next()
    if (context.req.path.startsWith('/api')) context.res.headers.set('cache-control', 'no-store')
  })

  app.post('/api/session', async (context) => {
    const { token } = await readBody(context, defaultMaxBytes)
    if (typeof token !== 'string') throw badRequest('token: give the token that was shown at the start')
    const { id, session } = sessions.open(token)
    setCookie(context, cookieName, id, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/api',
      secure: isSecure(context),
      maxAge: sessionMs / 1_000,
    })
    return context.json({ permissions: session.permissions })
  })
  app.delete('/api/session', (context) => {
    sessions.close(getCookie(context, cookieName))
    deleteCookie(context, cookieName, { path: '/api', secure: isSecure(context) })
    return context.json({ signedOut: true })
  })
  app.get('/api/openapi.json', (context) => context.json(openApiDocument))
  app.get('/api/stream', (context) => {
    const session = requireSession(context, 'read')
    checkQuery(context, ['topics', 'range', 'kind', 'connection', 'q'])
    const query = (name: string) => context.req.query(name)
    const [kinds, connection, q] = [readKinds(query('kind')), query('connection'), query('q')]
    return streams.open(
      {
        topics: readTopics(query('topics')),
        range: readRange({ query } as Call),
        filter: { ...(kinds && { kinds }), ...(connection && { connection }), ...(q && { q }) },
        session,
      },
      context.req.raw.signal,
    )
  })

  for (const route of routes)
    app.on(route.method, route.path, async (context) => {
      const session = requireSession(context, route.permission)
      checkQuery(context, route.query ?? [])
      const body = route.method === 'POST' ? await readBody(context, route.maxBytes ?? defaultMaxBytes) : {}
      const call: Call = {
        source,
        session,
        caller: { name: session.name },
        request: context.req.raw,
        body,
        param: (name) => context.req.param(name) ?? '',
        query: (name) => context.req.query(name),
        has: (permission) => session.permissions.includes(permission),
      }
      const key = route.method === 'POST' ? context.req.header('idempotency-key') : undefined
      const result = await idempotency.once(`${session.name} ${context.req.path}`, key, async () =>
        route.run(call),
      )
      return result instanceof Response ? result : context.json(result as object, route.status ?? 200)
    })
  app.all('/api/*', () => {
    throw new ApiError(404, 'NOT_FOUND', 'there is no such route; GET /api/openapi.json lists them')
  })

  app.get('/metrics', async (context) => {
    requireSession(context, 'read')
    if (options.tally === undefined) throw new ApiError(404, 'NOT_FOUND', 'metrics are off')
    return context.body(prometheusText(options.tally, (await options.gauges?.()) ?? []), 200, {
      'content-type': prometheusContentType,
    })
  })
  app.get('*', (context) => {
    const acceptsGzip = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '')
    return files?.(context.req.path, acceptsGzip) ?? context.notFound()
  })

  app.notFound((context) => context.text('there is nothing here\n', 404))
  app.onError((error, context) => {
    const { status, ...body } = errorBody(error)
    const response = context.json({ error: body }, status)
    for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value)
    response.headers.set('cache-control', 'no-store')
    if (status === 429) response.headers.set('retry-after', '60')
    return response
  })

  return {
    fetch: (request) => app.fetch(request),
    close: () => streams.close('the server stops'),
  }
}

const isSecure = (context: Context): boolean =>
  context.req.header('x-forwarded-proto') === 'https' || context.req.url.startsWith('https:')

function checkQuery(context: Context, allowed: readonly string[]): void {
  const unknown = Object.keys(context.req.query()).find((name) => !allowed.includes(name))
  if (unknown !== undefined)
    throw badRequest(
      `${unknown}: there is no such parameter; ${allowed.length === 0 ? 'this route takes none' : `there are ${allowed.join(', ')}`}`,
    )
}

/** The body as an object; an empty one counts as `{}`. Read up to the limit, and no further. */
async function readBody(context: Context, maxBytes: number): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (context.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes)
      throw new ApiError(413, 'INVALID_REQUEST', `the body is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw badRequest(`the body is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest('the body has to be an object')
  return value as Record<string, unknown>
}

type ErrorBody = {
  code: string
  message: string
  problems?: unknown
  count?: number
  status: ApiError['status'] | 500
}

function errorBody(error: unknown): ErrorBody {
  if (error instanceof ApiError) {
    const { status, code, message, details } = error
    return { status, code, message, ...details }
  }
  if (isWaybillError(error)) {
    const { code, message, problems } = error
    const status = code === 'DEAD_LETTERS_CHANGED' ? 409 : code === 'QUEUE_UNAVAILABLE' ? 503 : 400
    return { status, code, message, problems }
  }
  return {
    status: 500,
    code: 'INTERNAL',
    message: `this should not have happened: ${(error as Error)?.message ?? error}`,
  }
}
