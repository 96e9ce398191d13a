import type { SegmentEvent } from 'waybill'
import { mayGenerateCode } from '../../../../src/pipeline/code/code-generation'
import { compileSubscription } from '../../../../src/pipeline/filter/compile-subscription'
import { compilePreparation, InvalidPayload } from '../../../../src/pipeline/prepare'

/** A subscription and the events that it gets. */
export type Case = {
  fields: Record<string, unknown>
  mapping: object
  filter: string
  events: SegmentEvent[]
}

export type Results = { mayGenerateCode: boolean; results: unknown[] }

/** What filter, mapping and payload of each event are. */
export function prepareAll(cases: readonly Case[]): Results {
  const results = cases.map(({ fields, mapping, filter, events }) => {
    const { prepare, map } = compilePreparation({ fields, mapping, generateAfter: 0 })
    const matches = compileSubscription(filter, { generateAfter: 0 })
    return events.map((event) => {
      const payload = prepare(event)
      const isInvalid = payload instanceof InvalidPayload
      return { matches: matches(event), mapped: map(event), payload: isInvalid ? payload.message : payload }
    })
  })
  return { mayGenerateCode: mayGenerateCode(), results }
}
