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

/** All automatic presets of a destination. A preset's own mapping goes over the defaults of its action's fields. */
export function automaticPresets(destination: DestinationDefinition): PresetSubscription[] {
  return (destination.presets ?? []).flatMap((preset) =>
    preset.type === 'automatic'
      ? [
          {
            name: preset.name ?? preset.partnerAction,
            action: preset.partnerAction,
            filter: preset.subscribe,
            isPreset: true as const,
            mapping: {
              ...defaultMapping(destination.actions[preset.partnerAction]?.fields),
              ...preset.mapping,
            },
          },
        ]
      : [],
  )
}
