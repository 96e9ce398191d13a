import { action, all, definition, field, type Row, subscribe } from './row'
import type { Way } from './ways'

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

const a = { type: 'track', event: 'A' }

export const fields: Row[] = [
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
