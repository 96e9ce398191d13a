import fc from 'fast-check'
import { customerFields } from '../../../../destinations/zaius/customer'
import { identifiers } from '../../../../destinations/zaius/identifiers'
import { order, sumOfLines } from '../../../../destinations/zaius/order'

const ignore = () => undefined

test('the sum of the lines has no noise: whole cents in, whole cents out', () => {
  const line = fc.record({
    price: fc.integer({ min: 0, max: 1_000_000 }),
    discount: fc.integer({ min: 0, max: 1000 }),
    quantity: fc.integer({ min: 0, max: 20 }),
  })
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
      const cents = lines.reduce(
        (sum, { price, discount, quantity }) => sum + (price - discount) * quantity,
        0,
      )
      const sum = sumOfLines(
        lines.map(({ price, discount, quantity }) => ({
          price: price / 100,
          discount: discount / 100,
          quantity,
        })),
      )
      expect(sum).toBe(cents / 100 + 0)
    }),
  )
})

test('lines without a price say nothing; a line may state its subtotal itself', () => {
  expect(sumOfLines([])).toBeUndefined()
  expect(sumOfLines([{ product_id: 'a', quantity: 2 }])).toBeUndefined()
  expect(sumOfLines([{ subtotal: 7, price: 100 }, { price: 2 }])).toBe(9)
})

test('a line without product is left out with a word, and further fields do not go over the known ones', () => {
  const dropped: string[] = []
  const items = [{ product_id: 'p', price: 1 }, { price: 2 }]
  const made = order({ order_id: 'o', items, order_fields: { status: 'new', order_id: 'x' } }, (field) =>
    dropped.push(field),
  )
  expect(made).toEqual({ status: 'new', order_id: 'o', subtotal: 1, items: [{ product_id: 'p', price: 1 }] })
  expect(dropped).toEqual(['order.items[1]'])
})

test('identifiers are texts that are not blank, under the names of the account', () => {
  const dropped: string[] = []
  const given = {
    user_id: 7,
    anonymous_id: ' a ',
    email: ['x'],
    phone: '+15552108050',
    shop_id: 's',
    zaius_id: 'z',
    vuid: '',
  }
  expect(identifiers(given, { userIdField: 'customer_id' }, (field) => dropped.push(field))).toEqual({
    customer_id: '7',
    segment_anonymous_id: 'a',
    shop_id: 's',
  })
  expect(dropped).toEqual(['email', 'zaius_id'])
})

test.each([undefined, {}, { user_id: ' ' }, { email: {} }, { phone: '+15552108050' }])(
  'nobody is identified by %j',
  (given) => {
    expect(() => identifiers(given, {}, ignore)).toThrow('ODP needs to know who it was')
  },
)

test('every field of a customer is plain, whatever the traits are', () => {
  const name = fc.constantFrom(
    'firstName',
    'address',
    'birthday',
    'gender',
    'phone',
    'email',
    '__proto__',
    'constructor',
    'zaius_id',
    'plan',
  )
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue()), fc.boolean(), (traits, clearWithNull) => {
      const fields = customerFields(traits, { clearWithNull }, ignore)
      for (const [field, value] of Object.entries(fields)) {
        expect(field).not.toBe('zaius_id')
        if (value === null) expect(clearWithNull && !['email', 'phone'].includes(field)).toBe(true)
        else expect(['string', 'number', 'boolean']).toContain(typeof value)
      }
    }),
  )
})

test('what is left out of the traits is said', () => {
  const dropped: [string, string][] = []
  const traits = {
    gender: 'x',
    phone: '1',
    birthday: 'soon',
    address: { door: 'blue' },
    company: {},
    zaius_id: 'z',
  }
  expect(customerFields(traits, {}, (field, reason) => dropped.push([field, reason]))).toEqual({})
  expect(dropped.map(([field]) => field)).toEqual([
    'address.door',
    'birthday',
    'gender',
    'phone',
    'company',
    'zaius_id',
  ])
})
