import type { SegmentEvent, SubscriptionConfiguration } from 'waybill'
import { zaius } from 'waybill/destinations/zaius'
import { deliverWithBoth, type RecordedRequest } from '../../support/both-runtimes'

const apiKey = 'tracker-1'
const messageId = 'ajs-1'
const timestamp = '2024-05-01T10:00:00.000Z'
const settings = (endpoint: string) => ({ apiKey, endpoint })
const who = { anonymousId: 'anon', userId: 'user' }
export const known = { segment_anonymous_id: 'anon', segment_user_id: 'user' }
const envelope = { ts: timestamp, idempotence_id: messageId }

/** Delivers on both runtimes, which must send the same. */
export const deliverAny = (
  event: SegmentEvent,
  more: Record<string, unknown> = {},
  subscriptions?: readonly SubscriptionConfiguration[],
) =>
  deliverWithBoth({
    destination: zaius,
    settings: (url) => ({ ...settings(url), ...more }),
    events: [{ messageId, timestamp, ...who, ...event }],
    answer: () => ({ status: 202, body: { title: 'Accepted', status: 202 } }),
    ...(subscriptions === undefined ? {} : { subscriptions }),
  })

/** Delivers on both runtimes, and demands that every event was delivered. */
export async function deliver(...given: Parameters<typeof deliverAny>): Promise<RecordedRequest[]> {
  const { requests, outcomes, errors } = await deliverAny(...given)
  expect(errors).toEqual([])
  expect(outcomes.filter(({ kind }) => kind !== 'delivered' && kind !== 'skipped')).toEqual([])
  return requests
}

const post = (path: string, item: object): RecordedRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', 'user-agent': 'Segment (Actions)', 'x-api-key': apiKey },
  body: [item],
})

export type Expected = { type: string; action?: string; data?: object; identifiers?: object }
export const event = ({ type, action, data, identifiers }: Expected): RecordedRequest =>
  post('/v3/events', {
    type,
    ...(action === undefined ? {} : { action }),
    identifiers: { ...known, ...identifiers },
    data: { ...envelope, ...data },
  })
export const profile = (attributes: object): RecordedRequest =>
  post('/v3/profiles', { attributes: { ...known, ...attributes } })
