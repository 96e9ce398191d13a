import fc from 'fast-check'
import { createCustomers } from '../../../emulators/zaius/customers'

const confidence = { email: 'high', user: 'high', cookie: 'low' } as const
const create = () => createCustomers((name) => confidence[name as keyof typeof confidence])
const idsOf = (customers: ReturnType<typeof create>) =>
  customers
    .all()
    .map(({ identifiers }) =>
      [...identifiers].flatMap(([name, values]) => values.map((value) => `${name}:${value}`)),
    )
    .map((ids) => ids.sort())

test('an anonymous customer who gives an email address becomes that customer', () => {
  const customers = create()
  const anonymous = customers.resolve({ cookie: 'c1' })
  expect(customers.resolve({ cookie: 'c1', email: 'a' })).toBe(anonymous)
  expect(idsOf(customers)).toEqual([['cookie:c1', 'email:a']])
})

test('an anonymous customer is merged into the known one, who keeps the id', () => {
  const customers = create()
  const known = customers.resolve({ email: 'a' })
  const anonymous = customers.resolve({ cookie: 'c1' })
  customers.write(anonymous, { city: 'Aachen' })
  expect(customers.resolve({ cookie: 'c1', email: 'a' })).toBe(known)
  expect(customers.current(anonymous.zaiusId)).toBe(known)
  expect(known.fields.get('city')?.value).toBe('Aachen')
})

test('two customers who share a high identifier become one: the older, with the newest value of each field', () => {
  const customers = create()
  const older = customers.resolve({ email: 'a', cookie: 'c1' })
  const newer = customers.resolve({ user: 'u', cookie: 'c2' })
  customers.write(newer, { city: 'Bonn', plan: 'pro' })
  customers.write(older, { city: 'Aachen' })
  expect(customers.resolve({ email: 'a', user: 'u' })).toBe(older)
  expect(idsOf(customers)).toEqual([['cookie:c1', 'cookie:c2', 'email:a', 'user:u']])
  expect([...older.fields].map(([name, { value }]) => [name, value]).sort()).toEqual([
    ['city', 'Aachen'],
    ['plan', 'pro'],
  ])
})

test('a cookie moves to the customer whom a high identifier names, and merges nobody', () => {
  const customers = create()
  const first = customers.resolve({ email: 'a', cookie: 'c1' })
  const second = customers.resolve({ email: 'b', cookie: 'c1' })
  expect(second).not.toBe(first)
  expect(idsOf(customers)).toEqual([['email:a'], ['cookie:c1', 'email:b']])
})

test('a high identifier of another kind goes to the customer of the cookie', () => {
  const customers = create()
  const customer = customers.resolve({ user: 'u', cookie: 'c1' })
  expect(customers.resolve({ email: 'a', cookie: 'c1' })).toBe(customer)
})

test('a customer keeps the last 25 values of an identifier', () => {
  const customers = create()
  for (let index = 0; index < 30; index++) customers.resolve({ email: 'a', cookie: `c${index}` })
  expect(customers.find('email', 'a')?.identifiers.get('cookie')).toEqual(
    Array.from({ length: 25 }, (_, index) => `c${index + 5}`),
  )
  expect(customers.find('cookie', 'c4')).toBeUndefined()
})

/** The oracle knows nothing of customers: two high identifiers are one person if calls connect them. */
function connected(calls: readonly Record<string, string>[]): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>()
  for (const call of calls) {
    const high = Object.entries(call).flatMap(([name, value]) =>
      name === 'cookie' ? [] : [`${name}:${value}`],
    )
    const joined = new Set(high.flatMap((id) => [...(groups.get(id) ?? [id])]))
    for (const id of joined) groups.set(id, joined)
  }
  return groups
}

test('who was named together is one customer, every identifier has one owner, merged ids lead to the survivor', () => {
  const value = fc.constantFrom('1', '2', '3')
  const call = fc.oneof(
    fc.record({ email: value, cookie: value }, { requiredKeys: ['email'] }),
    fc.record({ email: value, user: value, cookie: value }, { requiredKeys: ['user'] }),
    fc.record({ cookie: value }),
  )
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      const customers = create()
      const returned = calls.map((identifiers) => customers.resolve(identifiers as Record<string, string>))
      const owners = customers
        .all()
        .flatMap(({ identifiers }) =>
          [...identifiers].flatMap(([name, values]) => values.map((id) => `${name}:${id}`)),
        )
      expect(new Set(owners).size).toBe(owners.length)
      for (const customer of returned) expect(customers.all()).toContain(customers.current(customer.zaiusId))
      for (const group of connected(calls as Record<string, string>[]).values()) {
        const found = [...group].map((id) => customers.find(...(id.split(':') as [string, string])))
        expect(new Set(found).size).toBe(1)
      }
      const last = calls.at(-1)
      if (last !== undefined)
        for (const [name, id] of Object.entries(last)) expect(customers.find(name, id)).toBe(returned.at(-1))
    }),
  )
})
