import { sharePreparations } from '../../../../src/runtime/open/shared-preparations'

const fields = { email: { label: 'Email', description: '', type: 'string' } }
const mapping = () => ({ email: { '@path': '$.traits.email' } })

test('subscriptions of the same fields with equal mappings share one preparation', () => {
  const prepare = sharePreparations()
  const first = prepare({ fields, mapping: mapping(), path: 'connections[0].mapping' })
  expect(prepare({ fields, mapping: mapping(), path: 'connections[1].mapping' })).toBe(first)
})

test.each([
  ['another mapping', { fields, mapping: { email: 'x' } }],
  ['other fields', { fields: { ...fields }, mapping: mapping() }],
  ['another mode', { fields, mapping: mapping(), compatibility: true }],
  ['another sync mode', { fields, mapping: mapping(), syncMode: 'add' }],
  ['stricter keys', { fields, mapping: mapping(), strictKeys: true }],
])('%s has one of its own', (_name, options) => {
  const prepare = sharePreparations()
  expect(prepare(options)).not.toBe(prepare({ fields, mapping: mapping() }))
})

test('mappings that only look alike as JSON share nothing', () => {
  const prepare = sharePreparations()
  const ofNothing = prepare({ fields, mapping: { email: null } })
  const ofNumber = prepare({ fields, mapping: { email: Number.NaN } })
  expect(ofNothing.map({})).toEqual({ email: null })
  expect(ofNumber.map({})).toEqual({ email: Number.NaN })
})

test('a mistake is reported each time, where it stands', () => {
  const prepare = sharePreparations()
  const wrong = { email: { '@path': 5 } }
  for (const path of ['connections[0].mapping', 'connections[1].mapping'])
    expect(() => prepare({ fields, mapping: wrong, path })).toThrow(`${path}.email.@path: should be a string`)
})
