import type { SegmentEvent } from './event'
import type { Finding } from './lint/finding'
import type { LintInput } from './lint/lint'
import type { Outcome } from './outcome'
import type { Runtime } from './runtime/create-runtime'
import type { ExplainOptions, Explanation } from './runtime/explain'
import type { Connection, RuntimeOptions } from './runtime/options'

// The public functions that need the pipeline or the runtime, which are most of the package. Each is loaded at its first
// call, so that those who only define a destination never wait for it.

/**
 * Opens all connections: checks definitions and settings, compiles filters and mappings.
 * @throws ConfigurationError or DefinitionError that lists every mistake with its path.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  const loaded = require('./runtime/create-runtime') as typeof import('./runtime/create-runtime')
  return loaded.createRuntime(options)
}

/**
 * Explains what a connection does with one event: its filters part by part, its mappings field by field, what was
 * coerced or left out, and the requests. It is a separate evaluation with the verdict and the payload of the runtime.
 * @throws ConfigurationError or DefinitionError where the connection cannot be opened.
 */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const loaded = require('./runtime/explain') as typeof import('./runtime/explain')
  return loaded.explain(options)
}

/**
 * Creates a function that says in one to three lines why an event was not delivered: for dead letters and logs. The
 * lines name fields and the paths that the mapping reads, and hold no secret and no value of the event. A connection
 * is opened when its first event fails its fields. `compatibility` as in `createRuntime`.
 */
export function createFailureExplainer(
  connections: readonly Connection[],
  compatibility = false,
): (outcome: Outcome, event: SegmentEvent) => string[] {
  const loaded =
    require('./runtime/create-failure-explainer') as typeof import('./runtime/create-failure-explainer')
  return loaded.createFailureExplainer(connections, compatibility)
}

/**
 * Reads definitions and stored subscriptions, and reports what cannot work and what means something else in compatibility
 * mode, each with the place, the rule and what to do. Sends nothing, and never throws because of what it reads.
 */
export function lint(input: LintInput): Finding[] {
  const loaded = require('./lint/lint') as typeof import('./lint/lint')
  return loaded.lint(input)
}
