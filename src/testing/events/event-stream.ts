import { createRandom } from './random'
import { journey } from './stream/journey'
import { createVisitor, type StreamEvent } from './stream/visitor'

export type EventStreamOptions = {
  /** The same options give the same stream, to the byte. Default `waybill`. */
  readonly seed?: string | number
  /** How many people there are. Default 100. */
  readonly users?: number
  /** How many events the stream has. Default 1,000. */
  readonly count?: number
  /** When it begins. Default 2026-01-05T08:00:00.000Z. */
  readonly start?: string | number | Date
}

type Story = { readonly events: Generator<StreamEvent, never>; next: StreamEvent; at: number }

const timeOf = (event: StreamEvent) => Date.parse(event.timestamp)

/** Moves the first story, whose time has grown, down to its place: a binary heap by the time of the next event. */
function sink(heap: Story[]): void {
  let place = 0
  for (;;) {
    let smallest = place
    for (const child of [2 * place + 1, 2 * place + 2])
      if ((heap[child]?.at ?? Infinity) < (heap[smallest]?.at ?? Infinity)) smallest = child
    const upper = heap[place]
    const lower = heap[smallest]
    if (smallest === place || upper === undefined || lower === undefined) return
    heap[place] = lower
    heap[smallest] = upper
    place = smallest
  }
}

/** First visits are spread over the first two days. A list in order of time is a heap. */
function createStories(seed: string | number, users: number, start: number): Story[] {
  const random = createRandom(seed).fork('arrivals')
  return Array.from({ length: users }, (_, index) => {
    const events = journey(createVisitor(seed, index, start + random.integer(0, 172_800) * 1000))
    const next = events.next().value
    return { events, next, at: timeOf(next) }
  }).sort((one, other) => one.at - other.at)
}

/**
 * A realistic stream of events of a web shop, in the order of time, made while it is read: visitors browse
 * anonymously, open accounts (alias, identify, group), buy, cancel, enter and leave audiences, get mail and push
 * notifications, use browsers and telephones (whose contexts carry push tokens), and one in eight has a time zone
 * that is not an Olson name. Every event is valid by the Spec. Memory grows with `users`, not with `count`.
 */
export function* createEventStream(options: EventStreamOptions = {}): Generator<StreamEvent, void> {
  const { seed = 'waybill', users = 100, count = 1000, start = '2026-01-05T08:00:00.000Z' } = options
  const heap = createStories(seed, Math.max(1, users), new Date(start).getTime())
  const [first] = heap
  if (first === undefined) return
  for (let emitted = 0; emitted < count; emitted++) {
    const story = heap[0] ?? first
    yield story.next
    story.next = story.events.next().value
    story.at = timeOf(story.next)
    sink(heap)
  }
}
