import type { ActionDefinition, JSONLikeObject, JSONObject, StatsContext } from '@segment/actions-core'
import type { JSONSchema4 } from 'json-schema'
import { transform, transformBatch } from '../../mapping-kit'
import { validateSchema } from '../../schema-validation'
import { removeEmptyValues } from '../remove-empty-values'
import { countDiscarded } from './batch-nodes'

/** A payload, or why there is none. */
export type PayloadOrError = { readonly payload: JSONObject } | { readonly error: Error }

/** Makes payloads of events. */
export type PayloadMaker = {
  /** Throws when the event gives no valid payload. */
  one(mapping: JSONObject, event: JSONObject, statsContext: StatsContext | undefined): JSONObject
  /** One entry for each event. Throws for a mistake in the mapping. */
  many(mapping: JSONObject, events: JSONObject[], statsContext: StatsContext | undefined): PayloadOrError[]
}

/** What decides how payloads are made. */
export type PayloadContext = {
  readonly schema: JSONSchema4 | undefined
  // biome-ignore lint/suspicious/noExplicitAny: payload types of actions differ
  readonly definition: Pick<ActionDefinition<any>, 'fields' | 'syncMode'>
}

const exempt = ['dynamicAuthSettings']

/** As the reference: '' counts as absent for a single event, and as a text in a batch. */
export function referencePayloads({ schema }: PayloadContext): PayloadMaker {
  const check = (given: unknown, statsContext: StatsContext | undefined, isSingle: boolean): JSONObject => {
    const payload = removeEmptyValues(given, schema, isSingle) as JSONObject
    if (schema) validateSchema(payload, schema, { statsContext, exempt })
    return payload
  }
  return {
    one: (mapping, event, statsContext) =>
      check(transform(mapping as JSONLikeObject, event, statsContext), statsContext, true),
    many: (mapping, events, statsContext) => {
      const payloads = transformBatch(mapping as JSONLikeObject, events, statsContext)
      return payloads.map((payload) =>
        attempt(() => (schema ? check(payload, statsContext, false) : payload), statsContext),
      )
    },
  }
}

/** What a function returned or threw; an event of a batch without a payload is counted as discarded. */
export function attempt(make: () => JSONObject, statsContext: StatsContext | undefined): PayloadOrError {
  try {
    return { payload: make() }
  } catch (error) {
    countDiscarded('action', statsContext)
    return { error: error as Error }
  }
}
