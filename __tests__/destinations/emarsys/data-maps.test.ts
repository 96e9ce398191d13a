import type { DataMap } from 'waybill/emulators/emarsys'
import { at, useAddOn } from './add-on'
import { event } from './deliver'

const addOn = useAddOn()
const key = 'm@example.com'
const field = 500
const traits = { email: key }

/** What a value becomes in a field; undefined when nothing is written. */
async function mapped(map: Omit<DataMap, 'from' | 'to'>, value: unknown): Promise<unknown> {
  addOn.configure({ fields: [{ id: field }], dataMaps: [{ from: 'properties.value', to: field, ...map }] })
  await addOn.accept(event('track', { userId: 'u', traits, properties: { value } }))
  return addOn.field(key, field)
}

const choices = { true: 1, false: 2, red: 11, blue: 12 }

const conversions: [transform: DataMap['transform'], value: unknown, stored: unknown][] = [
  ['none', 'text', 'text'],
  ['none', 0, '0'],
  ['none', false, 'false'],
  ['none', 12.5, '12.5'],
  ['none', { a: 1 }, undefined],
  ['none', ['a'], undefined],
  ['date', '2026-03-01', '2026-03-01'],
  ['date', '2026-03-01T23:30:00-02:00', '2026-03-02'],
  ['date', '2026-03-01T00:30:00.000+0100', '2026-02-28'],
  ['date', Date.UTC(2026, 2, 1, 23, 59), '2026-03-01'],
  ['date', '2026-02-30', undefined],
  ['date', '01.03.2026', undefined],
  ['date', 8.64e15, undefined],
  ['date', true, undefined],
  ['numeric', 42, '42'],
  ['numeric', '007.50', '7.50'],
  ['numeric', -0.5, '-0.5'],
  ['numeric', 1e21, '1000000000000000000000'],
  ['numeric', 1e-7, '0.0000001'],
  ['numeric', '9'.repeat(24), '9'.repeat(24)],
  ['numeric', '9'.repeat(25), undefined],
  ['numeric', '1,000', undefined],
  ['numeric', true, undefined],
  ['optIn', true, '1'],
  ['optIn', 1, '1'],
  ['optIn', 'Yes', '1'],
  ['optIn', 'opted_in', '1'],
  ['optIn', false, '2'],
  ['optIn', 2, '2'],
  ['optIn', 'no', '2'],
  ['optIn', 'perhaps', undefined],
  ['boolChoice', true, '1'],
  ['boolChoice', false, '2'],
  ['boolChoice', 'true', undefined],
  ['singleChoice', 'red', '11'],
  ['singleChoice', 12, '12'],
  ['singleChoice', 'green', undefined],
  ['singleChoice', 'constructor', undefined],
  ['multiChoice', ['red', 'blue'], ['11', '12']],
  ['multiChoice', 'blue, red', ['12', '11']],
  ['multiChoice', ['red', 'green'], undefined],
  ['multiChoice', 5, undefined],
  ['json', { a: [1, null] }, '{"a":[1,null]}'],
  ['json', [1, 2], '[1,2]'],
  ['json', 'text', undefined],
]

test.each(conversions)('%s makes of %j: %j', async (transform, value, stored) => {
  expect(await mapped({ ...(transform === undefined ? {} : { transform }), choices }, value)).toEqual(stored)
  const [entry] = addOn.emulator.account().journal
  const isDropped = stored === undefined
  expect(entry?.dropped).toEqual(isDropped ? [{ from: 'properties.value', fieldId: field, transform }] : [])
  // The contact itself never fails.
  expect(addOn.rows()).toEqual([['', 'u', key]])
})

test('a value that cannot be converted drops that field alone', async () => {
  addOn.configure({
    dataMaps: [
      { from: 'traits.born', to: 'birth_date', transform: 'date' },
      { from: 'traits.name', to: 'first_name' },
    ],
  })
  await addOn.accept(
    event('identify', { userId: 'u', traits: { ...traits, born: 'in spring', name: 'Ada' } }),
  )
  expect([addOn.field(key, 4), addOn.field(key, 1)]).toEqual([undefined, 'Ada'])
})

