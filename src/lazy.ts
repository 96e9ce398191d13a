import type { FailureExplainer } from './explain/create-failure-explainer'
import type { ExplainOptions, Explanation } from './explain/explain'
import type { ReplayJudge } from './explain/replay-judge'
import type { Finding } from './lint/finding'
import type { LintInput } from './lint/lint'
import type { Runtime } from './runtime/create-runtime'
import type { Connection, RuntimeOptions } from './runtime/options'

// Each of these loads its module when it is called: most of the package is the runtime, and those who only define a
// destination never need it.

/**
 * Opens all connections: checks definitions and settings, compiles filters and mappings.
 * @throws ConfigurationError or DefinitionError that lists every mistake with its path.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  const module = require('./runtime/create-runtime') as typeof import('./runtime/create-runtime')
  return module.createRuntime(options)
}

/**
 * Explains what a connection does with one event: its filters part by part, its mappings field by field, what was
 * coerced or left out, and the requests. It is a separate evaluation with the verdict and the payload of the runtime.
 * @throws ConfigurationError or DefinitionError where the connection cannot be opened.
 */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const module = require('./explain/explain') as typeof import('./explain/explain')
  return module.explain(options)
}

/**
 * Creates a function that says in one to three lines why an event was not delivered: for dead letters and logs. The
 * lines name fields and the paths that the mapping reads, and hold no secret and no value of the event. A connection
 * is opened when its first event fails its fields. `compatibility` as in `createRuntime`.
 */
export function createFailureExplainer(
  connections: readonly Connection[],
  compatibility = false,
): FailureExplainer {
  const module =
    require('./explain/create-failure-explainer') as typeof import('./explain/create-failure-explainer')
  return module.createFailureExplainer(connections, compatibility)
}

/**
 * Creates a function that says what sending a dead letter again would come to by the configuration as it is now: the same
 * filters, mappings and checks of payloads as delivery, and nothing is sent. `compatibility` as in `createRuntime`.
 */
export function createReplayJudge(connections: readonly Connection[], compatibility = false): ReplayJudge {
  const module = require('./explain/replay-judge') as typeof import('./explain/replay-judge')
  return module.createReplayJudge(connections, compatibility)
}

/**
 * Reads definitions and stored subscriptions, and reports what cannot work and what means something else in compatibility
 * mode, each with the place, the rule and what to do. Sends nothing, and never throws because of what it reads.
 */
export function lint(input: LintInput): Finding[] {
  const module = require('./lint/lint') as typeof import('./lint/lint')
  return module.lint(input)
}
