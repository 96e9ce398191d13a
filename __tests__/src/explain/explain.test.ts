import * as fc from 'fast-check'
import {
  createRuntime,
  defineAction,
  defineDestination,
  defineSettings,
  explain,
  path,
  template,
} from 'waybill'
import { printSubscription } from '../../../src/pipeline/filter/print-subscription'
import { expressionEvent, randomExpression } from '../pipeline/filter/random-expression'
import { randomFields } from '../pipeline/random-fields'
import { randomEvent, randomMapping, runs } from '../pipeline/random-mapping'

const settings = defineSettings({
  apiKey: { label: 'Key', description: 'The key.', type: 'password', required: true },
})
const signUp = defineAction({
  settings,
  title: 'Sign Up',
  description: 'Adds a member.',
  fields: {
    email: {
      label: 'Email',
      description: 'Where to write to.',
      type: 'string',
      format: 'email',
      required: true,
      default: {
        '@if': {
          exists: path('$.traits.email'),
          then: path('$.traits.email'),
          else: path('$.properties.email'),
        },
      },
    },
    greeting: {
      label: 'Greeting',
      description: 'First words.',
      type: 'string',
      default: template('Hi {{traits.name}}'),
    },
    age: { label: 'Age', description: 'In years.', type: 'integer', default: path('$.traits.age') },
    note: { label: 'Note', description: 'Anything.', type: 'string', default: path('$.traits.note') },
  },
  perform: (request, { payload, settings: { apiKey }, idempotencyKey }) =>
    request('https://members.example.com/add', {
      method: 'post',
      headers: { 'x-api-key': apiKey, 'x-id': idempotencyKey ?? '' },
      json: payload,
    }),
})
const club = defineDestination({
  name: 'Club',
  slug: 'club',
  settings,
  authentication: { scheme: 'custom' },
  actions: { signUp },
})
const key = 'canary-key-0123456789'
const event = {
  type: 'identify',
  messageId: 'message-1',
  traits: { email: 'ada@example.com', name: 'Ada', age: '36', note: null },
}
const connection = (filter: string, mapping?: Record<string, unknown>) => ({
  destination: club,
  settings: { apiKey: key },
  subscriptions: [{ action: 'signUp', filter, ...(mapping === undefined ? {} : { mapping }) }],
})

const explainOne = async (filter: string, given: object = event, mapping?: Record<string, unknown>) => {
  const { subscriptions } = await explain({ connection: connection(filter, mapping), event: given as never })
  return subscriptions[0]!
}

describe('an explanation', () => {
  test('shows each comparison of a filter with the value it met, and what was not looked at', async () => {
    const { filter, fields, requests } = await explainOne(
      'type = "track" or traits.age >= 18 and userId != null',
    )
    expect(filter).toMatchObject({ matches: false })
    expect(filter.trace).toEqual({
      kind: 'or',
      text: 'type = "track" or traits.age >= 18 and userId != null',
      result: false,
      operands: [
        {
          kind: 'compare',
          text: 'type = "track"',
          result: false,
          met: [{ text: 'type', value: 'identify' }],
        },
        {
          kind: 'and',
          text: 'traits.age >= 18 and userId != null',
          result: false,
          operands: [
            {
              kind: 'compare',
              text: 'traits.age >= 18',
              result: false,
              met: [{ text: 'traits.age', value: '36' }],
            },
            { kind: 'compare', text: 'userId != null' },
          ],
        },
      ],
    })
    expect([fields, requests]).toEqual([undefined, undefined])
  })

  test('shows for each field the directive, its inputs, its output and what was coerced or dropped', async () => {
    const { fields, payload } = await explainOne('type = "identify"')
    expect(payload).toEqual({ email: 'ada@example.com', greeting: 'Hi Ada', age: 36 })
    const [email, greeting, age, note] = fields!
    expect(email).toMatchObject({
      key: 'email',
      label: 'Email',
      isRequired: true,
      value: 'ada@example.com',
      changes: [],
      mapping: {
        directive: '@if',
        text: '$.traits.email, else $.properties.email',
        inputs: [
          { role: 'exists', trace: { directive: '@path', output: 'ada@example.com' } },
          { role: 'then', trace: { directive: '@path', output: 'ada@example.com' } },
        ],
      },
    })
    expect(greeting!.mapping).toMatchObject({
      directive: '@template',
      text: 'Hi {{traits.name}}',
      inputs: [{ role: 'traits.name', trace: { output: 'Ada' } }],
      output: 'Hi Ada',
    })
    expect(age!.changes).toEqual([
      { path: 'age', kind: 'coerced', from: '36', to: 36, reason: 'string to number' },
    ])
    expect(note!.changes).toEqual([
      { path: 'note', kind: 'dropped', from: null, reason: 'null counts as absent' },
    ])
  })

  test('names the problems of an event that cannot satisfy the fields, each at its field', async () => {
    const one = await explainOne('type = "identify"', { ...event, traits: { email: 'nowhere', age: 'old' } })
    expect(one.payload).toBeUndefined()
    expect(one.requests).toEqual([])
    expect(one.outcome).toMatchObject({ kind: 'invalid' })
    expect(one.fields!.map(({ key: name, problems }) => [name, problems.length])).toEqual([
      ['email', 1],
      ['greeting', 0],
      ['age', 1],
      ['note', 0],
    ])
  })

  test('holds the request that would be sent, secrets masked, and sends nothing', async () => {
    const network = jest.spyOn(globalThis, 'fetch')
    const { requests, outcome } = await explainOne('type = "identify"')
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'https://members.example.com/add',
        headers: expect.objectContaining({ 'x-api-key': '***' }),
        body: JSON.stringify({ email: 'ada@example.com', greeting: 'Hi Ada', age: 36 }),
      },
    ])
    expect(outcome).toBeUndefined()
    expect(network).not.toHaveBeenCalled()
    network.mockRestore()
  })

  test('tells the reply and the outcome when it is to send, also without the key that the vendor repeats', async () => {
    const answer = async () => new Response(`wrong key ${key}`, { status: 401 })
    const explanation = await explain({
      connection: connection('type = "identify"'),
      event,
      send: true,
      fetch: answer as typeof fetch,
    })
    const [one] = explanation.subscriptions
    expect(one!.requests![0]!.reply).toEqual({ status: 401, body: 'wrong key ***' })
    expect(one!.outcome).toMatchObject({ kind: 'blocked', status: 401 })
    expect(JSON.stringify(explanation)).not.toContain(key)
  })

  test('says why the connection as a whole skips an event, and gives second matches keys of their own', async () => {
    const both = { ...connection('type = "identify"') }
    const twice = {
      ...both,
      subscriptions: [...both.subscriptions, { ...both.subscriptions[0]!, name: 'again' }],
    }
    const off = { ...event, integrations: { Club: false } }
    expect(await explain({ connection: twice, event: off })).toMatchObject({
      connection: 'club',
      messageId: 'message-1',
      skipped: 'integrations',
      subscriptions: [{ filter: { matches: true } }, { filter: { matches: true } }],
    })
    const chosen = await explain({ connection: twice, event, subscription: 'again' })
    expect(chosen.subscriptions.map(({ name }) => name)).toEqual(['again'])
    const ids: unknown[] = []
    const record = async (_url: unknown, init?: RequestInit) => {
      ids.push(new Headers(init?.headers).get('x-id'))
      return new Response()
    }
    await createRuntime({ connections: [twice], fetch: record as typeof fetch }).send([event])
    const { subscriptions } = await explain({ connection: twice, event })
    expect(subscriptions.map(({ requests }) => requests?.[0]?.headers['x-id'])).toEqual(ids)
    expect(new Set(ids).size).toBe(2)
  })
})

