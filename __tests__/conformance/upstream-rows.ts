import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Way } from './upstream-ways'

/** A row of docs/upstream.md: what is done, what is right, and what the reference makes of it. */
export type Row = {
  readonly subject: string
  readonly run: (way: Way) => unknown
  readonly right: unknown
  readonly reference: unknown
  /** Only a `Destination` has it. */
  readonly isOfModule?: true
}

const field = (type: string, more: object = {}) => ({ label: type, description: '', type, ...more })
const action = (more: object = {}) => ({
  title: 'Act',
  description: '',
  fields: {},
  perform: (_request: unknown, { payload }: { payload: unknown }) => payload,
  ...more,
})
let definitions = 0
/** A definition with one action. Its name is its own, since the reference keeps schemas by names. */
const definition = (act: object = action(), more: object = {}) => ({
  name: `Destination ${++definitions}`,
  slug: 'destination',
  mode: 'cloud',
  actions: { act },
  ...more,
})
/** Every event. */
const all = 'type = "track" or type != "track"'
const subscribe = (filter: string, mapping: object = {}, partnerAction = 'act') => ({
  subscribe: filter,
  partnerAction,
  mapping,
})

/** Whether a filter lets an event through. */
const filter = (text: string, event: object) => async (way: Way) =>
  (await way.send({ definition: definition(), subscriptions: [subscribe(text)], events: [event] }))[0]

/** What a mapping gives for an event. */
const map =
  (value: unknown, event: object = {}) =>
  async (way: Way) => {
    let seen: unknown = 'refused'
    const perform = (_request: unknown, { payload }: { payload: { value?: unknown } }) => {
      seen = payload.value
    }
    const events = [{ type: 'track', ...event }]
    await way.send({
      definition: definition(action({ perform })),
      subscriptions: [subscribe(all, { value })],
      events,
    })
    return seen
  }

/** Whether fields accept a payload. */
const accepts = (fields: object, payload: object) => async (way: Way) => {
  const subscriptions = [subscribe(all, payload)]
  const [fate] = await way.send({
    definition: definition(action({ fields })),
    subscriptions,
    events: [{ type: 'track' }],
  })
  return fate
}
const condition = (fieldKey: string, operator: string, value: unknown) => ({
  match: 'all',
  conditions: [{ fieldKey, operator, value }],
})

type BatchInput = { payload: { id: string }[]; rawData: { userId: string }[] }
let refreshes = 0
const oauth = {
  authentication: {
    scheme: 'oauth2',
    fields: {},
    refreshAccessToken: async () => {
      refreshes += 1
      return { accessToken: `token ${refreshes}` }
    },
  },
}
const tokens = () => ({ oauth: { access_token: 'old', refresh_token: 'r' } })
/** Sends a batch of persons; '' is an invalid one. */
const sendBatch = (
  way: Way,
  ids: readonly string[],
  performBatch: (input: BatchInput) => unknown,
  more: object = {},
) =>
  way.send({
    definition: definition(
      action({
        fields: { id: field('string', { required: true }) },
        performBatch: (_request: unknown, input: BatchInput) => performBatch(input),
      }),
      oauth,
    ),
    subscriptions: [subscribe(all, { id: { '@path': '$.userId' } })],
    events: ids.map((userId, index) => ({ type: 'track', userId: userId || null, messageId: `m${index}` })),
    isBatch: true,
    settings: more,
  })

const a = { type: 'track', event: 'A' }
const filters: Row[] = (
  [
    [
      '`and` binds closer than `or`',
      'event = "A" or type = "identify" and event = "Z"',
      a,
      'sent',
      'skipped',
    ],
    [
      'a call inside a group does not end it',
      'type = "track" and (contains(event, "A") or event = "B")',
      { type: 'page', event: 'A' },
      'skipped',
      'sent',
    ],
    [
      'groups may be nested',
      'type = "track" and (event = "B" or (event = "A" and userId = "u"))',
      { ...a, userId: 'u' },
      'sent',
      'refused',
    ],
    [
      'a condition on any field holds',
      'type = "track" and anonymousId = "nope"',
      { type: 'track' },
      'skipped',
      'sent',
    ],
    [
      '`in` looks into lists',
      "'dark' in properties.features",
      { type: 'track', properties: { features: ['dark'] } },
      'sent',
      'refused',
    ],
    ['single quotes quote', "type = 'track'", { type: 'track' }, 'sent', 'skipped'],
    [
      '`match` knows asterisks anywhere',
      'match(event, "*A*")',
      { type: 'track', event: 'xAx' },
      'sent',
      'skipped',
    ],
    [
      '`match` without an asterisk compares',
      'match(event, "A")',
      { type: 'track', event: 'B' },
      'skipped',
      'sent',
    ],
    ['a negation negates', '!(type = "track")', { type: 'track' }, 'skipped', 'sent'],
    ['`null` is no text', 'event != null', { type: 'track' }, 'skipped', 'sent'],
  ] as const
).map(([subject, text, event, right, reference]) => ({ subject, run: filter(text, event), right, reference }))

