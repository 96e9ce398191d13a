import { createRuntime, type SegmentEvent } from 'waybill'
import { createSampleEvents } from 'waybill/testing'
import { exampleVendor } from '../../../destinations/example-vendor'
import * as emulator from '../../../destinations/example-vendor/emulator'

let vendor: emulator.ExampleVendorEmulator

beforeEach(async () => {
  vendor = await emulator.startExampleVendorEmulator()
})
afterEach(() => vendor.close())

async function deliver(event: SegmentEvent, apiKey = emulator.acceptedKey) {
  const runtime = createRuntime({
    connections: [
      {
        destination: exampleVendor,
        settings: { apiKey, endpoint: vendor.url },
        subscriptions: [{ action: 'recordEvent', filter: 'type = "track"' }],
      },
    ],
  })
  const [outcome] = await runtime.send([event])
  await runtime.close()
  return outcome
}

test('the vendor takes an event, once however often it is sent', async () => {
  const event = createSampleEvents().track('Signed Up')
  expect(await deliver(event)).toMatchObject({ kind: 'delivered', status: 200 })
  expect(await deliver(event)).toMatchObject({ kind: 'delivered', status: 200 })
  expect(vendor.accepted).toEqual([
    {
      path: '/v1/record-event',
      body: {
        user_id: event.userId,
        anonymous_id: event.anonymousId,
        event: 'Signed Up',
        properties: event.properties,
        timestamp: event.timestamp,
      },
    },
  ])
})

test('an event without a name is not sent', async () => {
  const outcome = await deliver({ type: 'track', messageId: 'm', userId: 'u' })
  expect(outcome).toMatchObject({ kind: 'invalid', fields: [{ path: 'event', received: 'missing' }] })
  expect(vendor.requestCount).toBe(0)
})

test('an event without any id is refused by the vendor', async () => {
  const outcome = await deliver({ type: 'track', messageId: 'm', event: 'Signed Up' })
  expect(outcome).toMatchObject({ kind: 'rejected', status: 400 })
})

test('an unknown key blocks the connection', async () => {
  const outcome = await deliver(createSampleEvents().track('Signed Up'), 'another-key')
  expect(outcome).toMatchObject({ kind: 'blocked', status: 401 })
  expect(vendor.accepted).toEqual([])
})
