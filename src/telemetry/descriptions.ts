import type { GaugeName } from './gauges'
import type { CounterName, HistogramName } from './tally'

/** Unit (UCUM, as OpenTelemetry writes it) and meaning of every metric; docs/observability.md has the same rows. */
export const descriptions: Readonly<
  Record<CounterName | HistogramName | GaugeName, { readonly unit: string; readonly description: string }>
> = {
  'waybill.events.received': { unit: '{event}', description: 'Events that came in, by source.' },
  'waybill.outcomes': { unit: '{outcome}', description: 'Events that ended, once for each subscription.' },
  'waybill.attempts': { unit: '{attempt}', description: 'Attempts at deliveries, repeated ones included.' },
  'waybill.attempt.duration': { unit: 's', description: 'How long attempts took.' },
  'waybill.delivery.age': { unit: 's', description: 'From received to ended.' },
  'waybill.batch.size': { unit: '{event}', description: 'Events in a batch.' },
  'waybill.queue.events': { unit: '{event}', description: 'Events that wait.' },
  'waybill.queue.oldest': { unit: 's', description: 'Age of the oldest event that waits.' },
  'waybill.connection.state': { unit: '1', description: '1 for the state that a connection is in.' },
  'waybill.dead_letters': {
    unit: '{event}',
    description: 'Events that ended without being delivered, and are kept.',
  },
  'waybill.store.size': { unit: 'By', description: 'Size of the store.' },
  'waybill.store.write.duration': { unit: 's', description: 'How long writes to the store took.' },
  'http.client.request.duration': { unit: 's', description: 'Requests to destinations.' },
  'http.server.request.duration': { unit: 's', description: 'Requests that were answered.' },
}
