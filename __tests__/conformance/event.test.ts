import * as fc from 'fast-check'
import { randomMapping, runs } from '../src/pipeline/random-mapping'
import { type Core, copy, expectSame, ours, outcomeOf, theirs } from '../support/both-cores'

type Input = Record<string, unknown> & { payload: unknown }

/** What an action gets, as far as it can be compared: the request client and the signal are functions. */
const seen = ({ signal, ...input }: Input) => ({ ...input, aborted: (signal as AbortSignal)?.aborted })

/** Actions that say what they got, refuse some payloads, and have what the framework can give to an action. */
const definitionFor = (core: Core, scheme: string) => {
  const fields = {
    kind: { label: 'Kind', description: '', type: 'string' },
    count: { label: 'Count', description: '', type: 'integer', required: true },
    names: { label: 'Names', description: '', type: 'string', multiple: true },
    nested: {
      label: 'Nested',
      description: '',
      type: 'object',
      properties: { a: { label: 'A', description: '', type: 'number' } },
    },
  }
  const act = (input: Input) => {
    const { kind } = (Array.isArray(input.payload) ? input.payload[0] : input.payload) as { kind?: string }
    if (kind === 'integration') throw new core.IntegrationError('refused', 'REFUSED', 422)
    if (kind === 'retryable') throw new core.RetryableError('later', 429)
    if (kind === 'payload') throw new core.PayloadValidationError('no id')
    if (kind === 'credentials') throw new core.InvalidAuthenticationError('who are you?')
    if (kind === 'api') throw new core.APIError('gone', 410)
    if (kind === 'audience') throw new core.InvalidAudienceMembershipError('neither in nor out')
    if (kind === 'timeout') throw new core.SelfTimeoutError('gave up')
    if (kind === 'bug') throw new TypeError('a bug')
    if (kind === 'text') throw 'no error at all'
    return seen(input)
  }
  const common = { title: 'Act', description: '', fields }
  return {
    name: 'A name with spaces',
    mode: 'cloud',
    authentication: {
      scheme,
      fields: { key: { label: 'Key', description: '', type: 'string', required: true } },
      refreshAccessToken: async (_request: unknown, { auth }: { auth: { refreshToken?: string } }) => {
        if (auth.refreshToken === 'spent') throw new core.InvalidAuthenticationError('spent')
        return auth.refreshToken === 'none' ? undefined : { accessToken: 'new', refreshToken: 'newer' }
      },
    },
    actions: {
      both: {
        ...common,
        syncMode: { label: 'Mode', description: '', default: 'add', choices: [] },
        hooks: { onMappingSave: { label: '', description: '', inputFields: {}, performHook: () => ({}) } },
        perform: (_request: unknown, input: Input) => act(input),
        performBatch: (_request: unknown, input: Input) => {
          act(input)
          const answer = new core.MultiStatusResponse()
          for (const [index, sent] of (input.payload as { count: number }[]).entries())
            if (sent.count < 0) answer.setErrorResponseAtIndex(index, { status: 401, errormessage: 'no' })
            else
              answer.setSuccessResponseAtIndex(index, { status: 200, sent: seen(input) as never, body: {} })
          return answer
        },
      },
      single: { ...common, title: 'Single', perform: (_request: unknown, input: Input) => act(input) },
      bare: {
        ...common,
        title: 'Bare',
        fields: {},
        perform: (_request: unknown, input: Input) => seen(input),
        performBatch: (_request: unknown, input: Input) => seen(input),
      },
    },
  }
}

const schemes = ['custom', 'oauth2', 'oauth-managed'] as const
const destinations = new Map(
  schemes.map((scheme) => [
    scheme,
    new Map([ours, theirs].map((core) => [core, new core.Destination(definitionFor(core, scheme) as never)])),
  ]),
)

