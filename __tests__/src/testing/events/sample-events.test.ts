import { platforms } from '../../../../src/testing/events/context'
import { createSampleEvents } from '../../../../src/testing/events/sample-events'
import { semanticEventNames } from '../../../../src/testing/events/semantic-events'
import { problemsOf, specTable } from './spec-table'

const allNames = Object.values(semanticEventNames).flat()
const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('semantic events', () => {
  test('are exactly those that the Spec describes', () => {
    expect([...allNames].sort()).toEqual(Object.keys(specTable).sort())
  })

  test.each(allNames)('%s has the properties of the Spec, of the types of the Spec', (name) => {
    for (let seed = 0; seed < 10; seed++) {
      const { properties } = createSampleEvents({ seed }).track(name)
      expect(problemsOf(properties, specTable[name] ?? '')).toEqual([])
    }
  })

  test('the amounts of an order agree with each other and with its products', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { properties } = createSampleEvents({ seed }).track('Order Completed')
      const worth = properties.products.reduce((sum, { price, quantity }) => sum + price * quantity, 0)
      expect(properties.revenue).toBeCloseTo(worth, 2)
      expect(properties.subtotal).toBeCloseTo(properties.revenue - properties.discount, 2)
      expect(properties.total).toBeCloseTo(properties.subtotal + properties.shipping + properties.tax, 2)
    }
  })

  test('email events name the recipient and account events the account in their context', () => {
    const sample = createSampleEvents()
    for (const name of semanticEventNames.email)
      expect(sample.track(name).context).toMatchObject({ traits: { email: sample.person.email } })
    for (const name of semanticEventNames.b2b) expect(sample.track(name).context.groupId).toMatch(/^acct_/)
  })
})

describe('sample events', () => {
  const everyCall = (platform: (typeof platforms)[number]) => {
    const sample = createSampleEvents({ platform })
    return [
      sample.identify(),
      sample.track('Order Completed'),
      sample.page(),
      sample.screen(),
      sample.group(),
      sample.alias(),
      sample.audience(),
      sample.computedTrait(),
    ]
  }

  test.each(platforms)('carry the common fields on %s', (platform) => {
    for (const event of everyCall(platform)) {
      expect(event.messageId).toHaveLength(36)
      expect(event.userId ?? event.anonymousId).toBeTruthy()
      expect(event.version).toBe(2)
      for (const time of [event.timestamp, event.sentAt, event.receivedAt, event.originalTimestamp])
        expect(time).toMatch(isoDate)
    }
  })

  test.each(platforms)('have the timestamp that Segment would compute on %s', (platform) => {
    for (const { receivedAt, sentAt, originalTimestamp, timestamp } of everyCall(platform))
      expect(Date.parse(timestamp)).toBe(
        Date.parse(receivedAt) - (Date.parse(sentAt) - Date.parse(originalTimestamp)),
      )
  })

  test('carry what the library of each platform collects', () => {
    const contextOn = (platform: (typeof platforms)[number]) => createSampleEvents({ platform }).identify()
    expect(contextOn('web')).toMatchObject({
      channel: 'browser',
      context: { library: { name: 'analytics.js' }, page: { path: expect.stringMatching(/^\//) } },
    })
    expect(contextOn('ios')).toMatchObject({
      channel: 'mobile',
      context: {
        device: { type: 'ios', token: expect.stringMatching(/^[0-9a-f]{64}$/) },
        os: { name: 'iOS' },
      },
    })
    expect(contextOn('android')).toMatchObject({
      channel: 'mobile',
      context: {
        device: { type: 'android', token: expect.stringContaining(':APA91b') },
        os: { name: 'Android' },
      },
    })
    const server = contextOn('server')
    expect(Object.keys(server.context)).toEqual(['library'])
    expect(server.anonymousId).toBeUndefined()
  })

  test('are the same for the same seed, and others for another', () => {
    expect(everyCall('web')).toEqual(everyCall('web'))
    expect(createSampleEvents({ seed: 1 }).identify()).not.toEqual(createSampleEvents({ seed: 2 }).identify())
  })

  test('have no user id before somebody is identified, but an alias has both ids', () => {
    const sample = createSampleEvents({ identified: false })
    expect(sample.track('Product Viewed').userId).toBeUndefined()
    expect(sample.alias()).toMatchObject({
      userId: sample.person.userId,
      previousId: sample.person.anonymousId,
    })
  })

  test('are changed member by member, and undefined removes', () => {
    const event = createSampleEvents().track('Product Viewed', {
      userId: undefined,
      properties: { price: 1, sku: undefined },
      context: { ip: undefined },
    })
    expect(event.properties).toMatchObject({ price: 1, name: expect.any(String) })
    expect('sku' in event.properties).toBe(false)
    expect('userId' in event).toBe(false)
    expect('ip' in event.context).toBe(false)
    expect(event.context.library).toBeDefined()
  })

  test('take any event name', () => {
    const event = createSampleEvents().track('Lid Opened', { properties: { lid: 'left' } })
    expect(event).toMatchObject({ type: 'track', event: 'Lid Opened', properties: { lid: 'left' } })
  })

  test('types follow from the event name', () => {
    const event = createSampleEvents().track('Order Completed')
    const name: 'Order Completed' = event.event
    const total: number = event.properties.total
    // @ts-expect-error the Spec has no such property
    const missing = event.properties.totals
    expect([name, typeof total, missing]).toEqual(['Order Completed', 'number', undefined])
  })
})

describe('calls of Engage', () => {
  test('say who entered or left an audience, as track or as identify', () => {
    const sample = createSampleEvents()
    expect(sample.audience({ key: 'vip' })).toMatchObject({
      type: 'track',
      event: 'Audience Entered',
      properties: { audience_key: 'vip', vip: true },
      context: {
        personas: {
          computation_class: 'audience',
          computation_key: 'vip',
          external_audience_id: expect.any(String),
          audience_settings: {},
        },
        traits: { email: sample.person.email },
      },
    })
    expect(sample.audience({ key: 'vip', entered: false })).toMatchObject({
      event: 'Audience Exited',
      properties: { vip: false },
    })
    expect(sample.audience({ key: 'vip', entered: false, call: 'identify' })).toMatchObject({
      type: 'identify',
      traits: { vip: false },
    })
  })

  test('give the value of a computed trait', () => {
    const sample = createSampleEvents()
    expect(sample.computedTrait({ key: 'orders', value: 3 })).toMatchObject({
      type: 'identify',
      traits: { orders: 3 },
      context: { personas: { computation_class: 'trait', computation_key: 'orders' } },
    })
    expect(sample.computedTrait({ key: 'orders', value: 3, call: 'track' })).toMatchObject({
      event: 'Trait Computed',
      properties: { trait_key: 'orders', orders: 3 },
    })
  })
})
