import * as fc from 'fast-check'
import { type Fields, randomFields } from '../src/pipeline/random-fields'
import { eventValue, randomEvent } from '../src/pipeline/random-mapping'
import { type Core, copy, expectSame, freshReference, ours, outcomeOf, theirs } from '../support/both-cores'

beforeAll(() => {
  // Ajv writes of unknown formats.
  jest.spyOn(console, 'warn').mockImplementation(() => undefined)
})

const eventsPerDefinition = 8
/** Each case is a definition with eight events, alone and in a batch. */
const runs = { numRuns: process.env.WAYBILL_LONG ? 100_000 / eventsPerDefinition : 80 }

const fields = randomFields({ withDefects: true })

/** Every field from the event's member of its name, and a member that is no field. */
const mapping = (given: Fields) => ({
  ...Object.fromEntries(Object.keys(given).map((key) => [key, { '@path': `$.${key}` }])),
  unknown: { '@path': '$.a' },
  dynamicAuthSettings: { '@path': '$.d' },
})

const events = fc.array(randomEvent, { minLength: eventsPerDefinition, maxLength: eventsPerDefinition })

let definitions = 0
const definitionOf = (given: Fields) => {
  definitions += 1
  return {
    name: `Definition ${definitions}`,
    mode: 'cloud',
    authentication: { scheme: 'custom', fields: given },
    actions: {
      act: {
        title: 'Act',
        description: '',
        fields: given,
        perform: (_request: unknown, { payload }: { payload: unknown }) => payload,
        performBatch: (_request: unknown, { payload }: { payload: unknown }) => payload,
      },
    },
  }
}

/** The methods that types of the reference hide from all but tests. */
type Open = Record<'partnerAction' | 'executeAction' | 'executeBatch', (...parameters: unknown[]) => unknown>

test('random fields give the same schemas', () => {
  const options = fc.constantFrom(
    undefined,
    { tsType: true },
    { additionalProperties: true },
    { omitRequiredSchemas: true },
  )
  fc.assert(
    fc.property(fields, options, (given, option) => {
      const schemas = [ours, theirs].map((core) => core.fieldsToJsonSchema(copy(given) as never, option))
      expect(schemas[0]).toEqual(schemas[1])
    }),
    runs,
  )
})

test('random fields give the same payloads and errors, alone and in a batch', async () => {
  await fc.assert(
    fc.asyncProperty(fields, events, async (given, data) => {
      const definition = definitionOf(given)
      await expectSameOnFreshReference(async (core) => {
        const destination = new core.Destination(
          copy({ ...definition, actions: {} }) as never,
        ) as unknown as Open
        destination.partnerAction('act', definition.actions.act)
        const input = { mapping: mapping(given), settings: {} }
        const alone = []
        for (const event of copy(data))
          alone.push(await outcomeOf(() => destination.executeAction('act', { ...input, event })))
        const batch = await destination.executeBatch('act', { ...input, events: copy(data) })
        return [alone, batch]
      })
    }),
    runs,
  )
})

test('random settings are accepted, changed and refused alike', async () => {
  const settings = fc.array(
    fc.record({ a: eventValue, b: eventValue, c: eventValue, d: eventValue, list: eventValue }),
    { minLength: eventsPerDefinition, maxLength: eventsPerDefinition },
  )
  await fc.assert(
    fc.asyncProperty(fields, settings, async (given, all) => {
      const definition = { ...definitionOf(given), actions: {} }
      await expectSameOnFreshReference((core) => {
        const destination = new core.Destination(copy(definition) as never)
        return copy(all).map((each) => {
          try {
            destination.validateSettings(each as never)
            return each
          } catch (error) {
            const { name, message, status } = error as Error & { status?: number }
            return { name, message, status }
          }
        })
      })
    }),
    runs,
  )
})

function expectSameOnFreshReference(run: (core: Core) => unknown) {
  const reference = freshReference()
  return expectSame((core) => run(core === ours ? ours : reference))
}
