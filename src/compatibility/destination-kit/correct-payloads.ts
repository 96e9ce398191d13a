import type { JSONObject, StatsContext } from '@segment/actions-core'
import { PayloadValidationError } from '../../actions-core/errors'
import { compilePreparation, InvalidPayload, type Preparation } from '../../pipeline/prepare'
import { type Watch, watchMapping } from '../mapping-kit/watch-mapping'
import { attempt, type PayloadContext, type PayloadMaker } from './payloads'
import { syncModeOf } from './perform-data'

type Prepared = { readonly preparation: Preparation; readonly watch: Watch }

/** As the default runtime: a mapping means the same alone and in a batch, and is compiled once. */
export function correctPayloads({ definition }: PayloadContext): PayloadMaker {
  const prepared = new WeakMap<object, Prepared>()
  const preparationOf = (mapping: JSONObject): Preparation => {
    const known = prepared.get(mapping)
    if (known?.watch.isUnchanged()) return known.preparation
    const syncMode = syncModeOf(definition, mapping)
    const preparation = compilePreparation({
      fields: definition.fields ?? {},
      mapping,
      ...(syncMode ? { syncMode } : {}),
    })
    prepared.set(mapping, { preparation, watch: watchMapping(mapping) })
    return preparation
  }
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
