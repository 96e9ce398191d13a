import type { Personas } from '@segment/actions-core/destination-kit'

type EventLike = { readonly context?: unknown }

/** What an event says of its audience, as `perform` gets it. */
export type AudienceOfEvent = {
  readonly personasContext: Personas | undefined
  /** `{}` for an event without `context.personas`; undefined where those name no settings. */
  readonly audienceSettings: unknown
}

/** What stands in `context.personas`. */
export function audienceOf(event: EventLike | undefined): AudienceOfEvent {
  const personas = (event?.context as { personas?: Personas } | null | undefined)?.personas
  return {
    personasContext: personas,
    audienceSettings: personas ? personas.audience_settings : {},
  }
}