const mappings: Row[] = [
  {
    subject: 'a wrong directive inside a list is refused, reached or not',
    run: map([{ '@if': { exists: { '@path': '$.no' }, then: [{ '@nope': 1 }] } }]),
    right: 'refused',
    reference: [undefined],
  },
  {
    subject: 'inherited properties are not values',
    run: map([{ '@path': '$.constructor.name' }, { '@path': '$.event.length' }], { event: 'abc' }),
    right: [undefined, undefined],
    reference: ['Object', 3],
  },
  {
    subject: '`$.` in the middle of a path is a part of it',
    run: map({ '@path': 'a$.b' }, { ab: 'wrong', a$: { b: 'right' } }),
    right: 'right',
    reference: 'wrong',
  },
  {
    subject: 'a key in quotes may hold dots and brackets',
    run: map({ '@path': "$.properties['a.b [c]']" }, { properties: { 'a.b [c]': 1 } }),
    right: 1,
    reference: undefined,
  },
  {
    subject: 'what an event holds is never read as a template',
    run: map({ '@template': '{{{event}}}' }, { event: '{{userId}}', userId: 'secret' }),
    right: '{{userId}}',
    reference: 'secret',
  },
  {
    subject: 'a falsy `else` is used',
    run: map({ '@if': { exists: { '@path': '$.no' }, then: 1, else: 0 } }),
    right: 0,
    reference: undefined,
  },
  {
    subject: 'the mode of `@json` may be written in any case',
    run: map({ '@json': { mode: 'ENCODE', value: { '@path': '$.a' } } }, { a: [1] }),
    right: '[1]',
    reference: undefined,
  },
  {
    subject: 'a range of Liquid is held to its limits',
    run: async (way) =>
      (await map({ '@liquid': '{{ (1..2000000) | size }}' })(way)) === '2000000' ? 'made' : 'refused',
    right: 'refused',
    reference: 'made',
  },
  {
    subject: 'a root directive and `@replace` are left as they are stored',
    isOfModule: true,
    run: async ({ open }) => {
      const stored = {
        __segment_internal_directive: {
          '@transform': { apply: { a: { '@replace': { pattern: 'a', value: 'abc' } } } },
        },
        b: { '@path': '$.a' },
      }
      await open?.(definition()).executeAction('act', {
        event: { type: 'track' },
        mapping: stored,
        settings: {},
      })
      const { apply, ...more } = stored.__segment_internal_directive['@transform']
      return [Object.keys(more), Object.keys(apply.a['@replace'])]
    },
    right: [[], ['pattern', 'value']],
    reference: [['mapping'], ['pattern', 'value', 'replacement', 'ignorecase', 'global']],
  },
]

const fields: Row[] = [
  ['a minimum of 0 holds', accepts({ n: field('number', { minimum: 0 }) }, { n: -1 })],
  ['bounds of integers hold', accepts({ n: field('integer', { maximum: 5 }) }, { n: 6 })],
  ['white space is no number', accepts({ n: field('number') }, { n: '  ' })],
  [
    'an integer in a text keeps all its digits or is refused',
    accepts({ n: field('integer') }, { n: '9007199254740993' }),
  ],
  [
    'a condition on a list of values holds',
    accepts(
      { kind: field('string'), id: field('string', { required: condition('kind', 'is', ['a', 'b']) }) },
      { kind: 'a' },
    ),
  ],
  [
    'a condition on a missing property of an object holds',
    accepts(
      {
        phone: field('object', { properties: { number: field('string') } }),
        country: field('string', { required: condition('phone.number', 'is_not', undefined) }),
      },
      { phone: { number: '1' } },
    ),
  ],
  [
    'a property required on a condition leaves the others required',
    accepts(
      {
        kind: field('string'),
        o: field('object', {
          properties: {
            a: field('string', { required: true }),
            b: field('string', { required: condition('kind', 'is', 'x') }),
          },
        }),
      },
      { o: {} },
    ),
  ],
].map(([subject, run]) => ({ subject, run, right: 'invalid', reference: 'sent' }) as Row)

