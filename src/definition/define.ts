import type {
  ActionDefinition,
  DestinationDefinition,
  GlobalSetting,
  InputField,
} from '@segment/actions-core'
import type {
  AudienceDestinationConfiguration,
  AudienceDestinationConfigurationWithCreateGet,
} from '@segment/actions-core/destination-kit'
import type { Classify, Perform, PerformBatch, PerformPoll } from './execute-input'
import type { ChoiceOf, DefaultOf, InferFields, Mapped } from './infer'

export type InputFields = Record<string, InputField>
export type SettingFields = Record<string, GlobalSetting>

/**
 * Turns mistakes of fields into errors, which a bare generic constraint would let through: a misspelt property, a
 * default or a choice of another type than the field.
 */
type Known<Fields, Field> = {
  [K in keyof Fields]: Fields[K] & { [Property in Exclude<keyof Fields[K], keyof Field>]: never } & {
    readonly default?: DefaultOf<Fields[K]>
    readonly choices?: readonly ChoiceOf<Fields[K]>[]
  }
}

/** The settings type of a record of setting fields. */
export type SettingsOf<Settings extends SettingFields> = InferFields<Settings>
/** The type that a record of fields describes: the payload, or the part of it, of an action that has them. */
export type FieldsOf<Fields extends InputFields> = InferFields<Fields>
/** The payload type of an action. */
export type PayloadOf<Action> =
  // biome-ignore lint/suspicious/noExplicitAny: `unknown` is not assignable both ways here
  Action extends ActionDefinition<any, infer Payload, any, any, any> ? Payload : never

/** Declares what a user types in once per connection. Keeps the literals, so that types follow from them. */
export function defineSettings<const Fields extends SettingFields>(
  fields: Fields & Known<Fields, GlobalSetting>,
): Fields {
  return fields
}

/** Declares fields that several actions share. Spread the result into an action's `fields`. */
export function defineFields<const Fields extends InputFields>(
  fields: Fields & Known<Fields, InputField>,
): Fields {
  return fields
}

type ActionSpecification<Settings extends SettingFields, Fields extends InputFields> = Omit<
  ActionDefinition<InferFields<Settings>, InferFields<Fields>>,
  'fields' | 'perform' | 'performBatch'
> & {
  settings: Settings
  fields: Fields & Known<Fields, InputField>
} & (
    | Immediate<InferFields<Settings>, InferFields<Fields>>
    | Asynchronous<InferFields<Settings>, InferFields<Fields>>
  )

/** An action whose destination answers at once. */
type Immediate<Settings, Payload> = {
  perform: Perform<Settings, Payload>
  performBatch?: PerformBatch<Settings, Payload>
  performPoll?: undefined
}

/** An action whose destination answers later: `performBatch` submits a job, `performPoll` asks how it stands. */
type Asynchronous<Settings, Payload> = {
  perform?: undefined
  performBatch: PerformBatch<Settings, Payload>
  performPoll: PerformPoll<Settings>
}

/**
 * Declares an action. `settings` is there for the types alone and is not part of the result, which is the plain
 * `ActionDefinition` of `@segment/actions-core`.
 */
export function defineAction<const Settings extends SettingFields, const Fields extends InputFields>(
  specification: ActionSpecification<Settings, Fields>,
): ActionDefinition<InferFields<Settings>, InferFields<Fields>> {
  const { settings: _forTypesAlone, ...definition } = specification
  return definition as unknown as ActionDefinition<InferFields<Settings>, InferFields<Fields>>
}

type WithoutFields<T> = T extends unknown ? Omit<T, 'fields'> : never
type Actions<Settings> = Record<string, ActionDefinition<Settings>>

/** A preset may only name an action that is there, and map its fields to values that fit them. */
type PresetOf<A> = {
  [Name in keyof A & string]: WithoutMapping<NonNullable<DestinationDefinition['presets']>[number]> & {
    partnerAction: Name
    mapping?: MappingOf<PayloadOf<A[Name]>>
  }
}[keyof A & string]

type WithoutMapping<Preset> = Preset extends unknown ? Omit<Preset, 'mapping'> : never

/** Keys beside the fields steer the runtime or are read by the actions themselves. */
type MappingOf<Payload> = { readonly [Key in keyof Payload]?: Mapped<Payload[Key]> } & {
  readonly [Key in SteeringKey]?: unknown
}

type SteeringKey =
  | 'enable_batching'
  | 'batch_size'
  | 'batch_bytes'
  | 'batch_keys'
  | `__segment_internal_${string}`
  | `@${string}`

/** What waybill understands beyond the reference's definition; the reference ignores it. */
export type DestinationExtensions = {
  /**
   * `user`: events that share a user id, anonymous id or previous id are delivered one after the other, in the
   * order in which they came. `none` (default): as fast as the limits allow.
   */
  ordering?: 'user' | 'none'
  /**
   * True when the vendor recognizes a repeated call by the idempotency key that the actions send: then an event
   * that was sent without an answer is sent again. Default false.
   */
  idempotent?: boolean
  classify?: Classify
  /**
   * Origins (`https://api.acme.com`) to which a redirect may carry a request with its body; true for any. Default:
   * none but the request's own. Credentials never go along.
   */
  redirectOrigins?: true | readonly string[]
  /** Other names under which an event's `integrations` object may address the destination. */
  integrationNames?: readonly string[]
  /** What the vendor allows per credential. */
  limits?: RequestLimits & {
    /** Actions, by slug, whose endpoint the vendor counts apart from all others. */
    actions?: Readonly<Record<string, RequestLimits>>
  }
}

type RequestLimits = { requestsPerSecond?: number; concurrency?: number }

type AudienceConfig<Settings, AudienceSettings> =
  | AudienceDestinationConfiguration
  | AudienceDestinationConfigurationWithCreateGet<Settings, AudienceSettings>

type DestinationSpecification<
  Settings extends SettingFields,
  A extends Actions<InferFields<Settings>>,
  AudienceFields extends SettingFields,
> = Omit<
  DestinationDefinition<InferFields<Settings>>,
  'authentication' | 'mode' | 'actions' | 'presets' | 'slug'
> &
  DestinationExtensions & {
    /** kebab-case, the name of the destination's folder. */
    slug: string
    settings: Settings
    authentication: WithoutFields<NonNullable<DestinationDefinition<InferFields<Settings>>['authentication']>>
    actions: A
    presets?: PresetOf<A>[]
    /** What a user types in once per audience. */
    audienceFields?: AudienceFields & Known<AudienceFields, GlobalSetting>
    /** How audiences reach the destination, and how it creates and finds them. */
    audienceConfig?: AudienceConfig<InferFields<Settings>, Partial<InferFields<AudienceFields>>>
  }

/** A destination made by `defineDestination`: usable as the reference's `DestinationDefinition`. */
export type DefinedDestination<Settings, A> = DestinationDefinition<Settings> &
  DestinationExtensions & { slug: string; actions: A }

/** Declares a destination. `settings` become the reference's `authentication.fields`. */
export function defineDestination<
  const Settings extends SettingFields,
  A extends Actions<InferFields<Settings>>,
  const AudienceFields extends SettingFields = Record<never, GlobalSetting>,
>(
  specification: DestinationSpecification<Settings, A, AudienceFields>,
): DefinedDestination<InferFields<Settings>, A> {
  const { settings, authentication, ...rest } = specification
  return {
    ...rest,
    mode: 'cloud',
    authentication: { ...authentication, fields: settings },
  } as DefinedDestination<InferFields<Settings>, A>
}
