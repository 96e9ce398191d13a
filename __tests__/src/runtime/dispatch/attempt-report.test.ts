import { type AttemptReport, type Connection, createRuntime } from 'waybill'
import { track, useVendor } from '../surface/vendor'
import { acme } from './acme'

const vendor = useVendor()
const secretive = (perform: object, more: object = {}): Connection => {
  const { destination, ...rest } = acme(perform)
  return {
    ...rest,
    destination: {
      ...destination,
      authentication: {
        scheme: 'custom',
        fields: { apiKey: { label: 'Key', description: '', type: 'password', required: true } },
      },
    } as never,
    settings: { apiKey: 'canary-secret-key' },
    ...more,
  }
}

test('an attempt is told with its requests, masked and cut', async () => {
  const reports: AttemptReport[] = []
  vendor.answer = () => ({ status: 503, body: { error: `bad canary-secret-key ${'x'.repeat(10_000)}` } })
  const runtime = createRuntime({
    connections: [
      secretive({
        perform: (request: (url: string, options: object) => unknown, { payload }: { payload: object }) =>
          request(`${vendor.emulator.url}/in?key=canary-secret-key`, {
            method: 'post',
            headers: { authorization: 'Bearer canary-secret-key' },
            json: { ...payload, key: 'canary-secret-key' },
          }),
      }),
    ],
    on: { attempt: (report) => void reports.push(report) },
  })
  await runtime.send([track('a')])
  await runtime.close()
  expect(reports).toHaveLength(1)
  const [report] = reports as [AttemptReport]
  expect(report).toMatchObject({
    connection: 'acme',
    subscription: 'go',
    action: 'go',
    messageId: 'm-a',
    attempt: 1,
    kind: 'retry',
    method: 'POST',
    status: 503,
    deliveries: [{ messageId: 'm-a', idempotencyKey: 'm-a', attempt: 1, kind: 'retry', code: 'HTTP_503' }],
    requests: [{ method: 'POST', status: 503, body: expect.stringContaining('"name":"a"') }],
  })
  expect(report.url).toMatch(/\/in\?key=\*+$/)
  expect(report.requests[0]?.responseBody?.length).toBeLessThanOrEqual(4_001)
  expect(Math.abs(report.startedAt - Date.now())).toBeLessThan(60_000)
  expect(JSON.stringify(reports)).not.toContain('canary')
})

test('a batch is one report; an attempt without a response says why; each redirect is a request', async () => {
  const reports: AttemptReport[] = []
  const runtime = createRuntime({
    connections: [
      acme({
        performBatch: (request) => request('http://127.0.0.1:1/'),
      }),
    ],
    on: { attempt: (report) => void reports.push(report) },
  })
  await runtime.send([track('a'), track('b')])
  expect(reports).toMatchObject([
    {
      kind: 'retry',
      requests: [{ error: expect.stringMatching(/./) }],
      deliveries: [{ messageId: 'm-a' }, { messageId: 'm-b' }],
    },
  ])
  expect(reports[0]).not.toHaveProperty('status')
  await runtime.close()
})