fields.push(
  {
    subject: "`''` is absent, alone and in a batch",
    run: async (way) => {
      const act = action({
        fields: { id: field('string', { required: true }) },
        performBatch: () => new way.core.MultiStatusResponse(),
      })
      const sending = {
        definition: definition(act),
        subscriptions: [subscribe(all, { id: '' })],
        events: [a],
      }
      return (await way.send({ ...sending, isBatch: true }))[0] === 'invalid' ? 'invalid' : 'taken'
    },
    right: 'invalid',
    reference: 'taken',
  },
  {
    subject: 'a field may be required on the sync mode',
    run: async (way) => {
      const required = { match: 'any', conditions: [{ type: 'syncMode', operator: 'is', value: 'add' }] }
      return accepts({ id: field('string', { required }) }, {})(way)
    },
    right: 'sent',
    reference: "thrown: Cannot read properties of undefined (reading 'split')",
  },
  {
    subject: 'two actions of one title have their own fields',
    run: async (way) => {
      const act = (key: string) => action({ fields: { [key]: field('string', { required: true }) } })
      const twins = { ...definition(), actions: { one: act('a'), two: act('b') } }
      const send = (slug: string, mapping: object) =>
        way.send({ definition: twins, subscriptions: [subscribe(all, mapping, slug)], events: [a] })
      return [...(await send('one', { a: '1' })), ...(await send('two', { b: '2' }))]
    },
    right: ['sent', 'sent'],
    reference: ['sent', 'invalid'],
  },
)

const batches: Row[] = [
  {
    subject: 'raw events of a batch stand beside their payloads',
    run: async (way) => {
      let seen: unknown
      await sendBatch(way, ['u1', '', 'u3'], ({ rawData }) => {
        seen = rawData.map(({ userId }) => userId)
        return new way.core.MultiStatusResponse()
      })
      return seen
    },
    right: ['u1', 'u3'],
    reference: ['u1', null, 'u3'],
  },
  {
    subject: 'a `performBatch` that returns nothing, or anything but a response, tells of no success',
    run: async (way) => [
      ...(await sendBatch(way, ['u1', 'u2'], () => undefined)),
      ...(await sendBatch(way, ['u1', 'u2'], () => [{ status: 500 }])),
    ],
    right: ['unknown', 'unknown', 'unknown', 'unknown'],
    reference: ['sent', 'sent', 'sent', 'sent'],
  },
  {
    subject: 'an invalid event of a batch is told apart from what the batch throws',
    run: (way) =>
      sendBatch(way, ['u1', ''], () => {
        throw new way.core.APIError('no', 418)
      }),
    right: ['rejected', 'invalid'],
    reference: ['thrown: no', 'thrown: no'],
  },
  {
    subject: 'only the refused items of a batch are sent again, after one refresh',
    run: async (way) => {
      refreshes = 0
      const sent: unknown[] = []
      const answer = ({ payload }: BatchInput) => {
        sent.push(payload.map(({ id }) => id))
        const result = new way.core.MultiStatusResponse()
        for (const { id } of payload)
          if (id === 'u2') result.pushErrorResponse({ status: 401, errormessage: 'who?' })
          else result.pushSuccessResponse({ status: 200, sent: {}, body: {} })
        return result
      }
      await sendBatch(way, ['u1', 'u2'], answer, tokens())
      return [refreshes, sent]
    },
    right: [1, [['u1', 'u2'], ['u2']]],
    reference: [
      2,
      [
        ['u1', 'u2'],
        ['u1', 'u2'],
      ],
    ],
  },
]

