import { createRandom } from '../events/random'

/** What the name of a field says of its values, the more special first. All of it is made up or reserved for examples. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/e_?mail/, 'sample@example.com'],
  [/phone|mobile|msisdn|sms|fax/, '+14155550142'],
  [/country/, 'US'],
  [/currency/, 'USD'],
  [/locale/, 'en-US'],
  [/language/, 'en'],
  [/time_?zone/, 'America/Los_Angeles'],
  [/post(al)?_?code|zip/, '94107'],
  [/birth|date|(^|_)time|timestamp|_at$/, '2026-01-15T12:00:00.000Z'],
  [/(^|_)(url|uri|href|link|website|referrer)$|webhook/, 'https://example.com/sample'],
  [/(^|_)ip(_address|v4)?$/, '192.0.2.1'],
  [/host(name)?$|domain/, 'example.com'],
  [/user_agent/, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0'],
  [/first_?name|given_?name/, 'Ada'],
  [/last_?name|family_?name|surname/, 'Byron'],
  [/^(full_?)?name$/, 'Ada Byron'],
  [/city|town/, 'San Francisco'],
  [/^(state|region|province)$/, 'CA'],
  [/gender/, 'female'],
]

const isId = /(^|_)(id|uuid|guid|number|code)s?$/

const snake = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

/**
 * A text as a vendor gets it in a field of this name: a telephone number for `phone`, `US` for `countryCode`, digits for
 * an id. Always the same for the same name; `sample <name>` where the name says nothing.
 */
export function realisticText(key: string): string {
  const name = snake(key)
  const known = byName.find(([pattern]) => pattern.test(name))
  if (known !== undefined) return known[1]
  return isId.test(name) ? String(createRandom(name).integer(100_000, 999_999)) : `sample ${key}`
}
