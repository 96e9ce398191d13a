import type { Verdict } from '../../../../src/outcome'
import { decide } from '../../../../src/runtime/dispatch/decide'

const retry = { forMs: 60_000, maxAttempts: 3, minMs: 1_000, maxMs: 8_000, allowDuplicates: false }
const policy = { retry, isIdempotent: false, canRenew: false }
const state = { attempt: 1, firstAttemptAt: 100, hasRenewed: false }
const fault = { owner: 'destination', code: 'C', message: 'm' } as const
const verdict = (kind: string, more: object = {}) => ({ kind, ...fault, ...more }) as Verdict
const at = (
  now: number,
  given: Verdict,
  changes: Partial<typeof policy> = {},
  stand: Partial<typeof state> = {},
) => decide(given, { ...state, ...stand }, { ...policy, ...changes }, now, 0.5)

test.each([
  ['delivered', verdict('delivered'), { step: 'settle' }],
  ['skipped', verdict('skipped'), { step: 'settle' }],
  ['invalid', verdict('invalid'), { step: 'settle' }],
  ['rejected', verdict('rejected'), { step: 'settle' }],
  ['retry', verdict('retry'), { step: 'putBack', afterMs: 500 }],
  ['a wish to wait', verdict('retry', { afterMs: 7_000 }), { step: 'putBack', afterMs: 7_500 }],
  ['a wish beyond the window', verdict('retry', { afterMs: 70_000 }), { step: 'settle' }],
  ['unknown', verdict('unknown'), { step: 'settle' }],
  ['refused credentials', verdict('blocked', { status: 401 }), { step: 'block', scope: 'connection' }],
  ['a missing permission', verdict('blocked', { status: 403 }), { step: 'block', scope: 'action' }],
])('%s', (_what, given, expected) => {
  expect(at(100, given)).toEqual(expected)
})

test('what is unknown is repeated where that is safe or allowed', () => {
  const again = { step: 'putBack', afterMs: 500 }
  expect(at(100, verdict('unknown'), { isIdempotent: true })).toEqual(again)
  expect(at(100, verdict('unknown'), { retry: { ...retry, allowDuplicates: true } })).toEqual(again)
})

test('refused tokens are renewed, once', () => {
  const refused = verdict('blocked', { status: 401 })
  expect(at(100, refused, { canRenew: true })).toEqual({ step: 'renew' })
  expect(at(100, refused, { canRenew: true }, { hasRenewed: true })).toMatchObject({ step: 'block' })
  expect(at(100, verdict('blocked', { status: 403 }), { canRenew: true })).toMatchObject({ step: 'block' })
})

test('attempts and the window end it', () => {
  expect(at(100, verdict('retry'), {}, { attempt: 3 })).toEqual({ step: 'settle' })
  expect(at(60_100, verdict('retry'))).toEqual({ step: 'settle' })
  expect(at(60_000, verdict('retry'))).toEqual({ step: 'putBack', afterMs: 100 })
})
