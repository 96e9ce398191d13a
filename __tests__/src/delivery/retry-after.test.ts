import { answerWaitMs, retryAfterMs } from '../../../src/delivery/retry-after'

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['7', 7_000],
  ['7, 7', 7_000],
  ['3, 120', 120_000],
  ['0.2', 200],
  ['86400', 86_400_000],
  ['1767225660', 60_000],
  ['1767225660000', 60_000],
  ['1767225000', 0],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT, Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
  ['Thu, 01 Jan 2026 00:01:00 GMT, 5', 60_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After "%s" asks to wait %s ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected)
})

test('where a 429 has no Retry-After, the time at which the limit starts anew counts', () => {
  const reset = (value: string) => (name: string) => (name === 'x-ratelimit-reset' ? value : null)
  expect(answerWaitMs(429, reset('30'), now)).toBe(30_000)
  expect(answerWaitMs(429, reset('1767225630'), now)).toBe(30_000)
  expect(answerWaitMs(503, reset('30'), now)).toBeUndefined()
})
