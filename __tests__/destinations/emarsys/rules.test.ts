import type { Rule } from 'waybill/emulators/emarsys'
import { at, useAddOn } from './add-on'
import { event } from './deliver'

const addOn = useAddOn()
const steps = [{ event: 'View' }, { event: 'Add' }, { event: 'Checkout' }]

/** Configures one rule and makes the user known. */
async function useRule(rule: Partial<Rule>): Promise<void> {
  addOn.configure({
    programs: [{ id: 'cart' }],
    rules: [{ id: 'r', steps, trigger: { programId: 'cart' }, ...rule }],
  })
  await addOn.accept(event('identify', { userId: 'u', traits: { email: 'm@x' }, ...at('00:00') }))
}

/** Sends tracks, `View 12:00` each, and tells after how many the programs started. */
async function startsAfter(...calls: string[]): Promise<number[]> {
  const starts: number[] = []
  for (const [index, call] of calls.entries()) {
    const [name = '', time = ''] = call.split(' ')
    const before = addOn.programs().length
    await addOn.accept(addOn.track(name, time))
    for (let count = before; count < addOn.programs().length; count++) starts.push(index + 1)
  }
  return starts
}

test.each<[name: string, rule: Partial<Rule>, calls: string[], starts: number[]]>([
  ['three steps in order', {}, ['View 12:00', 'Add 12:01', 'Checkout 12:02'], [3]],
  ['a step that is missing', {}, ['View 12:00', 'Checkout 12:02'], []],
  [
    'other events between the steps',
    {},
    ['View 12:00', 'Other 12:01', 'Add 12:01', 'Other 12:01', 'Checkout 12:02'],
    [5],
  ],
  ['steps in another order', {}, ['Add 12:00', 'View 12:01', 'Checkout 12:02'], []],
  ['steps that arrive in another order', {}, ['Checkout 12:02', 'Add 12:01', 'View 12:00'], [3]],
  ['steps at one moment, in order of arrival', {}, ['View 12:00', 'Add 12:00', 'Checkout 12:00'], [3]],
  ['names in another letter case', {}, ['VIEW 12:00', 'add 12:01', 'checkout 12:02'], [3]],
  ['the whole within the window', { window: '2m' }, ['View 12:00', 'Add 12:01', 'Checkout 12:02'], [3]],
  ['the whole outside the window', { window: '2m' }, ['View 12:00', 'Add 12:01', 'Checkout 12:03'], []],
  [
    'a later beginning within the window',
    { window: '2m' },
    ['View 12:00', 'View 12:02', 'Add 12:03', 'Checkout 12:04'],
    [4],
  ],
  [
    'a step within its limit',
    { steps: [{ event: 'View' }, { event: 'Add', within: '5m' }] },
    ['View 12:00', 'Add 12:05'],
    [2],
  ],
  [
    'a step beyond its limit',
    { steps: [{ event: 'View' }, { event: 'Add', within: '5m' }] },
    ['View 12:00', 'Add 12:06'],
    [],
  ],
  [
    'a count',
    { steps: [{ event: 'View', count: 3 }] },
    ['View 12:00', 'View 12:01', 'View 12:02', 'View 12:03'],
    [3],
  ],
  [
    'a count within the limit since the step before',
    { steps: [{ event: 'View' }, { event: 'Add', count: 2, within: '5m' }] },
    ['View 12:00', 'Add 12:04', 'Add 12:05'],
    [3],
  ],
  [
    'a count that exceeds the limit since the step before',
    { steps: [{ event: 'View' }, { event: 'Add', count: 2, within: '5m' }] },
    ['View 12:00', 'Add 12:04', 'Add 12:06'],
    [],
  ],
  [
    'an exclusion between first and last',
    { unless: [{ event: 'Order' }] },
    ['View 12:00', 'Add 12:01', 'Order 12:02', 'Checkout 12:03'],
    [],
  ],
  [
    'an exclusion before the first',
    { unless: [{ event: 'Order' }] },
    ['Order 11:59', 'View 12:00', 'Add 12:01', 'Checkout 12:03'],
    [4],
  ],
  [
    'a beginning after the exclusion',
    { unless: [{ event: 'Order' }] },
    ['View 12:00', 'Order 12:01', 'View 12:02', 'Add 12:03', 'Checkout 12:04'],
    [5],
  ],
  [
    'an exclusion that arrives late, but before the end',
    { unless: [{ event: 'Order' }] },
    ['View 12:00', 'Add 12:01', 'Order 12:02', 'Checkout 12:05'],
    [],
  ],
  ['once', { steps: [{ event: 'View' }], repeat: 'once' }, ['View 12:00', 'View 12:01'], [1]],
  ['always', { steps: [{ event: 'View' }], repeat: 'always' }, ['View 12:00', 'View 12:01'], [1, 2]],
  [
    'a cooldown',
    { steps: [{ event: 'View' }], repeat: 'cooldown:10m' },
    ['View 12:00', 'View 12:09', 'View 12:10'],
    [1, 3],
  ],
  [
    'a cooldown whose messages were used',
    { steps: steps.slice(0, 2), repeat: 'cooldown:1m' },
    ['View 12:00', 'Add 12:01', 'Add 12:05', 'View 12:06', 'Add 12:07'],
    [2, 5],
  ],
  ['a rule that is switched off', { enabled: false }, ['View 12:00', 'Add 12:01', 'Checkout 12:02'], []],
])('%s', async (_name, rule, calls, starts) => {
  await useRule(rule)
  expect(await startsAfter(...calls)).toEqual(starts)
})

