import { type Connection, didYouMean, isWaybillError } from 'waybill'
import { createIngest, type Source } from 'waybill/ingest'
import type { Terminal } from '../terminal'
import type { Configuration } from './load-configuration'
import { configurationError, type Problem } from './problems'
import type { IngestEntry } from './read-configuration'
import { substituteEnvironment } from './substitute-environment'

/** Who sends events to a server, and how they are taken in. */
export type Intake = { readonly sources: readonly Source[]; readonly ingest: IngestEntry }

/** The name under which a connection runs. */
export const nameOfConnection = ({ name, destination }: Connection): string =>
  name ?? destination.slug ?? destination.name

/** What `createIngest` has to say of these options. */
function problemsOfIngest(options: Intake, prefix: string): Problem[] {
  try {
    createIngest({ ...options.ingest, sources: options.sources, accept: async () => undefined })
    return []
  } catch (error) {
    if (!isWaybillError(error)) throw error
    return error.problems.map(({ path, message }) => ({ path: `${prefix}${path}`, message }))
  }
}

/** Sources and options apart, so that mistakes of both are told. */
const problemsOfIntake = ({ sources, ingest }: Intake): Problem[] => [
  ...problemsOfIngest({ sources, ingest: {} }, ''),
  ...problemsOfIngest({ sources: [{ name: 'any', writeKey: 'any' }], ingest }, 'ingest.'),
]

function unknownConnections(sources: readonly Source[], names: readonly string[]): Problem[] {
  return sources.flatMap(({ connections = [] }, index) =>
    connections.flatMap((name, position) =>
      names.includes(name)
        ? []
        : [
            {
              path: `sources[${index}].connections[${position}]`,
              message: `there is no connection "${name}"${didYouMean(name, names) || '.'} There are ${names.join(', ')}`,
            },
          ],
    ),
  )
}

/**
 * The sources of a configuration, with the environment filled in. Nothing where the file names none.
 * @throws ConfigurationError that lists every problem with line, column and path.
 */
export function loadSources(configuration: Configuration, terminal: Terminal): Intake | undefined {
  const { intake, connections, file, located, problems: left } = configuration
  if (intake.sources === undefined) return undefined
  const problems: Problem[] = []
  const fill = <Value>(value: Value, path: string): Value =>
    substituteEnvironment(value, path, terminal.environment, (place, message) =>
      problems.push({ path: place, message }),
    ).value as Value
  const filled = { sources: fill(intake.sources, 'sources'), ingest: fill(intake.ingest ?? {}, 'ingest') }
  const known = problems.map(({ path }) => path)
  for (const problem of problemsOfIntake(filled)) if (!known.includes(problem.path)) problems.push(problem)
  // A connection that was left out for its own faults is told there.
  if (left.length === 0)
    problems.push(...unknownConnections(filled.sources, connections.map(nameOfConnection)))
  if (problems.length > 0) throw configurationError(file, problems.map(located))
  return filled
}
