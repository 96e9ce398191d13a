import { FLAGS } from './flags'

type EventLike = {
  readonly type?: unknown
  readonly event?: unknown
  readonly traits?: unknown
  readonly properties?: unknown
  readonly context?: unknown
}

type Features = Readonly<Record<string, boolean>>

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined

/**
 * Whether an event says that its person is in an audience: true on joining, false on leaving, undefined when the
 * event says nothing of the kind. Engage states it as a boolean under the computation key, in the traits of an
 * identify or the properties of a track; Reverse ETL as the event name, together with the sync mode; legacy journeys,
 * asked only where their feature flag is on, by having no such boolean.
 */
export function resolveAudienceMembership(
  event: EventLike | undefined,
  syncMode?: string,
  features?: Features,
): boolean | undefined {
  if (!event) return undefined
  const stated = engageAudienceMembership(event) ?? retlAudienceMembership(event, syncMode)
  if (stated !== undefined || !features?.[FLAGS.ACTIONS_LEGACY_JOURNEYS_AUDIENCE_MEMBERSHIP]) return stated
  return legacyJourneysAudienceMembership(event)
}

const personasOf = (event: EventLike): Record<string, unknown> | undefined =>
  event.context === undefined ? undefined : record(record(event.context)?.personas)

/** What stands under the computation key of an event that can hold one. */
function computedValue(event: EventLike, key: unknown): unknown {
  if (event.type !== 'identify' && event.type !== 'track') return undefined
  const holder = event.type === 'identify' ? event.traits : event.properties
  return typeof key === 'string' ? record(holder)?.[key] : undefined
}

/** What Engage, or a journey, says of the membership. */
export function engageAudienceMembership(event: EventLike | undefined): boolean | undefined {
  const personas = event && personasOf(event)
  if (event === undefined || personas === undefined) return undefined
  const { computation_class: computation, computation_key: key } = personas
  if (computation !== 'audience' && computation !== 'journey_step') return undefined
  const value = key ? computedValue(event, key) : undefined
  return typeof value === 'boolean' ? value : undefined
}

/** Which Reverse ETL events mean joining, and which leaving, for each sync mode. */
const reverseEtl: Record<string, { joins: readonly string[]; leaves: readonly string[] }> = {
  add: { joins: ['new'], leaves: [] },
  update: { joins: ['updated'], leaves: [] },
  upsert: { joins: ['new', 'updated'], leaves: [] },
  mirror: { joins: ['new', 'updated'], leaves: ['deleted'] },
  delete: { joins: [], leaves: ['deleted'] },
}

/** What Reverse ETL says of the membership. */
export function retlAudienceMembership(
  event: EventLike | undefined,
  syncMode: string | undefined,
): boolean | undefined {
  if (!event || !syncMode || event.type !== 'track' || typeof event.event !== 'string') return undefined
  const rule = Object.hasOwn(reverseEtl, syncMode) ? reverseEtl[syncMode] : undefined
  if (rule?.joins.includes(event.event)) return true
  return rule?.leaves.includes(event.event) ? false : undefined
}

/** Legacy journeys only ever add: a step of a journey without a boolean is a joining. */
export function legacyJourneysAudienceMembership(event: EventLike | undefined): true | undefined {
  const personas = event && personasOf(event)
  if (event === undefined || personas?.computation_class !== 'journey_step') return undefined
  return typeof computedValue(event, personas.computation_key ?? '') === 'boolean' ? undefined : true
}
