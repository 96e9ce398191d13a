import { createEventStream } from '../../../../src/testing/events/event-stream'
import type { StreamEvent } from '../../../../src/testing/events/stream/visitor'
import { problemsOf, specTable } from './spec-table'

const stream = (count: number, users = 80) => [...createEventStream({ seed: 'test', users, count })]
const isOlson = (zone: unknown) => {
  if (typeof zone !== 'string' || !zone.includes('/')) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

describe('the event stream', () => {
  const events = stream(4000)

  test('is the same for the same options, and another for another seed', () => {
    expect(stream(300)).toEqual(stream(300))
    expect([...createEventStream({ seed: 'other', count: 10 })]).not.toEqual(stream(10))
  })

  test('is a prefix of the longer stream', () => {
    expect(events.slice(0, 300)).toEqual(stream(300))
  })

  test('is in the order of time', () => {
    for (let index = 1; index < events.length; index++)
      expect(Date.parse(events[index]!.timestamp)).toBeGreaterThanOrEqual(
        Date.parse(events[index - 1]!.timestamp),
      )
  })

  test('has unique message ids', () => {
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length)
  })

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
  })

  test('holds semantic events as the Spec describes them', () => {
    for (const event of events as (StreamEvent & {
      event?: string
      properties?: Record<string, unknown>
    })[]) {
      const row = specTable[event.event ?? '']
      if (row !== undefined) expect(problemsOf(event.properties ?? {}, row)).toEqual([])
    }
  })

  test('holds every type of call, and every family of events', () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['identify', 'track', 'page', 'screen', 'group', 'alias']),
    )
    const names = new Set(events.map((event) => (event as { event?: string }).event))
    for (const name of ['Order Completed', 'Email Opened', 'Push Notification Received', 'Audience Entered'])
      expect(names).toContain(name)
  })

  test('a visitor has a user id from the alias on, and never before', () => {
    const aliased = new Map<string, string>()
    for (const event of events) {
      if (event.type === 'alias')
        aliased.set((event as unknown as { previousId: string }).previousId, event.userId ?? '')
      if (event.anonymousId !== undefined) expect(event.userId).toBe(aliased.get(event.anonymousId))
      else expect([...aliased.values()]).toContain(event.userId)
    }
    expect(aliased.size).toBeGreaterThan(20)
  })

  test('audiences are left only by those who are in them', () => {
    const members = new Set<string>()
    for (const event of events as (StreamEvent & {
      event?: string
      properties?: Record<string, unknown>
    })[]) {
      const member = `${event.userId} ${event.properties?.audience_key}`
      if (event.event === 'Audience Entered') {
        expect(members.has(member)).toBe(false)
        members.add(member)
      }
      if (event.event === 'Audience Exited') expect(members.delete(member)).toBe(true)
    }
    expect(members.size).toBeGreaterThan(10)
  })

  test('has time zones good and bad, and push tokens of both telephones', () => {
    const zones = events.map((event) => (event as { traits?: { timezone?: unknown } }).traits?.timezone)
    const given = zones.filter((zone) => zone !== undefined)
    expect(given.some(isOlson)).toBe(true)
    expect(given.some((zone) => !isOlson(zone))).toBe(true)
    const devices = events.map(({ context }) => context.device as { type: string; token: string } | undefined)
    expect(new Set(devices.map((device) => device?.type))).toEqual(new Set([undefined, 'ios', 'android']))
    for (const device of devices) if (device) expect(device.token.length).toBeGreaterThan(60)
  })

  test('begins where it is told to, and has as many visitors as it is told to', () => {
    const some = [...createEventStream({ users: 3, count: 200, start: '2030-05-01T00:00:00Z' })]
    expect(some[0]!.timestamp >= '2030-05-01').toBe(true)
    const people = new Set(some.flatMap(({ anonymousId }) => anonymousId ?? []))
    expect(people.size).toBe(3)
  })

  test('can be left early and read lazily', () => {
    const [first] = createEventStream({ count: Number.MAX_SAFE_INTEGER })
    expect(first?.messageId).toBeDefined()
  })
})
