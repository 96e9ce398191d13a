import type { JSONObject } from '@segment/actions-core'
import type { SyncMode } from '@segment/actions-core/destination-kit/types'
import { resolveAudienceMembership } from '../../../contract/audience-membership'
import { markInput } from '../../../contract/multi-status'
import { syncModeTypes } from '../../destination-kit/types'
import type { ExecuteBundle } from './bundle'

type Definition = { readonly hooks?: object | undefined; readonly syncMode?: object | undefined }

/** The sync mode of a mapping, where the action has sync modes and the value is one of them. */
export function syncModeOf(definition: Definition, mapping: JSONObject | undefined): SyncMode | undefined {
  const stored = definition.syncMode ? mapping?.__segment_internal_sync_mode : undefined
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

const modeOf = (definition: Definition, { mapping }: ExecuteBundle) => {
  const matchingKey = mapping?.__segment_internal_matching_key
  return {
    hookOutputs: hookOutputsOf(definition, mapping),
    syncMode: syncModeOf(definition, mapping),
    matchingKey: matchingKey ? String(matchingKey) : undefined,
  }
}

const contextsOf = (bundle: ExecuteBundle) => ({
  auth: bundle.auth,
  features: bundle.features,
  statsContext: bundle.statsContext,
  personasContext: bundle.personasContext,
  logger: bundle.logger,
  engageDestinationCache: bundle.engageDestinationCache,
  transactionContext: bundle.transactionContext,
  stateContext: bundle.stateContext,
})

/**
 * What `perform` gets. `audienceMembership` is there only when the event says something of it. The order of the
 * members is the reference's, since there are actions that send the whole as JSON.
 */
export function performData(definition: Definition, bundle: ExecuteBundle, payload: unknown) {
  const mode = modeOf(definition, bundle)
  const audienceMembership = resolveAudienceMembership(bundle.data as object | undefined, mode.syncMode)
  return markInput({
    rawData: bundle.data,
    rawMapping: bundle.mapping,
    settings: bundle.settings,
    payload,
    ...(audienceMembership === undefined ? {} : { audienceMembership }),
    ...contextsOf(bundle),
    audienceSettings: bundle.audienceSettings,
    ...mode,
    subscriptionMetadata: bundle.subscriptionMetadata,
    signal: bundle.signal,
  })
}

/** What `performBatch` gets. `events` are those of the payloads, `rawData` what the action sees of them. */
export function performBatchData(
  definition: Definition,
  bundle: ExecuteBundle<unknown, JSONObject[]>,
  payloads: readonly unknown[],
  events: readonly JSONObject[],
  rawData: readonly JSONObject[],
) {
  const mode = modeOf(definition, bundle)
  return markInput({
    rawData,
    rawMapping: bundle.mapping,
    settings: bundle.settings,
    audienceSettings: bundle.audienceSettings,
    payload: payloads,
    audienceMembership: events.map((event) => resolveAudienceMembership(event, mode.syncMode)),
    ...contextsOf(bundle),
    subscriptionMetadata: bundle.subscriptionMetadata,
    ...mode,
    signal: bundle.signal,
  })
}
