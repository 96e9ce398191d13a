import type { Totals } from 'waybill'
import type { Tally } from '../report/tally'

/** Everything that is known when a run has ended. */
export type DeliveryResult = {
  readonly input: {
    readonly name: string
    /** False for standard input. */
    readonly isFile: boolean
    readonly bytes: number
    readonly lines: number
  }
  readonly totals: Totals
  readonly tally: Tally
  /** Records that were no events, and the first of them. */
  readonly malformed: number
  readonly firstMalformed?: { readonly line: number; readonly problem: string }
  readonly isInterrupted: boolean
  /** Why the input could not be read to its end, if so. */
  readonly inputError?: Error
  /** Where a further run has to begin, if this one did not take the whole input. */
  readonly skip?: number
  readonly deadLetters: {
    readonly path: string
    readonly count: number
    /** Letters that could not be written. */
    readonly lost: number
    readonly failure?: Error
  }
  /** Of a run by way of a store. */
  readonly store?: {
    readonly name: string
    /** Records that an earlier start of this run had put there already. */
    readonly goneOnFrom: number
    /** Deliveries that have not ended. */
    readonly left: number
    /** Dead letters of this run that are there. */
    readonly dead: number
  }
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
}

/** 0: all delivered or skipped. 1: something failed or could not be read. 130: interrupted. */
export function exitCodeOf(result: DeliveryResult): 0 | 1 | 130 {
  if (result.isInterrupted) return 130
  const hasFailed = result.tally.failed > 0 || result.malformed > 0
  const isUnfinished = (result.store?.left ?? 0) > 0 || (result.store?.dead ?? 0) > 0
  return hasFailed ||
    isUnfinished ||
    result.inputError !== undefined ||
    result.deadLetters.failure !== undefined
    ? 1
    : 0
}
