import type { Body } from './message'
import type { Scene } from './scene'

/** Whether Engage sends a change as an `identify` or as a `track` call; a user decides it per destination. */
export type EngageCall = 'identify' | 'track'

/** What Engage says about itself in `context.personas`. */
export type Computation = {
  computation_class: 'audience' | 'trait'
  computation_id: string
  computation_key: string
  namespace: string
  space_id: string
  /** Of an audience: its id at a destination that synchronizes audiences, and what its user has set for it. */
  external_audience_id?: string
  audience_settings?: Record<string, unknown>
}

const space = 'spa_3vKq8TnWc2LrYd5Hf9Xb1J'

const computationOf = (
  computation_class: Computation['computation_class'],
  computation_key: string,
): Computation => ({
  computation_class,
  computation_id: `${computation_class === 'audience' ? 'aud' : 'tra'}_2Hs7Rk4Mz9Qw1Pv6Tn3Xc8Bd5Gj`,
  computation_key,
  namespace: space,
  space_id: space,
  ...(computation_class === 'audience' && { external_audience_id: '4711', audience_settings: {} }),
})

/** The context of a call of Engage: the computation, and for `track` the mail address to match people by. */
export const engageContext = (computation: Computation, call: EngageCall, { person }: Scene) => ({
  personas: computation,
  ...(call === 'track' && { traits: { email: person.email } }),
})

/** Somebody entered or left an audience: `<key>: true` or `false`, as traits or as properties of a named event. */
export function audienceBody(
  key: string,
  entered: boolean,
  call: EngageCall,
): Body & { computation: Computation } {
  const computation = computationOf('audience', key)
  if (call === 'identify') return { type: 'identify', traits: { [key]: entered }, computation }
  return {
    type: 'track',
    event: entered ? 'Audience Entered' : 'Audience Exited',
    properties: { audience_key: key, [key]: entered },
    computation,
  }
}

/** The value of a computed trait changed. */
export function computedTraitBody(
  key: string,
  value: unknown,
  call: EngageCall,
): Body & { computation: Computation } {
  const computation = computationOf('trait', key)
  if (call === 'identify') return { type: 'identify', traits: { [key]: value }, computation }
  return {
    type: 'track',
    event: 'Trait Computed',
    properties: { trait_key: key, [key]: value },
    computation,
  }
}
