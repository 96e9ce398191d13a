import { APIError } from 'waybill'
import { classifyError, classifyItem, classifyResponse } from '../../../src/delivery/classify'

const response = (headers: Record<string, string>, data: unknown) => ({
  status: 403,
  data,
  headers: { get: (name: string) => headers[name] ?? null },
})

test.each([
  ['a page of a firewall', { 'content-type': 'text/html' }, '<html>Request blocked</html>', 'rejected'],
  ['a page without a type', {}, '<!DOCTYPE html><title>Attention Required!</title>', 'rejected'],
  ['a limit by its header', { 'retry-after': '60' }, {}, 'retry'],
  ['a limit that is used up', { 'x-ratelimit-remaining': '0' }, {}, 'retry'],
  ['a limit by its words', {}, { error: { errors: [{ reason: 'userRateLimitExceeded' }] } }, 'retry'],
  ['a key without a permission', {}, { error: 'insufficient scope' }, 'blocked'],
  ['nothing at all', {}, undefined, 'blocked'],
])('a 403 that is %s is read as such', (_what, headers, data, kind) => {
  expect(classifyResponse(response(headers, data), 0)).toMatchObject({ kind, status: 403, code: 'HTTP_403' })
})

test('an error or an item of a batch that tells a limit as 403 is tried again', () => {
  expect(classifyError(new APIError('Rate limit exceeded', 403), 0)).toMatchObject({ kind: 'retry' })
  expect(classifyItem({ status: 403, errormessage: 'Quota exceeded' }, 0)).toMatchObject({ kind: 'retry' })
  expect(classifyItem({ status: 403, headers: { 'retry-after': '2' } }, 0)).toMatchObject({ afterMs: 2_000 })
})