const events: Row[] = [
  {
    subject: 'a stored subscription is no setting of the action',
    isOfModule: true,
    run: async ({ open }) => {
      let seen: unknown
      const perform = (_request: unknown, { settings }: { settings: object }) => {
        seen = Object.keys(settings)
      }
      const settings = { key: 'k', subscription: subscribe(all) }
      await open?.(definition(action({ perform }))).onEvent({ type: 'track' }, settings as never)
      return seen
    },
    right: ['key'],
    reference: ['key', 'subscription'],
  },
  {
    subject: 'a subscription that fails leaves the fate of the others',
    run: async (way) => {
      const perform = (_request: unknown, { payload }: { payload: { id: string } }) => {
        if (payload.id === 'bad') throw new way.core.PayloadValidationError('no')
      }
      const subscriptions = [subscribe(all, { id: 'good' }), subscribe(all, { id: 'bad' })]
      return way.send({ definition: definition(action({ perform })), subscriptions, events: [a] })
    },
    right: ['sent', 'invalid'],
    reference: ['invalid'],
  },
  {
    subject: 'an unknown action in a batch is said to be unknown',
    isOfModule: true,
    run: (way) =>
      way.send({
        definition: definition(),
        subscriptions: [subscribe(all, {}, 'nope')],
        events: [a],
        isBatch: true,
      }),
    right: ['status 501'],
    reference: ["thrown: Cannot read properties of undefined (reading 'status')"],
  },
  {
    subject: 'a listener is told the results, and no secret',
    isOfModule: true,
    run: async ({ open }) => {
      let told: { input: { settings: unknown }; output: unknown } | undefined
      const authentication = { scheme: 'custom', fields: { key: field('password') } }
      const settings = { key: 'secret', subscriptions: [subscribe(all)] }
      const onComplete = (stats: typeof told) => {
        told = stats
      }
      await open?.(definition(action(), { authentication })).onEvent(
        { type: 'track' },
        settings as never,
        { onComplete } as never,
      )
      return [JSON.stringify(told?.input.settings).includes('secret'), Array.isArray(told?.output)]
    },
    right: [false, true],
    reference: [true, false],
  },
  {
    subject: 'responses of a long run are not kept for ever',
    isOfModule: true,
    run: async ({ open }) => {
      const destination = open?.(definition())
      for (let count = 0; count < 250; count++)
        destination?.actions.act?.emit('response', { status: 200, count })
      return destination?.responses.length
    },
    right: 100,
    reference: 250,
  },
  {
    subject: 'an object nested 100,000 deep is refused by name',
    run: async (way) => {
      let value: unknown = 1
      for (let level = 0; level < 100_000; level++) value = [value]
      const [fate] = await way.send({
        definition: definition(action({ fields: { v: field('object') } })),
        subscriptions: [subscribe(all, { v: { '@path': '$.deep' } })],
        events: [{ type: 'track', deep: value }],
      })
      return fate === 'thrown: Maximum call stack size exceeded' ? 'a full stack' : 'refused'
    },
    right: 'refused',
    reference: 'a full stack',
  },
]

/** What a vendor gets as JSON where the options of `extendRequest` and those of the call are merged. */
async function mergedBody(way: Way): Promise<unknown> {
  let body = ''
  const vendor = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (part) => {
      body += part
    })
    request.on('end', () => response.end('{}'))
  }).listen(0, '127.0.0.1')
  await new Promise((done) => vendor.once('listening', done))
  const { port } = vendor.address() as AddressInfo
  const perform = (request: (url: string, options: object) => unknown) =>
    request(`http://127.0.0.1:${port}/`, { method: 'post', json: { call: 1 } })
  const extendRequest = () => ({ json: { extension: 1 } })
  const given = definition(action({ perform }), { extendRequest })
  await way.send({ definition: given, subscriptions: [subscribe(all)], events: [a] })
  vendor.closeAllConnections()
  vendor.close()
  return JSON.parse(body)
}

const requests: Row[] = [
  {
    subject: 'merged `json` has no `headers: {}` of its own',
    run: mergedBody,
    right: { extension: 1, call: 1 },
    reference: { extension: 1, call: 1, headers: {} },
  },
]

export const rows: readonly Row[] = [...filters, ...mappings, ...fields, ...batches, ...events, ...requests]
