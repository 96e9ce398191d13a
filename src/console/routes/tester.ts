import { didYouMean } from '../../nearest'
import { ApiError } from '../api-error'
import { badRequest, type Call, found, type Route } from '../route'
import { hideBody, hideValues } from '../security/hide-values'
import type { ExplainResult } from '../shapes'
import type { ExplainRequest } from '../source'

const maxBytes = 1_048_576
const maxAtOnce = 2
let running = 0

/** Two at a time: an explanation may take a while, and the deliveries go first. */
async function withRoom<Result>(run: () => Promise<Result>): Promise<Result> {
  if (running >= maxAtOnce)
    throw new ApiError(429, 'TOO_MANY_REQUESTS', 'two explanations are under way; try again in a moment')
  running += 1
  try {
    return await run()
  } finally {
    running -= 1
  }
}

const texts = ['destination', 'connection', 'subscription', 'action', 'filter'] as const
const objects = ['mapping', 'settings', 'event'] as const
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readRequest({ body }: Call): ExplainRequest {
  const known: readonly string[] = [...texts, ...objects, 'to']
  for (const key of Object.keys(body))
    if (!known.includes(key)) throw badRequest(`${key}: there is no such property${didYouMean(key, known)}`)
  for (const key of texts)
    if (body[key] !== undefined && typeof body[key] !== 'string') throw badRequest(`${key}: give a text`)
  for (const key of objects)
    if (body[key] !== undefined && !isObject(body[key])) throw badRequest(`${key}: give an object`)
  if (body.event === undefined) throw badRequest('event: give the event')
  if ((body.destination === undefined) === (body.connection === undefined))
    throw badRequest('give a destination (its slug) or a connection (its name)')
  if (isObject(body.settings)) refuseEndpoint(body.settings)
  const { to: _to, ...request } = body
  return request as unknown as ExplainRequest
}

/** An address from the page would let it send requests from this machine to anywhere. */
function refuseEndpoint(settings: Record<string, unknown>): void {
  const key = Object.keys(settings).find(
    (name) => /endpoint|url|host|base|address|domain/i.test(name) && typeof settings[name] === 'string',
  )
  if (key !== undefined)
    throw badRequest(`settings.${key}: addresses come from the configuration, never from the page`)
}

function explanationFor(call: Call, result: ExplainResult): unknown {
  if (call.has('payloads')) return result
  return {
    ...result,
    subscriptions: result.subscriptions.map((subscription) => ({
      ...subscription,
      ...(subscription.payload !== undefined && { payload: hideValues(subscription.payload) }),
      ...(subscription.requests !== undefined && {
        requests: subscription.requests.map((request) => ({ ...request, body: hideBody(request.body) })),
      }),
    })),
  }
}

/** What an event becomes, and sending it. */
export const testerRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/destinations',
    permission: 'read',
    run: ({ source }) => source.destinations(),
  },
  {
    method: 'GET',
    path: '/api/destinations/:slug',
    permission: 'read',
    run: ({ source, param }) => {
      const all = source.destinations()
      return found(
        all[param('slug')],
        `there is no destination "${param('slug')}"${didYouMean(param('slug'), Object.keys(all))}`,
      )
    },
  },
  {
    method: 'GET',
    path: '/api/samples',
    permission: 'read',
    run: ({ source }) => ({ items: source.samples() }),
  },
  {
    method: 'POST',
    path: '/api/explain',
    permission: 'read',
    maxBytes,
    run: (call) => {
      if (call.body.to !== undefined) throw badRequest('to: an explanation sends nothing; use POST /api/send')
      const request = readRequest(call)
      return withRoom(async () => explanationFor(call, await call.source.explain(request)))
    },
  },
  {
    method: 'POST',
    path: '/api/send',
    permission: 'read',
    maxBytes,
    run: async (call) => {
      const { to } = call.body
      if (to !== 'emulator' && to !== 'connection') throw badRequest('to: give "emulator" or "connection"')
      if (!call.has(to === 'connection' ? 'send' : 'operate'))
        throw new ApiError(403, 'NOT_ALLOWED', 'your token does not allow to send')
      return explanationFor(call, await call.source.send({ ...readRequest(call), to }, call.caller))
    },
  },
  {
    method: 'POST',
    path: '/api/actions/:destination/:action',
    permission: 'read',
    maxBytes,
    run: async (call) => {
      const { to, ...body } = call.body
      const request = readRequest({
        ...call,
        body: { ...body, destination: call.param('destination'), action: call.param('action') },
      })
      if (to === undefined) return explanationFor(call, await call.source.explain(request))
      if (to !== 'emulator')
        throw badRequest('to: an action is tried on its emulator alone; leave it out to send nothing')
      if (!call.has('operate')) throw new ApiError(403, 'NOT_ALLOWED', 'your token does not allow to send')
      return explanationFor(call, await call.source.send({ ...request, to }, call.caller))
    },
  },
]
