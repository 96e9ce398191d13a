import type { SegmentEvent } from 'waybill'
import { createSampleEvents } from '../events/sample-events'
import { semanticEventNames } from '../events/semantic-events'

/** An event that a case may send, and what it is called in names of tests. */
export type CandidateEvent = { readonly name: string; readonly event: SegmentEvent }

const sampleOf = (seed: string, platform: 'web' | 'ios' = 'web') => createSampleEvents({ seed, platform })

const spec = (): CandidateEvent[] => {
  const { mobile, ...web } = semanticEventNames
  return [
    ...Object.values(web)
      .flat()
      .map((name) => ({ name, event: sampleOf(name).track(name) })),
    ...mobile.map((name) => ({ name, event: sampleOf(name, 'ios').track(name) })),
  ]
}

/** One event of each type, by the type's name; the track event is none of the Spec. */
export const typicalEvents = (): CandidateEvent[] => [
  { name: 'identify', event: sampleOf('identify').identify() },
  {
    name: 'track',
    event: sampleOf('track').track('Plant Adopted', { properties: { plant: 'fern', age: 3 } }),
  },
  { name: 'page', event: sampleOf('page').page() },
  { name: 'screen', event: sampleOf('screen', 'ios').screen() },
  { name: 'group', event: sampleOf('group').group() },
  { name: 'alias', event: sampleOf('alias').alias() },
]

const engageEvents = (): CandidateEvent[] => [
  { name: 'audience entered', event: sampleOf('entered').audience() },
  { name: 'audience exited', event: sampleOf('exited').audience({ entered: false }) },
  { name: 'audience entered, identify', event: sampleOf('identified').audience({ call: 'identify' }) },
  { name: 'computed trait', event: sampleOf('trait').computedTrait() },
]

/** The events that a filter names and that are none of the Spec. */
function namedEvents(filter: string): CandidateEvent[] {
  const names = [...filter.matchAll(/\bevent\s*=\s*(["'])(.*?)\1/g)].map((match) => match[2] as string)
  return names.map((name) => ({ name, event: sampleOf(name).track(name) }))
}

/** Every event that a case may be about, in the order of preference. */
export function candidateEvents(filters: readonly string[]): CandidateEvent[] {
  const byName = new Map<string, CandidateEvent>()
  for (const candidate of [
    ...typicalEvents(),
    ...spec(),
    ...engageEvents(),
    ...filters.flatMap((filter) => namedEvents(filter)),
  ])
    if (!byName.has(candidate.name)) byName.set(candidate.name, candidate)
  return [...byName.values()]
}
