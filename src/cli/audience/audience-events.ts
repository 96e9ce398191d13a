import { createHash } from 'node:crypto'
import type { SegmentEvent } from 'waybill'
import { type ListedPerson, personId } from './read-people'

/** How a change is told: as a trait of the person, or as an event. */
export type AudienceCall = 'identify' | 'track'

/** What the events of a sync have in common. */
export type AudienceSync = {
  /** The audience's name in snake case. */
  readonly key: string
  readonly name: string
  readonly call: AudienceCall
  /** The destination's name in `integrations`. */
  readonly integration: string
  /** Another for each sync, those that broke off included: what is told again may have changed meanwhile. */
  readonly number: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

const messageId = ({ key, number }: AudienceSync, id: string, isMember: boolean): string =>
  `audience-${createHash('sha256')
    .update(JSON.stringify([key, number, id, isMember]))
    .digest('hex')
    .slice(0, 40)}`

/** A person of a former list, of whom only the id is known. */
export function personOfId(id: string): ListedPerson {
  const [kind = '', ...rest] = id.split(':')
  return kind === 'user' ? { userId: rest.join(':') } : { anonymousId: rest.join(':') }
}

/**
 * Somebody came into an audience or left it, as Segment's Engage says so: `identify` with the trait `<key>: true` or
 * `false`, or `track` of "Audience Entered" or "Audience Exited".
 */
export function audienceEvent(sync: AudienceSync, person: ListedPerson, isMember: boolean): SegmentEvent {
  const { key, name, call, integration, now } = sync
  const { userId, anonymousId, email } = person
  const time = new Date(now).toISOString()
  const personas = { computation_class: 'audience', computation_key: key, computation_name: name }
  const common = {
    messageId: messageId(sync, personId(person), isMember),
    ...(userId !== undefined && { userId }),
    ...(anonymousId !== undefined && { anonymousId }),
    integrations: { All: false, [integration]: true },
    timestamp: time,
    originalTimestamp: time,
    sentAt: time,
    receivedAt: time,
    channel: 'server',
  }
  if (call === 'identify')
    return { ...common, type: 'identify', traits: { [key]: isMember }, context: { personas } }
  return {
    ...common,
    type: 'track',
    event: isMember ? 'Audience Entered' : 'Audience Exited',
    properties: { audience_key: key, [key]: isMember },
    context: { personas, ...(email !== undefined && { traits: { email } }) },
  }
}
