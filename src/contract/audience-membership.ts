type EventLike = {
  readonly type?: unknown
  readonly event?: unknown
  readonly traits?: unknown
  readonly properties?: unknown
  readonly context?: unknown
}

const engageClasses = new Set(['audience', 'journey_step'])

const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined

/**
 * Whether an event says that its person is in an audience: true on joining, false on leaving, undefined when the
 * event says nothing of the kind. Engage states it as a boolean under the computation key, in the traits of an
 * identify or the properties of a track; Reverse ETL as the event name, together with the sync mode.
 */
export function resolveAudienceMembership(
  event: EventLike | undefined,
  syncMode?: string,
): boolean | undefined {
  if (event === undefined || event === null) return undefined
  return engageMembership(event) ?? reverseEtlMembership(event, syncMode)
}

function engageMembership(event: EventLike): boolean | undefined {
  const personas = record(record(event.context)?.personas)
  if (!personas || !engageClasses.has(personas.computation_class as string)) return undefined
  const key = personas.computation_key
  if (typeof key !== 'string' || key === '') return undefined
  const holder =
    event.type === 'identify' ? event.traits : event.type === 'track' ? event.properties : undefined
  const value = record(holder)?.[key]
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

function reverseEtlMembership(event: EventLike, syncMode: string | undefined): boolean | undefined {
  if (event.type !== 'track' || syncMode === undefined || typeof event.event !== 'string') return undefined
  const rule = Object.hasOwn(reverseEtl, syncMode) ? reverseEtl[syncMode] : undefined
  if (rule?.joins.includes(event.event)) return true
  return rule?.leaves.includes(event.event) ? false : undefined
}
