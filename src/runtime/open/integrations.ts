import type { SegmentEvent } from '../../event'

/**
 * Whether an event's `integrations` object lets it through to a destination of one of these names. As Segment has
 * it: a destination's own entry decides (false: no; true or an object: yes), else `All` (false: no), else yes.
 * Source: the Segment Spec, common fields, "Integrations". Names are compared exactly.
 */
export function isIntegrationEnabled(event: SegmentEvent, names: readonly string[]): boolean {
  const { integrations } = event
  if (typeof integrations !== 'object' || integrations === null) return true
  for (const name of names)
    if (Object.hasOwn(integrations, name)) {
      const own = integrations[name]
      if (own !== undefined && own !== null) return own !== false
    }
  return !(Object.hasOwn(integrations, 'All') && integrations.All === false)
}
