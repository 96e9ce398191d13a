import type { SubscriptionTotals } from 'waybill'
import { mergeNotes } from '../../../../src/cli/report/merge-notes'
import { subscriptionRows } from '../../../../src/cli/report/subscription-rows'

const row = (delivered: number, rejected = 0): SubscriptionTotals => ({
  delivered,
  skipped: 100 - delivered - rejected,
  invalid: 0,
  rejected,
  retry: 0,
  unknown: 0,
  blocked: 0,
  skipReasons: {},
})
const rows = (counts: readonly number[]) =>
  Object.fromEntries(counts.map((delivered, index) => [`s${index}`, row(delivered)]))

describe('the rows of a connection', () => {
  test('are its subscriptions, up to ten', () => {
    const ten = rows([1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
    expect(subscriptionRows(ten).map(({ name }) => name)).toEqual(Object.keys(ten))
  })

  test('are those that delivered most and those that failed, in their order; the rest is one row', () => {
    const many = { ...rows([1, 20, 2, 30, 40, 50, 60, 70, 80, 90, 10, 3]), failing: row(0, 5), last: row(4) }
    const shown = subscriptionRows(many)
    expect(shown.map(({ name }) => name)).toEqual([
      's1',
      's3',
      's4',
      's5',
      's6',
      's7',
      's8',
      's9',
      's10',
      'failing',
      '… 4 others',
    ])
    expect(shown.at(-1)?.row).toMatchObject({ delivered: 10, skipped: 390, rejected: 0 })
  })

  test('lose nothing: their sums are those of all', () => {
    const many = rows(Array.from({ length: 40 }, (_, index) => (index * 37) % 100))
    const total = (kind: 'delivered' | 'skipped', counts: readonly Record<typeof kind, number>[]) =>
      counts.reduce((sum, count) => sum + count[kind], 0)
    for (const kind of ['delivered', 'skipped'] as const)
      expect(
        total(
          kind,
          subscriptionRows(many).map(({ row }) => row),
        ),
      ).toBe(total(kind, Object.values(many)))
  })
})

test('the same note of several subscriptions of a connection is one', () => {
  const note = { connection: 'c', field: 'products', reason: 'nested', count: 3 }
  expect(
    mergeNotes([
      { ...note, subscription: 'a' },
      { ...note, subscription: 'a', field: 'sorts', count: 4 },
      { ...note, subscription: 'b', count: 2 },
      { ...note, subscription: 'b', connection: 'd', count: 1 },
    ]),
  ).toEqual([
    { ...note, count: 5, subscriptions: ['a', 'b'] },
    { ...note, field: 'sorts', count: 4, subscriptions: ['a'] },
    { ...note, connection: 'd', count: 1, subscriptions: ['b'] },
  ])
})
