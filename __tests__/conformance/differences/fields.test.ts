import { outcomeOf } from '../../support/both-cores'
import {
  action,
  all,
  definition,
  field,
  type Row,
  send,
  statuses,
  subscribe,
  testRows,
  type Way,
} from '../../support/differences'

/** Whether fields accept a payload. */
const accepts = (fields: object, payload: object) => async (way: Way) => {
  const results = await send(way, definition(action({ fields })), [subscribe(all, payload)], {
    type: 'track',
  })
  return Array.isArray(results) && results.at(-1)?.output === 'Action Executed'
}

const condition = (fieldKey: string, operator: string, value: unknown) => ({
  match: 'all',
  conditions: [{ fieldKey, operator, value }],
})
const fields: Row[] = [
  {
    row: 'a minimum of 0 holds',
    verdict: 'F',
    run: accepts({ n: field('number', { minimum: 0 }) }, { n: -1 }),
    right: false,
    reference: true,
  },
  {
    row: 'bounds of integers hold',
    verdict: 'F',
    run: accepts({ n: field('integer', { maximum: 5 }) }, { n: 6 }),
    right: false,
    reference: true,
  },
  {
    row: 'a condition on a list of values holds',
    verdict: 'F',
    run: accepts(
      { kind: field('string'), id: field('string', { required: condition('kind', 'is', ['a', 'b']) }) },
      { kind: 'a' },
    ),
    right: false,
    reference: true,
  },
  {
    row: 'a condition on a missing member of an object holds',
    verdict: 'F',
    run: accepts(
      {
        phone: field('object', { properties: { number: field('string') } }),
        country: field('string', { required: condition('phone.number', 'is_not', undefined) }),
      },
      { phone: { number: '1' } },
    ),
    right: false,
    reference: true,
  },
  {
    row: 'a member required on a condition leaves the others required',
    verdict: 'F',
    run: accepts(
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
    right: false,
    reference: true,
  },
  {
    row: 'an empty text is absent, alone and in a batch',
    verdict: 'F',
    run: async (way) => {
      const act = action({
        fields: { id: field('string', { required: true }) },
        performBatch: () => new way.core.MultiStatusResponse(),
      })
      const outcome = await outcomeOf(() =>
        way.open(definition(act)).onBatch([{ type: 'track' }], {
          subscriptions: [subscribe(all, { id: '' })],
        } as never),
      )
      return statuses(outcome)
    },
    right: [400],
    reference: [500],
  },
  {
    row: 'a field required on the sync mode can be defined',
    verdict: 'B',
    run: async (way) => {
      const required = { match: 'any', conditions: [{ type: 'syncMode', operator: 'is', value: 'add' }] }
      const outcome = await outcomeOf(() =>
        Boolean(way.open(definition(action({ fields: { id: field('string', { required }) } })))),
      )
      return Object.keys(outcome as object)
    },
    right: ['value'],
    reference: ['thrown'],
  },
  {
    row: 'two actions of one title have their own fields',
    verdict: 'B',
    run: async (way) => {
      const twins = {
        name: `Twins of ${Math.random()}`,
        mode: 'cloud',
        actions: {
          one: action({ fields: { a: field('string', { required: true }) } }),
          two: action({ fields: { b: field('string', { required: true }) } }),
        },
      }
      const destination = way.open(twins)
      const run = (slug: string, mapping: object) =>
        outcomeOf(() =>
          destination.executeAction(slug, {
            event: { type: 'track' },
            mapping: mapping as never,
            settings: {},
          }),
        )
      await run('one', { a: '1' })
      return Object.keys((await run('two', { b: '2' })) as object)
    },
    right: ['value'],
    reference: ['thrown'],
  },
]

testRows(fields)
