type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const number: Schema = { type: 'number' }
const flag: Schema = { type: 'boolean' }
const time: Schema = { type: 'string', format: 'date-time' }
const list = (items: Schema): Schema => ({ type: 'array', items })
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
})
const counts: Schema = { type: 'object', additionalProperties: number }
const anything: Schema = {}

/** A page of a list. */
const page = (name: string): Schema =>
  object({ items: list(ref(name)), next: text, count: object({ value: number, exact: flag }), asOf: time }, [
    'items',
  ])

const health = {
  name: text,
  destination: object({ slug: text, name: text }),
  state: { enum: ['blocked', 'behind', 'retrying', 'paused', 'failing', 'delivering', 'idle', 'disabled'] },
  reason: text,
  perSecond: number,
  delivered: number,
  waiting: number,
  oldest: time,
  p95Ms: number,
  dead: number,
  spark: list(number),
  ordered: flag,
}

/** What the routes give and take. Times are ISO 8601, spans milliseconds. */
export const schemas: Readonly<Record<string, Schema>> = {
  Error: object({
    error: object({ code: text, message: text, problems: list(anything), count: number }, [
      'code',
      'message',
    ]),
  }),
  Me: object({
    version: text,
    environment: text,
    store: object({ kind: text, bytes: number, durable: flag }),
    permissions: list({ enum: ['read', 'payloads', 'operate', 'send'] }),
    features: list(text),
    ingest: object({ url: text, writeKey: text }),
    signedIn: flag,
  }),
  Health: object(health, ['name', 'state', 'waiting']),
  Cause: object({
    id: text,
    kind: { enum: ['blocked', 'rejected', 'behind', 'invalid', 'store', 'retrying'] },
    connection: text,
    title: text,
    details: list(text),
    since: time,
    nextTry: time,
    events: number,
    people: number,
    group: text,
    example: text,
  }),
  Overview: object({
    asOf: time,
    range: text,
    figures: counts,
    causes: list(ref('Cause')),
    connections: list(ref('Health')),
    marks: list(anything),
    isEmpty: flag,
  }),
  Series: object({
    start: { type: 'number', description: 'Milliseconds since the epoch.' },
    stepMs: number,
    received: list(number),
    kinds: { type: 'object', additionalProperties: list(number) },
  }),
  Connection: object({
    ...health,
    subscriptions: list(anything),
    settings: list(object({ key: text, label: text, value: text, origin: text, isSecret: flag })),
    limits: counts,
    block: object({ since: time, until: time, status: number, message: text, variables: list(text) }),
    pause: object({ since: time, by: text }),
    authentication: anything,
    audit: list(anything),
  }),
  AuthenticationTest: object({ ok: flag, message: text, at: time }),
  Lane: object({
    key: text,
    person: text,
    state: text,
    event: text,
    why: text,
    events: number,
    nextTry: time,
    since: time,
  }),
  Lanes: object({ items: list(ref('Lane')), next: text, totals: counts, ages: list(anything) }),
  LaneDetail: object({ key: text, person: text, list: list(anything) }),
  Outcome: object({
    id: text,
    at: time,
    kind: text,
    messageId: text,
    event: text,
    type: text,
    person: text,
    connection: text,
    subscription: text,
    action: text,
    response: text,
    nextTry: time,
    durationMs: number,
  }),
  Outcomes: page('Outcome'),
  Journey: object({
    messageId: text,
    name: text,
    type: text,
    received: time,
    summary: text,
    event: anything,
    legs: list(
      object({
        connection: text,
        subscription: text,
        action: text,
        outcome: text,
        why: list(text),
        steps: list(object({ kind: text, from: number, to: number })),
        changes: list(anything),
        exchanges: list(ref('Exchange')),
      }),
    ),
  }),
  Exchange: object({
    id: text,
    method: text,
    url: text,
    requestHeaders: anything,
    requestBody: text,
    status: number,
    responseHeaders: anything,
    responseBody: text,
    isCut: flag,
  }),
  DeadGroups: object({ groups: list(anything), count: number, keptDays: number, firstLeaves: time }),
  DeadLetter: object({
    id: text,
    messageId: text,
    event: text,
    person: text,
    connection: text,
    why: text,
    tries: number,
    ended: time,
  }),
  DeadLetters: page('DeadLetter'),
  Selection: {
    oneOf: [
      object({ ids: list(text) }, ['ids']),
      object(
        {
          filter: object({ group: text, connection: text, q: text, withinMs: number }),
          asOf: time,
          expected: number,
        },
        ['filter', 'asOf', 'expected'],
      ),
    ],
  },
  Job: object({
    id: text,
    kind: { enum: ['check', 'replay', 'drop'] },
    state: { enum: ['running', 'done', 'stopped', 'failed'] },
    done: number,
    of: number,
    result: anything,
    startedBy: text,
    startedAt: time,
  }),
  StartedJob: object({ job: ref('Job') }),
  ExplainRequest: object(
    {
      destination: text,
      connection: text,
      subscription: text,
      action: text,
      filter: text,
      mapping: anything,
      settings: anything,
      event: { type: 'object' },
    },
    ['event'],
  ),
  SendRequest: {
    allOf: [ref('ExplainRequest'), object({ to: { enum: ['emulator', 'connection'] } }, ['to'])],
  },
  ActionRequest: object(
    {
      event: { type: 'object' },
      filter: text,
      mapping: anything,
      settings: anything,
      to: { enum: ['emulator'] },
    },
    ['event'],
  ),
  Explanation: object({
    connection: text,
    subscriptions: list(anything),
    nearest: anything,
    durationMs: number,
  }),
  Vendors: object({ items: list(anything) }),
  VendorView: object({ id: text, columns: list(anything), rows: list(anything), count: number }),
  VendorRequests: object({ requests: list(anything), thrownAway: list(anything) }),
  Fault: object({ answer: { enum: ['429', '503', 'nothing', '200'] }, times: number }, ['answer']),
  SetAside: object({ messageId: text, subscription: text }, ['messageId', 'subscription']),
  Token: object({ token: text }, ['token']),
  Any: anything,
}
