import { type Connection, createRuntime, type Outcome, type SegmentEvent } from 'waybill'
import type { SampleField } from './sample-value'

type Definition = Connection['destination']
type Fields = Readonly<Record<string, SampleField>>

/** A destination of one action that sends nothing and keeps the payloads it gets. */
function probeOf(fields: Fields, keep: (payload: unknown) => void): Definition {
  return {
    name: 'Probe',
    mode: 'cloud',
    actions: {
      probe: {
        title: 'Probe',
        description: 'Keeps payloads.',
        fields: fields as never,
        perform: (_request, { payload }) => keep(payload),
      },
    },
  }
}

/** Which of the events each filter lets through, by position. */
export async function matchEvents(
  filters: readonly string[],
  events: readonly SegmentEvent[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const distinct = [...new Set(filters)]
  const runtime = createRuntime({
    connections: [
      {
        destination: probeOf({}, () => undefined),
        settings: {},
        subscriptions: distinct.map((filter) => ({ name: filter, action: 'probe', filter })),
      },
    ],
  })
  const outcomes = await runtime.send(events)
  await runtime.close()
  const matches = new Map<string, number[]>(distinct.map((filter) => [filter, []]))
  for (const { subscription, index, kind } of outcomes)
    if (kind === 'delivered') matches.get(subscription as string)?.push(index)
  return matches
}

/** What a mapping makes of an event: the payload that an action would get, and how that ended. */
export async function probePayload(
  fields: Fields,
  mapping: Readonly<Record<string, unknown>>,
  event: SegmentEvent,
): Promise<{ payload: Readonly<Record<string, unknown>> | undefined; outcome: Outcome }> {
  let payload: Readonly<Record<string, unknown>> | undefined
  const runtime = createRuntime({
    connections: [
      {
        destination: probeOf(fields, (kept) => {
          payload = kept as Record<string, unknown>
        }),
        settings: {},
        subscriptions: [{ action: 'probe', filter: anyEvent, mapping, isPreset: true }],
      },
    ],
  })
  const [outcome] = await runtime.send([event])
  await runtime.close()
  return { payload, outcome: outcome as Outcome }
}

/** A filter that every event with a type passes. */
export const anyEvent = 'type != ""'
