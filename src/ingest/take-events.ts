import type { SegmentEvent } from '../event'
import { type CheckedEvent, checkEvent, hasUnsafeKey, isObject } from './check-event'
import { type IngestLimits, maxDepth } from './limits'
import type { ParsedBody } from './parse-body'
import type { RefusalCode, WarningCode } from './refusal'
import type { EventType } from './route'
import type { Source, SourceIndex } from './source'
import { type Envelope, stampEvent } from './stamp-event'
import { ownKey } from './write-key'

/** An event that was not taken. */
export type Rejected = {
  readonly index: number
  readonly code: RefusalCode
  readonly source: Source | undefined
}

/** The events of a request, sorted. */
export type TakenEvents = {
  readonly bySource: ReadonlyMap<Source, SegmentEvent[]>
  /** Where each event stood in the batch. */
  readonly places: ReadonlyMap<SegmentEvent, number>
  readonly rejected: Rejected[]
  readonly warnings: readonly { readonly source: Source; readonly code: WarningCode }[]
}

/** The size of an event without the space that a pretty-printed body has. */
const compactBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

function sizeProblem(body: ParsedBody, index: number, limits: IngestLimits): RefusalCode | undefined {
  const item = body.items[index]
  const measure = body.measure(index)
  if (measure === undefined) return unmeasuredProblem(item, limits)
  if (measure.depth > maxDepth) return 'event_too_deep'
  return measure.bytes > limits.eventBytes && compactBytes(item) > limits.eventBytes
    ? 'event_too_large'
    : undefined
}

/** Where the wire bytes tell nothing: deep values make `stringify` run out of stack, which is an answer too. */
function unmeasuredProblem(item: unknown, limits: IngestLimits): RefusalCode | undefined {
  let level: unknown[] = [item]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth + 1) return 'event_too_deep'
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []))
  }
  return compactBytes(item) > limits.eventBytes ? 'event_too_large' : undefined
}

/** An item's own key goes over the request's. */
function sourceOf(
  item: unknown,
  requestKey: string,
  source: Source,
  sources: SourceIndex,
): Source | RefusalCode {
  const key = ownKey(item)
  if (key === undefined || key === requestKey) return source
  const own = sources.get(key)
  if (own === undefined) return 'invalid_write_key'
  return own.enabled === false ? 'source_disabled' : own
}

/**
 * Checks and completes the events of a body one by one. What is wrong with one harms no other.
 */
export function takeEvents(
  body: ParsedBody,
  type: EventType | undefined,
  envelope: Envelope,
  known: { readonly source: Source; readonly writeKey: string; readonly sources: SourceIndex },
  limits: IngestLimits,
): TakenEvents {
  const bySource = new Map<Source, SegmentEvent[]>()
  const places = new Map<SegmentEvent, number>()
  const rejected: Rejected[] = []
  const warnings: { source: Source; code: WarningCode }[] = []

  const check = (item: unknown, index: number): CheckedEvent | RefusalCode => {
    if (index >= limits.events) return 'batch_too_many'
    if (!isObject(item)) return 'message_not_object'
    const problem = sizeProblem(body, index, limits)
    if (problem !== undefined) return problem
    if (body.mayBeUnsafe && hasUnsafeKey(item)) return 'unsafe_key'
    return checkEvent(item, type, limits.messageIdLength)
  }

  for (const [index, item] of body.items.entries()) {
    const source = sourceOf(item, known.writeKey, known.source, known.sources)
    const checked = typeof source === 'string' ? source : check(item, index)
    if (typeof source === 'string' || typeof checked === 'string') {
      const code = typeof checked === 'string' ? checked : (source as RefusalCode)
      rejected.push({ index, code, source: typeof source === 'string' ? undefined : source })
      continue
    }
    const { event, hasBadTime } = stampEvent(checked.event, envelope)
    for (const code of checked.warnings) warnings.push({ source, code })
    if (hasBadTime) warnings.push({ source, code: 'bad_timestamp' })
    const events = bySource.get(source)
    if (events === undefined) bySource.set(source, [event])
    else events.push(event)
    places.set(event, index)
  }
  return { bySource, places, rejected, warnings }
}
