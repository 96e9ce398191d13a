/** A value of a setting or a field that a user may choose. */
export type ChoiceManifest = { readonly value: string | number; readonly label: string }

/** A setting or a field, as far as data can tell it. A member that says nothing (`required: false`) is left out. */
export type FieldManifest = {
  readonly label: string
  readonly description: string
  readonly type: string
  /** True, or the conditions under which it is. */
  readonly required?: true | { readonly [key: string]: unknown }
  readonly multiple?: true
  readonly allowNull?: true
  readonly format?: string
  /** Least value of a number, least length of a text. */
  readonly minimum?: number
  readonly maximum?: number
  readonly choices?: readonly ChoiceManifest[]
  /** A value, or a mapping in the form in which it is stored. */
  readonly default?: unknown
  readonly properties?: FieldsManifest
  readonly additionalProperties?: true
  /** The choices are fetched from the vendor. */
  readonly dynamic?: true
  /** Not shown to users. */
  readonly hidden?: true
}

/** Settings or fields by their keys, in the order of the definition. */
export type FieldsManifest = { readonly [key: string]: FieldManifest }

export type ActionManifest = {
  readonly title: string
  readonly description: string
  readonly defaultSubscription?: string
  /** Events can travel together. */
  readonly batch?: true
  readonly hidden?: true
  readonly syncMode?: { readonly default: string; readonly choices: readonly ChoiceManifest[] }
  readonly fields: FieldsManifest
}

export type PresetManifest = {
  readonly name: string
  readonly type: string
  readonly action: string
  /** FQL, or the event of Segment (`eventSlug`) for the types that have no filter. */
  readonly filter: string
  /** What differs from the defaults of the action's fields. */
  readonly mapping?: { readonly [key: string]: unknown }
}

export type DestinationManifest = {
  readonly name: string
  readonly description?: string
  /** Other names under which an event's `integrations` object may address the destination. */
  readonly integrationNames?: readonly string[]
  readonly authentication: string
  readonly ordering?: 'user'
  readonly idempotent?: true
  readonly limits?: { readonly requestsPerSecond?: number; readonly concurrency?: number }
  /** The credentials can be tested. */
  readonly testsAuthentication?: true
  /** Users can be deleted. */
  readonly deletesUsers?: true
  readonly settings: FieldsManifest
  readonly presets: readonly PresetManifest[]
  readonly actions: { readonly [slug: string]: ActionManifest }
}

/** Destinations by their slugs: everything about them that is data. Plain JSON, the same for the same definitions. */
export type Manifest = {
  readonly version: 1
  readonly destinations: { readonly [slug: string]: DestinationManifest }
}
