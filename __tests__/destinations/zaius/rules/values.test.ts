import fc from 'fast-check'
import { regionOf } from '../../../../destinations/zaius/api'
import { birthday, gender } from '../../../../destinations/zaius/customer'
import { type EmailSettings, emailAction, hostname } from '../../../../destinations/zaius/event'
import { phone } from '../../../../destinations/zaius/identifiers'
import { plainValues, snakeCase } from '../../../../destinations/zaius/values'

test.each([
  ['Trial Started', 'trial_started'],
  ['trialStarted', 'trial_started'],
  ['  HTTPError  seen!', 'http_error_seen'],
  ['Order #12', 'order_12'],
  ['über-Größe', 'über_größe'],
  ['already_snake_case', 'already_snake_case'],
  ['商品 閲覧', '商品_閲覧'],
  ['!!!', ''],
])('%p becomes the type %p', (name, type) => {
  expect(snakeCase(name)).toBe(type)
})

test('a type in snake case stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const once = snakeCase(name)
      expect(snakeCase(once)).toBe(once)
    }),
  )
})

test.each([
  ['1990-12-10', { dob_year: 1990, dob_month: 12, dob_day: 10 }],
  ['1990-12-10T23:30:00-05:00', { dob_year: 1990, dob_month: 12, dob_day: 10 }],
  ['2000-02-29', { dob_year: 2000, dob_month: 2, dob_day: 29 }],
  [new Date('1990-12-10T00:00:00Z'), { dob_year: 1990, dob_month: 12, dob_day: 10 }],
  ['1900-02-29', undefined],
  ['1990-13-01', undefined],
  ['10/12/1990', undefined],
  [new Date(Number.NaN), undefined],
  [660787200, { dob_year: 1990, dob_month: 12, dob_day: 10 }],
  ['1990', { dob_year: 1990 }],
  ['1990-12', { dob_year: 1990, dob_month: 12 }],
  ['19901210', { dob_year: 1990, dob_month: 12, dob_day: 10 }],
  [null, undefined],
])('the birthday %p is %p', (value, fields) => {
  expect(birthday(value)).toEqual(fields)
})

test.each([
  ['+15552108050', '+15552108050'],
  ['+49 (241) 12-34.56', '+49241123456'],
  ['0049 241 123456', '+49241123456'],
  ['555 2108050', undefined],
  ['+0123456789', undefined],
  ['+1234567890123456', undefined],
  ['call me', undefined],
  [15552108050, undefined],
])('the phone number %p is %p', (value, number) => {
  expect(phone(value)).toBe(number)
})

test.each([
  ['female', 'F'],
  [' M ', 'M'],
  ['Male', 'M'],
  ['other', undefined],
  ['constructor', undefined],
  [1, undefined],
])('the gender %p is %p', (value, letter) => {
  expect(gender(value)).toBe(letter)
})

test.each([
  ['https://shop.example.com:8443/a?b#c', 'shop.example.com'],
  ['shop.example.com', 'shop.example.com'],
  ['/path', '/path'],
  ['data:text/plain,a', 'data:text/plain,a'],
])('the host of %p is %p', (text, host) => {
  expect(hostname(text)).toBe(host)
})

test.each([
  ['abc', 'us'],
  ['abc-eu1', 'eu'],
  ['abc-au1', 'apac'],
  ['abc-eu1.secret', 'eu'],
  ['abc.secret-eu1', 'us'],
  [' abc-eu1\n', 'eu'],
])('the key %p belongs to %p', (key, region) => {
  expect(regionOf(key)).toBe(region)
})

const emailActions: [string, string | undefined, EmailSettings, string][] = [
  ['open', undefined, {}, 'open'],
  ['spamreport', undefined, {}, 'spam_report'],
  ['spam_report', undefined, { spamReportAction: 'spamreport' }, 'spamreport'],
  ['hard_bounce', 'Hard', {}, 'hard_bounce'],
  ['hard_bounce', 'SoftBounce', {}, 'soft_bounce'],
  ['soft_bounce', undefined, { hardBounceAction: 'x' }, 'soft_bounce'],
]
test.each(emailActions)('the email action %p, %p with %j is %p', (action, kind, settings, sent) => {
  expect(emailAction(action, kind, settings)).toBe(sent)
})

test('plain values are kept as they are, and nothing else: whatever JSON holds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
      const dropped: string[] = []
      const result = plainValues(values, {}, (field, reason) => {
        if (!reason.startsWith('ODP drops it')) dropped.push(field)
      })
      for (const [field, value] of Object.entries(result)) {
        expect(Object.is(value, values[field])).toBe(true)
        expect(['string', 'number', 'boolean']).toContain(typeof value)
      }
      const left = Object.keys(values).filter(
        (field) => !Object.hasOwn(result, field) && values[field] !== null,
      )
      expect(left.sort()).toEqual(dropped.sort())
    }),
  )
})

test('what JSON cannot carry becomes text, or goes with a word', () => {
  const reasons: [string, string][] = []
  const date = new Date('2024-05-01T10:00:00Z')
  const values = {
    date,
    big: 12n,
    nan: Number.NaN,
    call: () => 1,
    bad: new Date(Number.NaN),
    ts: 'x',
    zaius_id: 'z',
  }
  expect(plainValues(values, {}, (field, reason) => reasons.push([field, reason]))).toEqual({
    date: '2024-05-01T10:00:00.000Z',
    big: '12',
  })
  expect(reasons.map(([field]) => field)).toEqual(['nan', 'call', 'bad', 'ts', 'zaius_id'])
})

test.each([
  ['companyName', 'company_name'],
  ['Plan Name', 'plan_name'],
  ['Crème', 'creme'],
  ['30days', 'days'],
  ['last_30days', 'last_30days'],
])('the name %p can be that of a field as %p', (name, converted) => {
  const notes: string[] = []
  const result = plainValues({ [name]: 1 }, { fieldNames: 'convert' }, (field) => notes.push(field))
  expect([result, notes]).toEqual([{ [converted]: 1 }, []])
})

test('a name is converted only where the settings say so and the name is free; else there is a word', () => {
  const notes: [string, string][] = []
  const dropped = (field: string, reason: string) => notes.push([field, reason])
  const reason = 'ODP drops it: names of fields are in lower snake case'
  expect(plainValues({ fooBar: 1, ok: 2 }, {}, dropped)).toEqual({ fooBar: 1, ok: 2 })
  expect(plainValues({ fooBar: 1, foo_bar: 2 }, { fieldNames: 'convert' }, dropped)).toEqual({
    fooBar: 1,
    foo_bar: 2,
  })
  expect(plainValues({ fooBar: 1, FooBar: 2 }, { fieldNames: 'convert' }, dropped)).toEqual({
    foo_bar: 1,
    FooBar: 2,
  })
  expect(notes).toEqual([
    ['fooBar', reason],
    ['fooBar', reason],
    ['FooBar', reason],
  ])
})