const scalar = fc.constantFrom<unknown>(null, '', 'x', '5', '5.5', 0, -1, 2.5, true, false, 'new', 'u1')
const personas = fc.record(
  {
    computation_class: fc.constantFrom('audience', 'journey_step', 'computed_trait'),
    computation_key: fc.constantFrom('a', 'aud', ''),
    computation_id: fc.constant('id'),
    audience_settings: fc.constantFrom<unknown>({ extId: 1 }, {}, undefined),
    external_audience_id: fc.constant('ext'),
  },
  { requiredKeys: ['computation_class'], noNullPrototype: true },
)
const event = fc.record(
  {
    type: fc.constantFrom('track', 'identify', 'page'),
    event: fc.constantFrom('new', 'updated', 'deleted', 'A'),
    userId: scalar,
    properties: fc.record({ a: scalar, aud: scalar, list: fc.array(scalar, { maxLength: 3 }) }),
    traits: fc.record({ a: scalar, aud: fc.boolean() }),
    context: fc.record({ personas }, { requiredKeys: [] }),
  },
  { requiredKeys: ['type'], noNullPrototype: true },
)
const kind = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(undefined, 'ok', { '@path': '$.properties.a' }) },
  fc.constantFrom(
    'integration',
    'retryable',
    'payload',
    'credentials',
    'api',
    'audience',
    'timeout',
    'bug',
    'text',
  ),
)
const mapping = fc.record(
  {
    kind,
    count: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<unknown>(3, '7', -1, { '@path': '$.properties.a' }) },
      randomMapping(),
    ),
    names: fc.oneof(fc.constant({ '@path': '$.properties.list' }), randomMapping()),
    nested: randomMapping({ withMistakes: true }),
    __segment_internal_sync_mode: fc.constantFrom('add', 'update', 'upsert', 'delete', 'mirror', 'nope'),
    __segment_internal_matching_key: fc.constantFrom<unknown>('email', 5, ''),
    onMappingSave: fc.constant({ inputs: { a: 1 }, outputs: { id: 'x' } }),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const subscription = fc.record(
  {
    subscribe: fc.constantFrom(
      'type = "track"',
      'type = "identify" or event = "new"',
      'properties.a = "x"',
      'typo',
    ),
    partnerAction: fc.constantFrom('both', 'both', 'bare', 'single'),
    mapping,
    ID: fc.constant('action-config'),
    ConfigID: fc.constant('config'),
    ActionID: fc.constant('action'),
    ProjectID: fc.constant('project'),
  },
  { requiredKeys: ['subscribe', 'partnerAction'], noNullPrototype: true },
)
const settings = fc.record(
  {
    key: fc.constantFrom<unknown>('k', 'k', 'k', 5, undefined, ''),
    oauth: fc.record({
      access_token: fc.constant('old'),
      refresh_token: fc.constantFrom('good', 'good', 'none', 'spent'),
    }),
    dynamicAuthSettings: fc.constant({ oauth: { access_token: 'x' } }),
  },
  { requiredKeys: ['key'], noNullPrototype: true },
)

type Given = {
  scheme: (typeof schemes)[number]
  subscriptions: unknown[]
  settings: object
  events: unknown[]
  withContexts: boolean
}

/**
 * What a listener is told of a failure, without the places in the code that the reference puts into it. Of a
 * success the reference tells nothing, we tell the results.
 */
function failureIn(output: { error?: { message: string }; output?: string }[] | null) {
  const { error, output: text } = output?.[0] ?? {}
  if (error) return String(error.message).replace(/\n +at .*/g, '')
  return text === 'not subscribed' ? text : null
}

/** The reference writes defaults into the stored `@replace`; we leave stored mappings as they are. */
function withReplaceDefaults(key: string, value: unknown): unknown {
  if (key !== '@replace' || typeof value !== 'object' || value === null) return value
  const { pattern, pattern2, replacement, replacement2, ignorecase, global, ...others } = value as Record<
    string,
    unknown
  >
  return {
    ...others,
    pattern,
    pattern2,
    replacement: replacement ?? '',
    replacement2: replacement2 ?? '',
    ignorecase: ignorecase ?? false,
    global: global ?? true,
  }
}

/** Sends as `method`, and gives all that the caller sees: results, settings, listeners' calls, statistics. */
async function send(core: Core, method: 'onEvent' | 'onBatch', given: Given) {
  const destination = destinations.get(given.scheme)?.get(core) as InstanceType<Core['Destination']>
  // Apart, since the subscriptions run side by side.
  const told: Record<string, unknown[]> = { incr: [], refreshed: [], synchronized: [], complete: [] }
  const tell =
    (name: string) =>
    (...parameters: unknown[]) =>
      void told[name]?.push(copy(parameters))
  const stored = { ...copy(given.settings), subscriptions: copy(given.subscriptions) }
  const data = copy(method === 'onBatch' ? given.events : given.events[0])
  // After a mapping that throws, the reference leaves the tags of its fields behind.
  const incr = (name: string, value: number, tags: string[]) =>
    tell('incr')(
      name,
      value,
      tags?.filter((tag) => !tag.startsWith('fieldKey:')),
    )
  const statsContext = { statsClient: { incr, histogram: () => undefined }, tags: ['t'] }
  const options = given.withContexts
    ? {
        features: { flag: true },
        logger: { level: 'info' },
        transactionContext: { transaction: { id: '1' } },
        stateContext: { state: 1 },
        engageDestinationCache: { maxEntries: 1 },
        signal: AbortSignal.abort(),
        statsContext,
        onTokenRefresh: async (tokens: unknown) => tell('refreshed')(tokens),
        synchronizeRefreshAccessToken: async () => tell('synchronized')(),
        onComplete: ({ duration, input, output, ...stats }: Record<string, unknown>) =>
          tell('complete')([
            typeof duration,
            (input as { mapping: unknown }).mapping,
            failureIn(output as never),
            stats,
          ]),
      }
    : undefined
  const outcome = await outcomeOf(() => destination[method](data as never, stored as never, options as never))
  told.complete?.sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))
  return JSON.parse(JSON.stringify([outcome, told, stored], withReplaceDefaults))
}

test.each(['onEvent', 'onBatch'] as const)(
  'random events and subscriptions: %s does the same',
  async (method) => {
    const given = fc.record({
      scheme: fc.constantFrom(...schemes),
      subscriptions: fc.array(subscription, { maxLength: 2 }),
      settings,
      events: fc.array(event, { minLength: 1, maxLength: 4 }),
      withContexts: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(given, async (value) => {
        await expectSame((core) => send(core, method, value))
      }),
      runs(800),
    )
  },
)
