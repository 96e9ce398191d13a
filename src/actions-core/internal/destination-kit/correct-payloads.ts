import type { JSONObject, StatsContext } from '@segment/actions-core'
import { PayloadValidationError } from '../../../contract/errors'
import { compilePreparation, InvalidPayload } from '../../../pipeline/prepare'
import { cacheByMapping } from '../mapping-kit/cache-by-mapping'
import { attempt, type PayloadContext, type PayloadMaker } from './payloads'
import { syncModeOf } from './perform-data'

/** As the default runtime: a mapping means the same alone and in a batch, and is compiled once. */
export function correctPayloads({ definition }: PayloadContext): PayloadMaker {
  const preparationOf = cacheByMapping((mapping) => {
    const syncMode = syncModeOf(definition, mapping as JSONObject)
    return compilePreparation({
      fields: definition.fields ?? {},
      mapping: mapping as JSONObject,
      ...(syncMode ? { syncMode } : {}),
    })
  })
  return {
    one: (mapping, event, statsContext) => valid(preparationOf(mapping).prepare(event), statsContext),
    many: (mapping, events, statsContext) => {
      const preparation = preparationOf(mapping)
      return events.map((event) =>
        attempt(() => valid(preparation.prepare(event), statsContext), statsContext),
      )
    },
  }
}

function valid(
  result: Record<string, unknown> | InvalidPayload,
  statsContext: StatsContext | undefined,
): JSONObject {
  if (!(result instanceof InvalidPayload)) return result as JSONObject
  statsContext?.statsClient?.incr('ajv.discard', 1, statsContext.tags)
  throw Object.assign(new PayloadValidationError(result.message), { fields: result.fields })
}
