import type { DestinationDefinition, JSONObject } from '@segment/actions-core'

/** The mapping that a user interface would pre-fill: each field's default. */
export function defaultMapping(fields: Record<string, { default?: unknown }> | undefined): JSONObject {
  const mapping: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields ?? {}))
    if (field.default !== undefined) mapping[key] = field.default
  return mapping as JSONObject
}

/** A subscription as a destination's preset describes it. */
export type PresetSubscription = {
  readonly name: string
  readonly action: string
  readonly filter: string
  readonly mapping?: JSONObject
  readonly isPreset: true
}

/**
 * All automatic presets of a destination whose action it has: others are for actions that live elsewhere, such as in a
 * browser plugin. A preset's own mapping goes over the defaults of its action's fields.
 */
export function automaticPresets(destination: DestinationDefinition): PresetSubscription[] {
  return (destination.presets ?? []).flatMap((preset) => {
    const { partnerAction } = preset
    if (preset.type !== 'automatic' || !Object.hasOwn(destination.actions, partnerAction)) return []
    const mapping = { ...defaultMapping(destination.actions[partnerAction]?.fields), ...preset.mapping }
    const name = preset.name ?? partnerAction
    return [{ name, action: partnerAction, filter: preset.subscribe, isPreset: true as const, mapping }]
  })
}

/** What a person is told of automatic presets that are left out, since the destination has no such action. */
export const leftOutPresets = (destination: DestinationDefinition): string[] =>
  (destination.presets ?? []).flatMap(({ type, name, partnerAction }) =>
    type === 'automatic' && !Object.hasOwn(destination.actions, partnerAction)
      ? [
          `the preset ${JSON.stringify(name ?? partnerAction)} is left out: the destination has no action ${JSON.stringify(partnerAction)} here`,
        ]
      : [],
  )
