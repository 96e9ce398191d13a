import type { Harness } from '../harness/create-harness'
import type { HarnessOptions } from '../harness/harness-options'

/** What a rule has to go by. */
export type Subject = { readonly harness: Harness; readonly options: HarnessOptions }

/**
 * One promise that every destination keeps: a sentence, and a check that lists in sentences where it is broken. The
 * list is empty when all is well.
 */
export type ConformanceRule = {
  readonly promise: string
  readonly check: (subject: Subject) => Promise<readonly string[]> | readonly string[]
}
