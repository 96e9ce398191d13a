import * as fc from 'fast-check'
import { runs } from '../src/pipeline/random-mapping'
import { type Core, copy, expectSame, ours, theirs } from '../support/both-cores'

const scalar = fc.constantFrom<unknown>(
  'Order Completed',
  'A',
  'AB',
  '',
  '5',
  5,
  0,
  true,
  false,
  null,
  undefined,
)
const holder = fc.oneof(
  fc.record(
    { plan: scalar, 'x y': scalar, total: scalar, list: fc.constant(['A', 1]) },
    { requiredKeys: [] },
  ),
  scalar,
)
const event = fc.record(
  {
    type: fc.constantFrom('track', 'identify', 'page', 5, null),
    event: scalar,
    name: scalar,
    userId: scalar,
    properties: holder,
    traits: holder,
    context: fc.record({ app: holder, plan: scalar }, { requiredKeys: [] }),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const field = fc.constantFrom(
  'type',
  'event',
  'name',
  'userId',
  'anonymousId',
  'properties.plan',
  'properties.total',
  'properties.x\\ y',
  'properties.list',
  'traits.plan',
  'context.app.plan',
  'context.plan',
  'nope',
)
const value = fc.constantFrom(
  '"track"',
  '"A"',
  '"Order Completed"',
  '"5"',
  '5',
  '-1',
  '0.5',
  'true',
  'false',
  'null',
  "'track'",
  'track',
  '""',
)
const pattern = fc.constantFrom('"A*"', '"*B"', '"*A*"', '"A"', '"a?d"', '"*"', '5')
const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=', 'in', '==')
const comparison = fc
  .tuple(field, operator, value, fc.constantFrom(' ', ''))
  .map(([left, sign, right, space]) => `${left}${space}${sign}${space}${right}`)
const call = fc.oneof(
  fc.tuple(field, value).map(([name, text]) => `contains(${name}, ${text})`),
  fc.tuple(field, pattern).map(([name, text]) => `match(${name}, ${text})`),
  fc
    .tuple(field, fc.constantFrom('length', 'lowercase', 'typeof'))
    .map(([name, verb]) => `${verb}(${name}) = 5`),
)
const filter = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    call,
    fc
      .tuple(tie('any'), fc.constantFrom(' and ', ' or ', ' AND '), tie('any'))
      .map((parts) => parts.join('')),
    tie('any').map((inner) => `(${inner})`),
    tie('any').map((inner) => `!(${inner})`),
    call.map((inner) => `!${inner}`),
  ),
})).any
/** Filters with a character too many, too few, or another one. */
const broken = fc
  .tuple(filter, fc.nat(60), fc.constantFrom('', '(', ')', '"', ' ', 'and', '!', '=', '.', '\\', '*'))
  .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + (more === '' ? 1 : 0)))
const noFilter = fc.constantFrom<unknown>('', ' ', undefined, null, 5, {})

const definition = {
  name: 'Filters',
  mode: 'cloud',
  actions: {
    act: { title: 'Act', description: '', fields: {}, perform: () => 'sent', performBatch: () => undefined },
  },
}
const destinations = new Map([ours, theirs].map((core) => [core, new core.Destination(definition as never)]))
const destinationOf = (core: Core) => destinations.get(core) as InstanceType<Core['Destination']>

const subscribed = (subscribe: unknown) => ({
  subscriptions: [{ subscribe, partnerAction: 'act', mapping: { a: 1 } }],
})

test.each<[string, fc.Arbitrary<unknown>]>([
  ['filters', filter],
  ['filters with a mistake', broken],
  ['no filters', noFilter],
])('random %s let the same events through, and are refused with the same words', async (_name, given) => {
  await fc.assert(
    fc.asyncProperty(given, fc.array(event, { minLength: 2, maxLength: 5 }), async (text, events) => {
      await expectSame(async (core) => [
        await destinationOf(core).onBatch(copy(events) as never, subscribed(text) as never),
        await destinationOf(core).onEvent(copy(events[0]) as never, subscribed(text) as never),
      ])
    }),
    runs(500),
  )
})
