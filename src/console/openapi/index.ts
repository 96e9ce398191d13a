import { schemas } from './schemas'

type Operation = Readonly<Record<string, unknown>>

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (name: string) => ({ 'application/json': { schema: ref(name) } })

const parameters: Readonly<Record<string, string>> = {
  range: 'How far back: 15m, 1h, 24h or 7d.',
  connection: 'Name of a connection.',
  kind: 'Kinds of outcomes, with commas.',
  q: 'An id, a person, an event, or FQL.',
  after: 'The `next` of the page before.',
  limit: 'Most items, 1 to 200.',
  state: 'ready, retrying, held or joined.',
  group: 'Id of a reason.',
  within: 'Milliseconds back from now.',
  topics: 'overview, outcomes, dev, connection:NAME, job:ID; with commas.',
}

type Described = {
  readonly says: string
  readonly gives?: string
  readonly takes?: string
  readonly query?: readonly string[]
  readonly status?: number
  readonly type?: string
}

function operation(
  path: string,
  { says, gives = 'Any', takes, query = [], status = 200, type }: Described,
): Operation {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = query.map((name) => ({
    name,
    in: 'query',
    description: parameters[name],
    schema: { type: 'string' },
  }))
  return {
    summary: says,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(takes !== undefined && { requestBody: { required: true, content: json(takes) } }),
    responses: {
      [status]: { description: says, content: type === undefined ? json(gives) : { [type]: {} } },
      default: { description: 'What went wrong', content: json('Error') },
    },
  }
}

const pages = ['after', 'limit'] as const
const deadFilters = ['group', 'connection', 'q', 'within'] as const

const operations: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  '/api/me': { get: { says: 'Version, store and what you may do', gives: 'Me' } },
  '/api/session': {
    post: { says: 'Sign in with a token', takes: 'Token' },
    delete: { says: 'Sign out' },
  },
  '/api/openapi.json': { get: { says: 'This document' } },
  '/api/stream': {
    get: {
      says: 'Server-sent events',
      query: ['topics', 'range', 'kind', 'connection', 'q'],
      type: 'text/event-stream',
    },
  },
  '/api/overview': { get: { says: 'Figures, causes and connections', gives: 'Overview', query: ['range'] } },
  '/api/series': { get: { says: 'Outcomes over time', gives: 'Series', query: ['range', 'connection'] } },
  '/api/find': { get: { says: 'Ids and persons that begin with a text', query: ['q'] } },
  '/api/dev': { get: { says: 'The watched package (`waybill dev`)' } },
  '/api/configuration/reload': {
    post: { says: 'Read the configuration again; nothing changes when it has a problem' },
  },
  '/api/samples': {
    get: { says: 'Sample events' },
    post: { says: 'Send 100 sample events; only where all connections go to emulators' },
  },
  '/api/connections/{name}': { get: { says: 'One connection', gives: 'Connection' } },
  '/api/connections/{name}/pause': { post: { says: 'Send nothing until it is resumed', gives: 'Health' } },
  '/api/connections/{name}/resume': { post: { says: 'Send again', gives: 'Health' } },
  '/api/connections/{name}/try-now': { post: { says: 'Lift a block and try at once', gives: 'Health' } },
  '/api/connections/{name}/test': { post: { says: 'Test the credentials', gives: 'AuthenticationTest' } },
  '/api/connections/{name}/lanes': {
    get: { says: 'Persons whose events wait', gives: 'Lanes', query: ['state', 'q', ...pages] },
  },
  '/api/connections/{name}/lanes/{key}': {
    get: { says: 'The events of one lane in order', gives: 'LaneDetail' },
  },
  '/api/connections/{name}/lanes/{key}/set-aside': {
    post: { says: 'Move the first to the dead letters; 409 if it is no longer the first', takes: 'SetAside' },
  },
  '/api/outcomes': {
    get: {
      says: 'What ended, newest first',
      gives: 'Outcomes',
      query: ['kind', 'connection', 'q', ...pages],
    },
  },
  '/api/events/{messageId}': { get: { says: 'What became of one event', gives: 'Journey' } },
  '/api/events/{messageId}/attempts/{id}': { get: { says: 'One exchange', gives: 'Exchange' } },
  '/api/dead/groups': { get: { says: 'Dead letters by reason', gives: 'DeadGroups' } },
  '/api/dead': { get: { says: 'Dead letters', gives: 'DeadLetters', query: [...deadFilters, ...pages] } },
  '/api/dead/export': {
    get: { says: 'Dead letters as NDJSON', query: deadFilters, type: 'application/x-ndjson' },
  },
  '/api/dead/checks': {
    post: { says: 'Try a replay without sending', takes: 'Selection', gives: 'StartedJob', status: 202 },
  },
  '/api/dead/replays': {
    post: { says: 'Put them back', takes: 'Selection', gives: 'StartedJob', status: 202 },
  },
  '/api/dead/drops': { post: { says: 'Delete them', takes: 'Selection', gives: 'StartedJob', status: 202 } },
  '/api/dead/{id}': { get: { says: 'One dead letter', gives: 'DeadLetter' } },
  '/api/jobs/{id}': {
    get: { says: 'How far a job is', gives: 'Job' },
    delete: { says: 'Stop a job after what is in flight', gives: 'Job' },
  },
  '/api/destinations': { get: { says: 'The manifests of all destinations' } },
  '/api/destinations/{slug}': { get: { says: 'The manifest of one' } },
  '/api/explain': { post: { says: 'What an event becomes', takes: 'ExplainRequest', gives: 'Explanation' } },
  '/api/send': { post: { says: 'Send one event', takes: 'SendRequest', gives: 'Explanation' } },
  '/api/actions/{destination}/{action}': {
    post: { says: 'Try one action, for curl and tests', takes: 'ActionRequest', gives: 'Explanation' },
  },
  '/api/vendors': { get: { says: 'Emulators that run here', gives: 'Vendors' } },
  '/api/vendors/{slug}/requests': { get: { says: 'What an emulator was asked', gives: 'VendorRequests' } },
  '/api/vendors/{slug}/{view}': {
    get: { says: 'What an emulator holds', gives: 'VendorView', query: ['q', 'limit', 'after'] },
  },
  '/api/vendors/{slug}/faults': { post: { says: 'Answer the next requests so', takes: 'Fault' } },
  '/api/vendors/{slug}/clear': { post: { says: 'Empty an emulator' } },
}

/** The document of the API, written by hand; a test holds it and the routes together. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'waybill console',
    version: '1',
    description:
      'Everything but GET needs `content-type: application/json`, also with an empty body. POST takes `Idempotency-Key`.',
  },
  paths: Object.fromEntries(
    Object.entries(operations).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, described]) => [method, operation(path, described)]),
      ),
    ]),
  ),
  components: { schemas },
} as const