const conditions: [is: string, value: unknown, actual: unknown, expected: boolean][] = [
  ['equals', 5, 5, true],
  ['equals', 5, '5', false],
  ['notEquals', 5, 6, true],
  ['exists', undefined, 0, true],
  ['exists', undefined, null, false],
  ['exists', false, null, true],
  ['contains', 'oo', 'shoot', true],
  ['contains', 'a', ['a', 'b'], true],
  ['contains', 'c', ['a', 'b'], false],
  ['greater', 5, '6', true],
  ['greater', 5, 5, false],
  ['greater', 5, 'many', false],
  ['less', 5, 4.5, true],
  ['less', 5, undefined, false],
  ['in', ['a', 'b'], 'b', true],
  ['in', ['a', 'b'], 'c', false],
  ['matches', '^s.*t$', 'shoot', true],
  ['matches', '^S', 'shoot', false],
]

test.each(conditions)('where %s %j holds for %j: %p', async (is, value, actual, expected) => {
  const where = [{ path: 'properties -> value', is: is as 'equals', value }]
  await useRule({ steps: [{ types: ['track'], where }] })
  await addOn.accept(addOn.track('E', '12:00', { properties: { value: actual } }))
  expect(addOn.programs()).toHaveLength(expected ? 1 : 0)
})

test('a step can ask for the type of call and the name of a page or screen', async () => {
  await useRule({ steps: [{ types: ['screen'], name: 'Cart', isCaseSensitive: true }], repeat: 'always' })
  await addOn.accept(
    event('page', { userId: 'u', name: 'Cart' }),
    event('screen', { userId: 'u', name: 'cart' }),
    event('screen', { userId: 'u', name: 'Cart' }),
  )
  expect(addOn.programs()).toHaveLength(1)
})

test('A7: a program gets values of the last message and of the one that began each step', async () => {
  await useRule({
    steps: [{ event: 'View', count: 2 }, { event: 'Add' }],
    trigger: {
      programId: 'cart',
      data: {
        sku: 'properties.sku',
        seen: 'steps[0].properties.sku',
        when: 'timestamp',
        none: 'properties.none',
      },
    },
  })
  const [first, second, last] = ['1', '2', '3'].map((sku, minute) =>
    addOn.track(sku === '3' ? 'Add' : 'View', `12:0${minute}`, { properties: { sku } }),
  )
  await addOn.accept(first as never, second as never, last as never)
  expect((await addOn.control('GET', 'programs')).body).toEqual([
    {
      ruleId: 'r',
      programId: 'cart',
      primaryKey: 'm@x',
      eventTime: '2026-03-01T12:02:00.000Z',
      matchedMessageIds: [first, second, last].map((each) => each?.messageId),
      payload: { sku: '3', seen: '1', when: '2026-03-01T12:02:00.000Z' },
      triggerId: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ])
})

test('A9: a replayed message does not start a program again', async () => {
  await useRule({ steps: [{ event: 'View' }], repeat: 'always' })
  const sent = addOn.track('View', '12:00')
  await addOn.accept(sent, sent)
  expect(addOn.programs()).toEqual([[sent.messageId]])
})

describe('two rows that turn out to be one person', () => {
  const visitor = { userId: undefined, anonymousId: 'a' }
  const identified = () => event('identify', { userId: 'u', anonymousId: 'a', ...at('12:02') })

  test('have one history', async () => {
    await useRule({ steps: steps.slice(0, 2) })
    await addOn.accept(addOn.track('View', '12:00', visitor), addOn.track('Add', '12:01'))
    expect(addOn.programs()).toEqual([])
    await addOn.accept(identified())
    expect(addOn.programs()).toHaveLength(1)
  })

  test('do not fire again what either has fired', async () => {
    await useRule({ steps: steps.slice(0, 2) })
    await addOn.accept(
      addOn.track('View', '12:00', visitor),
      addOn.track('Add', '12:01', visitor),
      identified(),
    )
    expect(addOn.programs()).toHaveLength(1)
    expect(await startsAfter('View 12:03', 'Add 12:04')).toEqual([])
  })
})

test('what happened before a rule was there does not fire it', async () => {
  await useRule({ enabled: false })
  await startsAfter('View 12:00', 'Add 12:01')
  await useRule({})
  expect(await startsAfter('Checkout 12:02', 'View 12:03', 'Add 12:04', 'Checkout 12:05')).toEqual([4])
})

test('a message without a time counts from when it came, so that the clock decides', async () => {
  await useRule({ steps: [{ event: 'View' }, { event: 'Add', within: '1h' }], repeat: 'always' })
  const now = (name: string) => addOn.track(name, '', { timestamp: undefined })
  await addOn.accept(now('View'))
  addOn.emulator.advance('2h')
  await addOn.accept(now('Add'), now('View'))
  addOn.emulator.advance('30m')
  await addOn.accept(now('Add'))
  expect(addOn.programs()).toHaveLength(1)
})

test('only the last 200 messages of a person are remembered', async () => {
  await useRule({ steps: steps.slice(0, 2) })
  await addOn.accept(addOn.track('View', '12:00'))
  for (let index = 0; index < 199; index++) await addOn.accept(addOn.track('Other', '12:01'))
  await addOn.accept(addOn.track('Add', '12:02'))
  expect(addOn.programs()).toEqual([])
})