describe('without a value', () => {
  const after = async (
    map: Omit<DataMap, 'from' | 'to'>,
    emptyValues: 'skip' | 'clear',
    properties: object,
  ) => {
    addOn.configure({
      fields: [{ id: field }],
      emptyValues,
      dataMaps: [{ from: 'properties.value', to: field, ...map }],
    })
    await addOn.accept(
      event('track', { userId: 'u', traits, properties: { value: 'old' }, ...at('12:00') }),
      event('track', { userId: 'u', properties, ...at('12:01') }),
    )
    return addOn.field(key, field)
  }

  test.each([
    ['absent', {}, 'skip', {}, 'old'],
    ['absent', {}, 'clear', {}, 'old'],
    ['absent', { whenMissing: 'clear' }, 'skip', {}, undefined],
    ['absent', { default: 'new' }, 'skip', {}, 'new'],
    ['null', {}, 'skip', { value: null }, 'old'],
    ['null', {}, 'clear', { value: null }, undefined],
    ['empty', {}, 'skip', { value: '' }, 'old'],
    ['empty', {}, 'clear', { value: '' }, undefined],
    ['empty', { default: 'new' }, 'clear', { value: '' }, 'new'],
  ] as const)(
    '%s with %j and empty values %s: %j leaves %j',
    async (_name, map, emptyValues, properties, left) => {
      expect(await after(map, emptyValues, properties)).toBe(left)
    },
  )
})

test('of two maps to one field the last decides, and the key field always holds the key', async () => {
  addOn.configure({
    fields: [{ id: field, stringId: 'shoe_size' }],
    dataMaps: [
      { from: 'traits.first', to: field },
      { from: 'traits.second', to: 'shoe_size' },
      { from: 'traits.second', to: 'email' },
    ],
  })
  await addOn.accept(event('identify', { userId: 'u', traits: { ...traits, first: 'a', second: 'b' } }))
  expect([addOn.field(key, field), addOn.field(key, 3)]).toEqual(['b', key])
})

test('a map can be for some types of call alone', async () => {
  addOn.configure({ dataMaps: [{ from: 'name', to: 25, types: ['page'] }] })
  await addOn.accept(event('screen', { userId: 'u', traits, name: 'Home' }))
  expect(addOn.field(key, 25)).toBeUndefined()
  await addOn.accept(event('page', { userId: 'u', name: 'Cart' }))
  expect(addOn.field(key, 25)).toBe('Cart')
})

test('a message that comes late does not hide a newer value', async () => {
  addOn.configure({ dataMaps: [{ from: 'traits.city', to: 'first_name' }] })
  await addOn.accept(
    event('identify', { userId: 'u', traits: { ...traits, city: 'new' }, ...at('12:05') }),
    event('identify', { userId: 'u', traits: { city: 'old' }, ...at('12:01') }),
  )
  expect(addOn.field(key, 1)).toBe('new')
})

test('A5: the first value creates the contact, in the segment of the add-on', async () => {
  addOn.configure({ dataMaps: [{ from: 'event', to: 25 }] })
  await addOn.accept(event('identify', { userId: 'u', traits }))
  expect((await addOn.control('GET', 'segments')).body).toEqual({ 'segment.com': [] })
  await addOn.accept(event('track', { userId: 'u', event: 'Seen' }))
  expect((await addOn.control('GET', 'segments')).body).toEqual({ 'segment.com': [key] })
  expect((await addOn.control('GET', 'contacts')).body).toMatchObject([
    {
      key,
      fields: [
        { id: 25, name: 'URL', value: 'Seen' },
        { id: 3, name: 'Email', value: key },
      ],
    },
  ])
})
