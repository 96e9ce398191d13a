import type { ActionDefinition, JSONObject } from '@segment/actions-core'
import type { SegmentEvent } from '../../event'
import type { CodeGeneration } from '../../pipeline/code/code-generation'
import { compileSubscription } from '../../pipeline/filter/compile-subscription'
import type { Preparation } from '../../pipeline/prepare'
import type { BatchPolicy } from '../dispatch/batch'
import type { RuntimeOptions, SubscriptionConfiguration } from '../options'
import { batchPolicy } from './batch-policy'
import { defaultMapping } from './presets'
import type { Problems } from './problems'
import type { Prepare } from './shared-preparations'

const syncModes = ['add', 'update', 'upsert', 'delete', 'mirror'] as const
type SyncMode = (typeof syncModes)[number]

/** A subscription with everything compiled that depends on the configuration alone. */
export type OpenSubscription = {
  readonly name: string
  readonly action: string
  // biome-ignore lint/suspicious/noExplicitAny: payload types of actions differ; the pipeline makes them
  readonly definition: ActionDefinition<any>
  readonly isEnabled: boolean
  /** The one for the destination's `onDelete`: it concerns `delete` events alone, and no other event has an outcome for it. */
  readonly isDeletion: boolean
  readonly matches: (event: SegmentEvent) => boolean
  readonly preparation: Preparation
  readonly mapping: JSONObject
  /** Absent: event by event. */
  readonly batch?: BatchPolicy
  /** Payload keys whose values must agree within a batch. */
  readonly batchKeys: readonly string[]
  readonly syncMode?: SyncMode
  readonly matchingKey?: string
  readonly hookOutputs: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, string | undefined>>
}

/** What opening a subscription needs to know of its connection. */
export type SubscriptionContext = {
  // biome-ignore lint/suspicious/noExplicitAny: payload types of actions differ
  readonly actions: Record<string, ActionDefinition<any>>
  readonly isOrdered: boolean
  /** Compiles preparations. */
  readonly prepare: Prepare
  readonly options: Pick<RuntimeOptions, 'compatibility' | 'codeGeneration'>
  readonly onFilterError: (subscription: string, error: unknown) => void
  /** Told of what works, but perhaps not as it was meant. */
  readonly onWarning: (message: string) => void
}

/** Compiles a subscription. Mistakes go to `problems` with their path; then there is no result. */
export function openSubscription(
  configuration: SubscriptionConfiguration,
  name: string,
  path: string,
  context: SubscriptionContext,
  problems: Problems,
): OpenSubscription | undefined {
  const action = configuration.action ?? configuration.partnerAction
  const definition =
    action !== undefined && Object.hasOwn(context.actions, action) ? context.actions[action] : undefined
  if (action === undefined || definition === undefined) {
    const known = Object.keys(context.actions).join(', ')
    problems.add(
      `${path}.action`,
      'UNKNOWN_ACTION',
      `${JSON.stringify(action)} is not an action; there are ${known}`,
    )
    return undefined
  }
  const mapping = (configuration.mapping ?? defaultMapping(definition.fields)) as JSONObject
  if (typeof mapping !== 'object' || Array.isArray(mapping)) {
    const given = Array.isArray(mapping) ? 'a list' : `a ${typeof mapping}`
    problems.add(`${path}.mapping`, 'INVALID_MAPPING', `give an object of values by field; this is ${given}`)
    return undefined
  }
  const matches = openFilter(configuration, name, path, context, problems)
  const { compatibility = false } = context.options
  const preparation = problems.attempt(path, () =>
    context.prepare({
      fields: definition.fields ?? {},
      mapping,
      compatibility,
      path: `${path}.mapping`,
      ...codeGenerationOf(context.options),
      // Stored mappings may hold keys of fields that are gone; a mapping written for us should not.
      strictKeys: configuration.mapping !== undefined && configuration.isPreset !== true && !compatibility,
      ...internalKeys(definition, mapping),
    }),
  )
  if (matches === undefined || preparation === undefined) return undefined
  const batch = batchPolicy(definition, mapping, configuration.batch, context.isOrdered)
  return {
    name,
    action,
    definition,
    isEnabled: configuration.enabled !== false,
    isDeletion: false,
    matches,
    preparation,
    mapping,
    batchKeys: batchKeys(mapping),
    hookOutputs: hookOutputs(definition, mapping),
    metadata: subscriptionMetadata(configuration),
    ...(batch === undefined ? {} : { batch }),
    ...internalKeys(definition, mapping),
  }
}

function openFilter(
  configuration: SubscriptionConfiguration,
  name: string,
  path: string,
  { options, onFilterError, onWarning }: SubscriptionContext,
  problems: Problems,
): ((event: SegmentEvent) => boolean) | undefined {
  const filter = configuration.filter ?? configuration.subscribe
  if (typeof filter !== 'string' || filter.trim() === '') {
    problems.add(`${path}.filter`, 'INVALID_SUBSCRIPTION', 'give an FQL statement, such as type = "track"')
    return undefined
  }
  return problems.attempt(path, () =>
    compileSubscription(filter, {
      compatibility: options.compatibility ?? false,
      path: `${path}.filter`,
      ...codeGenerationOf(options),
      onError: (error) => onFilterError(name, error),
      onWarning: (message) => onWarning(`${name}: ${message}`),
    }),
  )
}

/** How a runtime wants its filters and mappings compiled. */
export const codeGenerationOf = ({
  codeGeneration,
}: Pick<RuntimeOptions, 'codeGeneration'>): CodeGeneration =>
  codeGeneration === false ? { generateAfter: Number.POSITIVE_INFINITY } : {}

const batchKeys = (mapping: JSONObject): string[] =>
  Array.isArray(mapping.batch_keys)
    ? mapping.batch_keys.filter((key): key is string => typeof key === 'string')
    : []

/** The outputs of hooks that ran when the mapping was saved are stored in the mapping under the hook's name. */
export function hookOutputs(definition: { hooks?: object }, mapping: JSONObject): Record<string, unknown> {
  const outputs: Record<string, unknown> = {}
  for (const hook of Object.keys(definition.hooks ?? {})) if (mapping[hook]) outputs[hook] = mapping[hook]
  return outputs
}

/** The ids of a stored subscription, under the names that actions know. */
function subscriptionMetadata(configuration: SubscriptionConfiguration): Record<string, string | undefined> {
  const { ID, ConfigID, ActionID, ProjectID } = configuration
  return { actionConfigId: ID, destinationConfigId: ConfigID, actionId: ActionID, sourceId: ProjectID }
}

/** Keys by which Segment stores what is not a field in a mapping. */
export function internalKeys(definition: { syncMode?: unknown }, mapping: JSONObject) {
  const storedMode = definition.syncMode ? mapping.__segment_internal_sync_mode : undefined
  const syncMode = syncModes.find((mode) => mode === storedMode)
  const matchingKey = mapping.__segment_internal_matching_key
  return {
    ...(syncMode === undefined ? {} : { syncMode }),
    ...(matchingKey ? { matchingKey: String(matchingKey) } : {}),
  }
}
