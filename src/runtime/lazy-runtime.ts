import type { Runtime } from './create-runtime'
import type { RuntimeOptions } from './options'

/**
 * Opens all connections: checks definitions and settings, compiles filters and mappings.
 * @throws ConfigurationError or DefinitionError that lists every mistake with its path.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  // Loaded here, since most of the package is the runtime, and those who only define a destination never need it.
  const runtime = require('./create-runtime') as typeof import('./create-runtime')
  return runtime.createRuntime(options)
}
