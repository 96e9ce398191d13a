import type { StatsContext } from '@segment/actions-core'
import { ErrorCodes, MultiStatusErrorReporter } from '../../../contract/error-codes'

/** What became of one event of a batch. */
export type BatchNode = {
  status: number
  sent?: unknown
  body?: unknown
  errortype?: string
  errormessage?: string
  errorreporter?: string
}

/** An event that the framework refused before it was sent. */
export const refusedNode = (errormessage: string, status = 400, errortype?: string): BatchNode => ({
  status,
  errortype: errortype ?? ErrorCodes.PAYLOAD_VALIDATION_FAILED,
  errormessage,
  errorreporter: MultiStatusErrorReporter.INTEGRATIONS,
})

/** Counts events that were not accepted. */
export const countDiscarded = (
  owner: 'action' | 'destination',
  statsContext: StatsContext | undefined,
  count = 1,
): void => {
  statsContext?.statsClient?.incr(`${owner}.multistatus_discard`, count, statsContext.tags)
}
