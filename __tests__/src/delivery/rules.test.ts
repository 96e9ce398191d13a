import * as fc from 'fast-check'
import {
  APIError,
  IntegrationError,
  InvalidAuthenticationError,
  PayloadValidationError,
  RetryableError,
} from 'waybill'
import { classifyError, classifyItem, classifyStatus } from '../../../src/delivery/classify'
import { createLimiter } from '../../../src/delivery/limit'
import { NetworkError } from '../../../src/delivery/request/network-error'
import { createRedact } from '../../../src/delivery/request/redact'
import { nextAttemptMs } from '../../../src/delivery/retry'
import { retryAfterMs } from '../../../src/delivery/retry-after'
import { vendorCode } from '../../../src/delivery/vendor-code'

test.each([
  [200, 'delivered'],
  [202, 'delivered'],
  [301, 'rejected'],
  [400, 'rejected'],
  [401, 'blocked'],
  [403, 'blocked'],
  [404, 'rejected'],
  [408, 'retry'],
  [423, 'retry'],
  [425, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [501, 'rejected'],
  [503, 'retry'],
])('status %i is %s, alone and as an item of a batch', (status, kind) => {
  expect(classifyStatus(status, { code: 'c', message: 'm' }).kind).toBe(kind)
  expect(classifyItem({ status }, 0).kind).toBe(kind)
})

test('an item of a batch says how long to wait by the headers of its answer', () => {
  const headers = { 'retry-after': '7' }
  expect(classifyItem({ status: 429, headers }, 0)).toMatchObject({ kind: 'retry', afterMs: 7000 })
  expect(classifyItem({ status: 429 }, 0)).not.toHaveProperty('afterMs')
})

test.each([
  [new PayloadValidationError('no'), { kind: 'invalid', owner: 'event', code: 'PAYLOAD_VALIDATION_FAILED' }],
  [new RetryableError('again'), { kind: 'retry', status: 500 }],
  [new InvalidAuthenticationError('key'), { kind: 'blocked', owner: 'configuration' }],
  [new APIError('gone', 410), { kind: 'rejected', status: 410 }],
  [new IntegrationError('x', 'SLOW', 429), { kind: 'retry', code: 'SLOW' }],
  [Object.assign(new Error('copy'), { status: 503, code: 'C' }), { kind: 'retry', status: 503 }],
  [new TypeError('x is undefined'), { kind: 'rejected', code: 'DESTINATION_BUG', owner: 'destination' }],
  ['a text', { kind: 'rejected', code: 'DESTINATION_BUG' }],
  [new NetworkError('ECONNREFUSED', 'no', { isSent: false }), { kind: 'retry', owner: 'network' }],
  [new NetworkError('ETIMEDOUT', 'no', { isSent: true }), { kind: 'unknown', owner: 'network' }],
])('an error of a definition is read by shape (%#)', (error, verdict) => {
  expect(classifyError(error, 0)).toMatchObject(verdict)
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 01 May 2024 12:00:30 GMT', 30_000],
  ['Wed, 01 May 2024 11:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  [null, undefined],
])('Retry-After %j asks to wait %p ms', (header, expected) => {
  expect(retryAfterMs(header, Date.parse('2024-05-01T12:00:00Z'))).toBe(expected)
})

test('back-off stays within its ceiling, the wish of the destination and the window', () => {
  const policy = { forMs: 100_000, maxAttempts: 50, minMs: 1_000, maxMs: 30_000 }
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 120_000 }),
      fc.option(fc.integer({ min: 0, max: 120_000 }), { nil: undefined }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempt, elapsedMs, afterMs, random) => {
        const next = nextAttemptMs(policy, { attempt, elapsedMs, afterMs, random })
        const remaining = policy.forMs - elapsedMs
        if (attempt >= policy.maxAttempts || remaining <= 0 || (afterMs ?? 0) > remaining)
          expect(next).toBeUndefined()
        else {
          expect(next).toBeLessThanOrEqual(remaining)
          expect(next).toBeGreaterThanOrEqual(afterMs ?? 0)
          if (afterMs === undefined)
            expect(next).toBeLessThanOrEqual(Math.min(30_000, 1_000 * 2 ** (attempt - 1)))
        }
      },
    ),
  )
})

test('a limiter never exceeds concurrency or rate, and serves in order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 40 }),
      (concurrency, requestsPerSecond, durations) => {
        let now = 0
        const timers: { at: number; task: () => void }[] = []
        const clock = {
          now: () => now,
          after: (ms: number, task: () => void) => {
            const timer = { at: now + ms, task }
            timers.push(timer)
            return () => void timers.splice(timers.indexOf(timer), 1)
          },
        }
        const limiter = createLimiter({ concurrency, requestsPerSecond, clock })
        const starts: { index: number; at: number }[] = []
        durations.forEach((duration, index) => {
          limiter.acquire(() => {
            starts.push({ index, at: now })
            expect(limiter.inFlight).toBeLessThanOrEqual(concurrency)
            clock.after(duration, () => limiter.release())
          })
        })
        while (timers.length > 0) {
          timers.sort((a, b) => a.at - b.at)
          const next = timers.shift() as { at: number; task: () => void }
          now = Math.max(now, next.at)
          next.task()
        }
        expect(starts.map(({ index }) => index)).toEqual(durations.map((_, index) => index))
        for (const { at } of starts) {
          const within = starts.filter((start) => start.at >= at && start.at < at + 1000).length
          expect(within).toBeLessThanOrEqual(requestsPerSecond + Math.max(1, requestsPerSecond / 10))
        }
      },
    ),
    { numRuns: 200 },
  )
})

test('secrets are hidden as they are, encoded, and under telling names', () => {
  const { text, headers } = createRedact(['s3cr&t"'])
  const basic = Buffer.from('s3cr&t":').toString('base64')
  for (const spelling of ['s3cr&t"', 's3cr%26t%22', 's3cr&t\\"', basic])
    expect(text(`a ${spelling} b`)).not.toContain(spelling.slice(0, 7))
  expect(text('https://x.example/?api_key=abc&page=1')).toBe('https://x.example/?api_key=***&page=1')
  expect(headers({ 'x-outbound-key': 'k', 'idempotency-key': 'm1', accept: '*/*' })).toEqual({
    'x-outbound-key': '***',
    'idempotency-key': 'm1',
    accept: '*/*',
  })
})

test('the beginning of a secret at the end of a text that was cut is hidden too', () => {
  const { text } = createRedact(['correct horse "battery"'])
  expect(text('the key was correct hor…')).toBe('the key was ***…')
  expect(text('the key was correct horse "batt')).toBe('the key was ***')
  expect(text('{"m":"{\\"k\\":\\"correct horse \\\\\\"battery\\\\\\"\\"}"}')).not.toContain('horse')
  expect(text('that is corre')).toBe('that is corre')
})

test.each([
  [{ error: { Code: 400, Message: 'user_id' } }, '400: user_id'],
  [{ replyCode: 2008, replyText: 'No contact' }, '2008: No contact'],
  [{ errors: [{ message: 'bad' }] }, 'bad'],
  [{ title: 'Bad Request', detail: { message: 'm' } }, 'Bad Request'],
  ['<html>', undefined],
  [{}, undefined],
])('%j tells %p', (body, expected) => {
  expect(vendorCode(body)).toBe(expected)
})
