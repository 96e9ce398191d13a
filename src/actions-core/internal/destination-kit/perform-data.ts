import type { JSONObject } from '@segment/actions-core'
import type { SyncMode } from '@segment/actions-core/destination-kit/types'
import { resolveAudienceMembership } from '../../../contract/audience-membership'
import { markInput } from '../../../contract/multi-status'
import { syncModeTypes } from '../../destination-kit/types'
import type { ExecuteBundle } from './bundle'

type Definition = { readonly hooks?: object | undefined; readonly syncMode?: object | undefined }

/** The sync mode of a mapping, where the action has sync modes and the value is one of them. */
export function syncModeOf(definition: Definition, mapping: JSONObject | undefined): SyncMode | undefined {
  if (!definition.syncMode) return undefined
  const stored = mapping?.__segment_internal_sync_mode
  return syncModeTypes.find((mode) => mode === stored)
}

/** What hooks returned when the mapping was saved: stored in the mapping under the hook's name. */
function hookOutputsOf(definition: Definition, mapping: JSONObject | undefined): JSONObject {
  const outputs: JSONObject = {}
  for (const hook in definition.hooks) {
    const output = mapping?.[hook]
    if (output) outputs[hook] = output
  }
  return outputs
}

function matchingKeyOf(mapping: JSONObject | undefined): string | undefined {
  const matchingKey = mapping?.__segment_internal_matching_key
  return matchingKey ? String(matchingKey) : undefined
}

/**
 * What `perform` gets. `audienceMembership` is there only when the event says something of it. The order of the
 * properties is the reference's, since there are actions that send the whole as JSON; literals without spreads, since
 * they are made for every event.
 */
export function performData(definition: Definition, bundle: ExecuteBundle, payload: unknown) {
  const { mapping } = bundle
  const syncMode = syncModeOf(definition, mapping)
  const membership = resolveAudienceMembership(bundle.data as object | undefined, syncMode, bundle.features)
  const data =
    membership === undefined
      ? {
          rawData: bundle.data,
          rawMapping: mapping,
          settings: bundle.settings,
          payload,
          auth: bundle.auth,
          features: bundle.features,
          statsContext: bundle.statsContext,
          personasContext: bundle.personasContext,
          logger: bundle.logger,
          engageDestinationCache: bundle.engageDestinationCache,
          transactionContext: bundle.transactionContext,
          stateContext: bundle.stateContext,
          audienceSettings: bundle.audienceSettings,
          hookOutputs: hookOutputsOf(definition, mapping),
          syncMode,
          matchingKey: matchingKeyOf(mapping),
          subscriptionMetadata: bundle.subscriptionMetadata,
          signal: bundle.signal,
        }
      : {
          rawData: bundle.data,
          rawMapping: mapping,
          settings: bundle.settings,
          payload,
          audienceMembership: membership,
          auth: bundle.auth,
          features: bundle.features,
          statsContext: bundle.statsContext,
          personasContext: bundle.personasContext,
          logger: bundle.logger,
          engageDestinationCache: bundle.engageDestinationCache,
          transactionContext: bundle.transactionContext,
          stateContext: bundle.stateContext,
          audienceSettings: bundle.audienceSettings,
          hookOutputs: hookOutputsOf(definition, mapping),
          syncMode,
          matchingKey: matchingKeyOf(mapping),
          subscriptionMetadata: bundle.subscriptionMetadata,
          signal: bundle.signal,
        }
  return markInput(data)
}

/** What `performBatch` gets. `events` are those of the payloads; the action sees all events of the batch. */
export function performBatchData(
  definition: Definition,
  bundle: ExecuteBundle<unknown, JSONObject[]>,
  payloads: readonly unknown[],
  events: readonly JSONObject[],
) {
  const { mapping, features } = bundle
  const syncMode = syncModeOf(definition, mapping)
  return markInput({
    rawData: bundle.data,
    rawMapping: mapping,
    settings: bundle.settings,
    audienceSettings: bundle.audienceSettings,
    payload: payloads,
    audienceMembership: events.map((event) => resolveAudienceMembership(event, syncMode, features)),
    auth: bundle.auth,
    features,
    statsContext: bundle.statsContext,
    personasContext: bundle.personasContext,
    logger: bundle.logger,
    engageDestinationCache: bundle.engageDestinationCache,
    transactionContext: bundle.transactionContext,
    stateContext: bundle.stateContext,
    subscriptionMetadata: bundle.subscriptionMetadata,
    hookOutputs: hookOutputsOf(definition, mapping),
    syncMode,
    matchingKey: matchingKeyOf(mapping),
    signal: bundle.signal,
  })
}
