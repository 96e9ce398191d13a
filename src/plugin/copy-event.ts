import type { SegmentEvent } from '../event'

/**
 * An event as the Tracking API would have made it, and a copy: what a destination changed would go on to Segment.
 * @throws TypeError where the event is not data (it holds itself, say).
 */
export function copyEvent(event: object, now: number, channel: 'browser' | 'server'): SegmentEvent {
  const time = new Date(now).toISOString()
  const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>
  copy.timestamp ??= time
  copy.originalTimestamp ??= copy.timestamp
  copy.sentAt ??= time
  copy.receivedAt = time
  copy.channel ??= channel
  delete copy.writeKey
  return copy
}