/** The long run has 100,000 cases. */
const longTimeoutMs = 900_000

describe('an explanation agrees with the runtime', () => {
  test(
    'on every filter',
    async () => {
      await fc.assert(
        fc.asyncProperty(randomExpression, expressionEvent, async (tree, root) => {
          const filter = printSubscription(tree)
          const probe = { ...connection(filter), destination: probeOf({}, () => undefined), settings: {} }
          const explained = await explain({ connection: probe, event: root as never })
          const runtime = createRuntime({ connections: [probe] })
          const [outcome] = await runtime.send([root as never])
          const { matches, trace } = explained.subscriptions[0]!.filter
          expect(matches).toBe(outcome!.kind !== 'skipped')
          expect(trace!.result).toBe(matches)
        }),
        runs(200),
      )
    },
    longTimeoutMs,
  )

  test(
    'on every payload',
    async () => {
      const cases = randomFields().chain((fields) =>
        fc.tuple(
          fc.constant(fields),
          fc.tuple(
            ...Object.keys(fields).map((name) =>
              fc.oneof(fc.constant<unknown>({ '@path': `$.${name}` }), randomMapping()),
            ),
          ),
          randomEvent,
        ),
      )
      await fc.assert(
        fc.asyncProperty(cases, async ([fields, values, root]) => {
          const mapping = Object.fromEntries(Object.keys(fields).map((name, index) => [name, values[index]]))
          let delivered: unknown
          const probe = {
            destination: probeOf(fields, (payload) => {
              delivered = payload
            }),
            settings: {},
            subscriptions: [
              { action: 'signUp', filter: 'a != "no such text"', mapping, batch: false as const },
            ],
          }
          const runtime = createRuntime({ connections: [probe] })
          const [outcome] = await runtime.send([root as never])
          const expected = delivered
          const [one] = (await explain({ connection: probe, event: root as never })).subscriptions
          if (outcome?.kind === 'invalid') expect(one!.problems).toEqual(outcome.fields)
          else {
            expect(outcome!.kind).toBe('delivered')
            expect(one!.payload).toEqual(expected)
            for (const field of one!.fields!) expect(field.value).toEqual((expected as never)[field.key])
            for (const { mapping: trace, value, changes } of one!.fields!)
              if (changes.length === 0 && trace !== undefined)
                expect(withoutUndefined(trace.output)).toEqual(withoutUndefined(value))
          }
        }),
        runs(200),
      )
    },
    longTimeoutMs,
  )
})

const withoutUndefined = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))

/** A destination whose one action keeps what it gets. */
const probeOf = (fields: object, keep: (payload: unknown) => void) => ({
  name: 'Probe',
  mode: 'cloud' as const,
  actions: {
    signUp: {
      title: 'Probe',
      description: 'Keeps payloads.',
      fields: fields as never,
      perform: (_request: unknown, { payload }: { payload: unknown }) => keep(payload),
    },
  },
})
