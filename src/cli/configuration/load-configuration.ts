import { type Connection, createRuntime, isWaybillError } from 'waybill'
import type { Terminal } from '../terminal'
import { findDestination } from './find-destination'
import { configurationError, type Problem } from './problems'
import { type ConnectionEntry, readConfiguration } from './read-configuration'
import { substituteEnvironment } from './substitute-environment'

/** A configuration file, ready for `createRuntime`. */
export type Configuration = {
  readonly connections: readonly Connection[]
  readonly compatibility: boolean
  /** Values that came from the environment: nothing that is printed may hold them. */
  readonly secrets: readonly string[]
}

/** What the runtime has to say of a connection, as if it stood alone. */
async function problemsOfRuntime(
  connection: Connection,
  index: number,
  compatibility: boolean,
): Promise<readonly Problem[]> {
  try {
    await createRuntime({ connections: [connection], compatibility }).close()
    return []
  } catch (error) {
    if (!isWaybillError(error)) throw error
    return error.problems.map(({ path, message }) => ({
      path: path.replace('connections[0]', `connections[${index}]`),
      message,
    }))
  }
}

type Opened = {
  readonly connection: Connection
  readonly secrets: readonly string[]
  readonly problems: Problem[]
}

async function openEntry(
  entry: ConnectionEntry,
  index: number,
  path: string,
  terminal: Terminal,
  compatibility: boolean,
): Promise<Opened | { readonly problems: Problem[] }> {
  const at = `connections[${index}]`
  const problems: Problem[] = []
  const settings = substituteEnvironment(
    entry.settings ?? {},
    `${at}.settings`,
    terminal.environment,
    (place, message) => problems.push({ path: place, message }),
  )
  try {
    const destination = await findDestination(entry.destination, path)
    const connection = { ...entry, destination, settings: settings.value as Connection['settings'] }
    const substituted = problems.map((problem) => problem.path)
    for (const problem of await problemsOfRuntime(connection, index, compatibility))
      if (!substituted.includes(problem.path)) problems.push(problem)
    return { connection, secrets: settings.secrets, problems }
  } catch (error) {
    if (!isWaybillError(error) || error.code !== 'UNKNOWN_DESTINATION') throw error
    return { problems: [...problems, { path: `${at}.destination`, message: error.message }] }
  }
}

/** Two connections of one name could not be told apart in reports and dead letters. */
function repeatedNames(connections: readonly ConnectionEntry[]): Problem[] {
  const names = connections.map(({ name, destination }) => name ?? destination)
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: `connections[${index}].name`,
            message: `another connection is called "${name}" too; give each a name of its own`,
          },
        ],
  )
}

/**
 * Reads a configuration file, fills in the environment, finds the destinations and opens every connection once, to
 * say everything that is wrong at once and before anything is sent.
 * @throws ConfigurationError that lists every problem with its path.
 */
export async function loadConfiguration(file: string, terminal: Terminal): Promise<Configuration> {
  const { path, content } = await readConfiguration(file, terminal)
  const { connections, compatibility = false } = content
  const opened = await Promise.all(
    connections.map((entry, index) => openEntry(entry, index, path, terminal, compatibility)),
  )
  const problems = [...repeatedNames(connections), ...opened.flatMap((entry) => entry.problems)]
  if (problems.length > 0) throw configurationError(file, problems)
  const usable = opened.flatMap((entry) => ('connection' in entry ? [entry] : []))
  return {
    connections: usable.map(({ connection }) => connection),
    compatibility,
    secrets: usable.flatMap(({ secrets }) => secrets),
  }
}
