import * as fc from 'fast-check'
import { isCredentialName } from '../../../../src/delivery/request/credential-names'
import { createRedact } from '../../../../src/delivery/request/redact'
import { secretsOf } from '../../../../src/delivery/request/secrets-of'
import { spellings } from '../../../support/spellings'

const secrets = [
  'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
  's3cr&t"<pä/ss>\\wörd\'',
  'correct horse "battery" staple',
  'hunter2',
  'A1-b',
  'line1\nline2-of-the-key',
  'ключ-доступа-77',
]

describe.each(secrets)('the secret %j', (secret) => {
  const { text } = createRedact([secret])
  test.each(Object.entries(spellings(secret)))('is hidden %s', (_name, spelled) => {
    const hidden = text(`key "${spelled}" is refused`)
    expect(hidden).not.toContain(spelled)
    expect(hidden).toContain('***')
    expect(hidden).toMatch(/^key ".*is refused$/s)
  })
})

test('spellings of random secrets are hidden wherever they stand', () => {
  fc.assert(
    fc.property(
      fc
        .string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
        .filter((text) => /[a-z0-9]{4}/i.test(text) && text.trim() === text),
      fc.constantFrom('{"k":"', 'https://x.test/?q=', 'a\\n', '(', 'key='),
      (secret, lead) => {
        const { text } = createRedact([secret])
        for (const [name, spelled] of Object.entries(spellings(secret)))
          if (spelled.length >= 8)
            expect({ name, hidden: text(`${lead}${spelled}" no`).includes(spelled) }).toEqual({
              name,
              hidden: false,
            })
      },
    ),
    { numRuns: 60 },
  )
})

test.each([
  ['the API key ending in p7dc is wrong', 'the API key ending in *** is wrong'],
  ['Invalid key sk_live_****p7dc.', 'Invalid key **********'],
  ['last four characters: p7dc', 'last four characters: ***'],
  ['key …1zdp7dc was revoked', 'key …*** was revoked'],
  ['key LYJWDARJTT1ZDP7DC was revoked', 'key *** was revoked'],
  ['the key was sk_live_4eC39HqLy…', 'the key was ***…'],
  ['see https://user:pass@x.test/a', 'see https://user:***@x.test/a'],
  ['client_secret=abc&page=1', 'client_secret=***&page=1'],
  [
    'GET /x?sig=abc&pwd=b&writeKey=c&accountSid=d&page=1',
    'GET /x?sig=***&pwd=***&writeKey=***&accountSid=***&page=1',
  ],
])('%j becomes %j', (given, expected) => {
  expect(createRedact(['sk_live_4eC39HqLyjWDarjtT1zdp7dc']).text(given)).toBe(expected)
})

test.each([
  [
    'no',
    'the vendor has no body: not known, nothing noted; say no',
    'the vendor has no body: not known, nothing noted; say no'.replace(/\bno\b/g, '***'),
  ],
  ['1', 'status 1 of 12, item 1x, v1', 'status *** of 12, item 1x, v1'],
  ['test', 'the latest contest: test failed, attestation', 'the latest contest: *** failed, attestation'],
  [
    'acme-production',
    'in production the production line of acme',
    'in production the production line of acme',
  ],
])('the short or wordy secret %j leaves other words alone', (secret, given, expected) => {
  expect(createRedact([secret]).text(given)).toBe(expected)
})

test('ordinary texts stay as they are', () => {
  const { text } = createRedact(['sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'hunter2', 'correct horse battery'])
  for (const ordinary of [
    'the destination answered 429; idempotency_key=m1 & page=2',
    '{"event":"Order Completed","properties":{"revenue":12.5,"url":"https://shop.test/a?b=c#d"}}',
    'connect ECONNREFUSED 127.0.0.1:8080',
    'a redirect (status 302) was not followed: it leads to another origin, https://x.test',
    'retry after 120 s ... then the last 4 characters are checked',
  ])
    expect(text(ordinary)).toBe(ordinary)
})

test.each([
  'sig',
  'pwd',
  'writeKey',
  'accountSid',
  'X-Api-Key',
  'x-hub-signature-256',
  'Authorization',
  'set-cookie',
  'client_secret',
  'refreshToken',
  'webhookUrl',
  'APIKey',
  'jwt',
  'x-outbound-key',
  'key',
  'password2_password',
])('%s names a credential', (name) => expect(isCredentialName(name)).toBe(true))

test.each([
  'idempotency-key',
  'token_type',
  'author',
  'signal',
  'assignee',
  'keyboard',
  'max_tokens',
  'publicKey',
  'sidebar',
  'primary_key',
  'content-type',
  'passenger',
  'design',
  'message',
])('%s names none', (name) => expect(isCredentialName(name)).toBe(false))

test('secrets are found by type, by name, in addresses and below oauth', () => {
  const fields = { site: { type: 'string' }, pin: { type: 'password' }, accountSid: { type: 'string' } }
  const found = secretsOf(fields, {
    site: 'eu',
    pin: 'p1',
    accountSid: 'AC0123456789',
    webhookUrl: 'https://hooks.slack.test/services/T00000000/B00000000/XXXXsecretXXXX',
    endpoint: 'https://me:pa%25ss@api.test/v1?sig=0a1b2c&page=2',
    credentials: '{"client_email":"me@x.test","private_key":"-----BEGIN KEY-----abc"}',
    nested: { deep: [{ api_key: 'k-123456' }] },
    oauth: { access_token: 'at-1', token_type: 'Bearer', more: { id_token: 'it-2', list: ['lt-3'] } },
  })
  for (const secret of [
    'p1',
    'AC0123456789',
    'XXXXsecretXXXX',
    'pa%ss',
    '0a1b2c',
    '-----BEGIN KEY-----abc',
    'k-123456',
    'at-1',
    'it-2',
    'lt-3',
  ])
    expect(found).toContain(secret)
  for (const ordinary of ['eu', 'Bearer', '2', 'me@x.test', 'services']) expect(found).not.toContain(ordinary)
})

test('it is quick: a megabyte, ten secrets', () => {
  const { text } = createRedact(
    Array.from(
      { length: 10 },
      (_, index) => `${'0123456789abcdef'.slice(index)}-secret-${index}-${'x'.repeat(index * 8)}`,
    ),
  )
  const long = '{"event":"Order Completed","properties":{"revenue":12.5,"currency":"EUR"}}\n'.repeat(14_000)
  text('ready')
  const startedAt = performance.now()
  text(long)
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})

test('hostile texts and secrets cost no more', () => {
  const { text } = createRedact([
    '\\\\\\\\"\\"\\"\\\\',
    '****abcdefgh****',
    '&amp;&amp;&amp;',
    '%25%25%25%2525',
  ])
  const startedAt = performance.now()
  for (const hostile of [
    '\\'.repeat(50_000),
    '*'.repeat(50_000),
    '&amp;'.repeat(10_000),
    '%25'.repeat(17_000),
    '?a'.repeat(25_000),
    'x'.repeat(50_000),
  ])
    text(hostile)
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})
