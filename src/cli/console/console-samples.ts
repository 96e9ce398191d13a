import type { SegmentEvent } from 'waybill'
import { createEventStream, createSampleEvents } from 'waybill/testing'

/** Events for the tester, each of a kind, the same at every start. */
export function consoleSamples(): { readonly name: string; readonly event: SegmentEvent }[] {
  const samples = createSampleEvents()
  const named = (
    ['Order Completed', 'Order Refunded', 'Product Added', 'Product Viewed', 'Email Opened'] as const
  ).map((name) => ({ name: `track: ${name}`, event: samples.track(name) }))
  return [
    ...named,
    { name: 'identify', event: samples.identify() },
    { name: 'page', event: samples.page() },
    { name: 'screen', event: samples.screen() },
    { name: 'group', event: samples.group() },
    { name: 'alias', event: samples.alias() },
  ]
}

/** Events as a shop would send them, with ids that nothing had before. */
export function freshEvents(count: number, run: string): SegmentEvent[] {
  const events: SegmentEvent[] = []
  for (const event of createEventStream({ count, seed: run }))
    events.push({
      ...event,
      messageId: `sample-${run}-${events.length}`,
      timestamp: new Date().toISOString(),
    } as SegmentEvent)
  return events
}
