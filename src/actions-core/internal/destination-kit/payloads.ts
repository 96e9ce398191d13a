import type { ActionDefinition, JSONObject, StatsContext } from '@segment/actions-core'
import { compilePreparation, InvalidPayload, type Preparation } from '../../../pipeline/prepare'
import { cacheByMapping } from '../mapping-kit/cache-by-mapping'
import { asReferenceError } from '../mapping-kit/mapping-errors'
import { realTypeOf } from '../real-type-of'
import { countDiscarded } from './batch-nodes'
import { syncModeOf } from './perform-data'

/** A payload, or why there is none. */
export type PayloadOrError = { readonly payload: JSONObject } | { readonly error: Error }

/** Makes payloads of events: by the pipeline in compatibility mode, compiled once for each mapping. */
export type PayloadMaker = {
  /** Throws when the event gives no valid payload. */
  one(mapping: JSONObject, event: JSONObject, statsContext: StatsContext | undefined): JSONObject
  /** One entry for each event. Throws for a mistake in the mapping. */
  many(mapping: JSONObject, events: JSONObject[], statsContext: StatsContext | undefined): PayloadOrError[]
}

/** A compiled mapping. `isMeasured`: it has templates, whose time goes to the statistics. */
type Prepared = { readonly preparation: Preparation; readonly isMeasured: boolean }
type Payload = Record<string, unknown> | InvalidPayload

// biome-ignore lint/suspicious/noExplicitAny: payload types of actions differ
type Definition = Pick<ActionDefinition<any>, 'fields' | 'syncMode'>

/** The payloads of an action. Errors are those of the reference. */
export function createPayloads(definition: Definition): PayloadMaker {
  const { fields = {} } = definition
  const preparedFor = cacheByMapping((mapping): Prepared => {
    const syncMode = syncModeOf(definition, mapping as JSONObject)
    const options = { fields, mapping, compatibility: true, ...(syncMode && { syncMode }) }
    const preparation = compilePreparation(options)
    return { preparation, isMeasured: JSON.stringify(mapping).includes('"@liquid"') }
  })
  return {
    one(mapping, event, statsContext) {
      let payload: Payload
      try {
        const { preparation, isMeasured } = preparedFor(mapping)
        payload = preparation.prepare(event, isMeasured ? statsContext : undefined)
      } catch (error) {
        throw requireObject(event) ?? asReferenceError(error)
      }
      if (payload instanceof InvalidPayload) throw discarded(payload, statsContext)
      return payload as JSONObject
    },
    many(mapping, events, statsContext) {
      const payloads = prepareAll(preparedFor, mapping, events, statsContext)
      return payloads.map((payload) => {
        if (!(payload instanceof InvalidPayload)) return { payload: payload as JSONObject }
        const error = discarded(payload, statsContext)
        countDiscarded('action', statsContext)
        return { error }
      })
    },
  }
}

/** All events are mapped before one is counted as discarded: where the mapping fails on one, the batch fails. */
function prepareAll(
  preparedFor: (mapping: unknown) => Prepared,
  mapping: JSONObject,
  events: JSONObject[],
  statsContext: StatsContext | undefined,
): Payload[] {
  if (!Array.isArray(events)) throw new Error(`data must be an array, got ${realTypeOf(events)}`)
  try {
    const { preparation, isMeasured } = preparedFor(mapping)
    const stats = isMeasured ? statsContext : undefined
    return events.map((event) => preparation.prepareInBatch(event, stats))
  } catch (error) {
    throw asReferenceError(error)
  }
}

function requireObject(event: unknown): Error | undefined {
  const type = event === undefined ? 'object' : realTypeOf(event)
  return type === 'object' ? undefined : new Error(`data must be an object, got ${type}`)
}

function discarded({ error, message }: InvalidPayload, statsContext: StatsContext | undefined): Error {
  statsContext?.statsClient?.incr('ajv.discard', 1, statsContext.tags)
  return error ?? new Error(message)
}
