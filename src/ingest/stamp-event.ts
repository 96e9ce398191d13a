import { randomUUID } from 'node:crypto'
import type { SegmentEvent } from '../event'
import { isObject } from './check-event'
import type { Side } from './route'

type Fields = Record<string, unknown>

/** What all events of a request have in common. */
export type Envelope = {
  /** Milliseconds since the epoch; one value for a whole batch. */
  readonly receivedAt: number
  readonly side: Side
  /** Of the root of a batch. */
  readonly sentAt?: unknown
  readonly context?: Fields
  readonly integrations?: Fields
  /** Address of the client, where it is known. */
  readonly address?: string
}

/** ISO 8601 with a date at least; one without a zone is in UTC. Or a date with an explicit zone, as in mail. */
const isoDate = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i
const withZone = /(?:\b(?:GMT|UTC|Z)|[+-]\d{4})$/i

/** Milliseconds since the epoch, or nothing for what is no date. */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 64) return undefined
  const iso = isoDate.exec(value)
  if (iso === null && !withZone.test(value)) return undefined
  const text = iso === null ? value : value.replace(' ', 'T').replace(',', '.')
  const isLocal = iso !== null && iso[1] === undefined && text.length > 10
  const time = Date.parse(isLocal ? `${text}Z` : text)
  return Number.isNaN(time) ? undefined : time
}

const maxTime = 8.64e15

/** The channel by the SDK's name, else by the route. Source of the names: Segment Spec, common fields, "Channel". */
function channelOf(library: unknown, side: Side): string {
  const name = isObject(library) && typeof library.name === 'string' ? library.name.toLowerCase() : ''
  if (name.includes('analytics.js')) return 'browser'
  if (/kotlin|swift|ios|android|react-native|flutter|xamarin|unity/.test(name)) return 'mobile'
  return side === 'client' ? 'browser' : 'server'
}

function stampTimes(event: Fields, { receivedAt, sentAt }: Envelope): boolean {
  const received = new Date(receivedAt).toISOString()
  const given = event.timestamp ?? event.originalTimestamp
  const original = readTime(given)
  const sentValue = sentAt ?? event.sentAt
  const sent = readTime(sentValue)
  const isBad = (given != null && original === undefined) || (sentValue != null && sent === undefined)
  event.receivedAt = received
  if (sent === undefined) delete event.sentAt
  else event.sentAt = sentValue
  if (original === undefined) {
    event.originalTimestamp = received
    event.timestamp = received
    return isBad
  }
  event.originalTimestamp = given
  const corrected = sent === undefined ? undefined : receivedAt - (sent - original)
  event.timestamp =
    corrected === undefined || Math.abs(corrected) > maxTime ? given : new Date(corrected).toISOString()
  return isBad
}

/**
 * Completes a checked event as Segment's server does: message id, times, channel, the client's address, and what the
 * root of the batch says of all. Changes `event`; tells whether a time stamp could not be read.
 */
export function stampEvent(event: Fields, envelope: Envelope): { event: SegmentEvent; hasBadTime: boolean } {
  event.messageId ??= `waybill-${randomUUID()}`
  const { context, integrations, address, side } = envelope
  if (integrations !== undefined) event.integrations = { ...integrations, ...(event.integrations as Fields) }
  if (context !== undefined) event.context = { ...context, ...(event.context as Fields) }
  const hasBadTime = stampTimes(event, envelope)
  const own = event.context as Fields | undefined
  if (address !== undefined && own?.ip === undefined && (side === 'client' || own?.direct === true))
    event.context = { ...own, ip: address }
  if (typeof event.channel !== 'string') event.channel = channelOf(own?.library, side)
  delete event.writeKey
  return { event: event as SegmentEvent, hasBadTime }
}
