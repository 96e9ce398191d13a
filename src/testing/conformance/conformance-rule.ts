import type { BenchOptions } from '../bench/bench-options'
import type { Bench } from '../bench/create-bench'

/** What a rule has to go by. */
export type Subject = { readonly bench: Bench; readonly options: BenchOptions }

/**
 * One promise that every destination keeps: a sentence, and a check that lists in sentences where it is broken. The
 * list is empty when all is well.
 */
export type ConformanceRule = {
  readonly promise: string
  readonly check: (subject: Subject) => Promise<readonly string[]> | readonly string[]
}
