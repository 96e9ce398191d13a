import { type Connection, createRuntime, isWaybillError, secretsOf } from 'waybill'
import type { Terminal } from '../terminal'
import { findConfiguration } from './find-configuration'
import { destinationOf } from './find-destination'
import { networkOf } from './network-of'
import { configurationError, type Problem } from './problems'
import { type ConfigurationFile, type ConnectionEntry, readConfiguration } from './read-configuration'
import { substituteEnvironment } from './substitute-environment'

/** A configuration file, ready for `createRuntime`. */
export type Configuration = {
  /** The file as it was named or found. */
  readonly file: string
  readonly connections: readonly Connection[]
  readonly compatibility: boolean
  /** Values that came from the environment: nothing that is printed may hold them. */
  readonly secrets: readonly string[]
  /** What is wrong with connections that were left out. Empty unless `isStrict` is false. */
  readonly problems: readonly Problem[]
  /** Who sends events, and how they are taken in, as the file has it: see `loadSources`. */
  readonly intake: Pick<ConfigurationFile, 'sources' | 'ingest'>
  /** Adds the place in the text to a problem. */
  located(problem: Problem): Problem
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
  readonly connection?: Connection
  readonly secrets: readonly string[]
  readonly problems: readonly Problem[]
}

async function openEntry(
  entry: ConnectionEntry,
  index: number,
  path: string,
  terminal: Terminal,
  compatibility: boolean,
): Promise<Opened> {
  const at = `connections[${index}]`
  const problems: Problem[] = []
  const settings = substituteEnvironment(
    entry.settings ?? {},
    `${at}.settings`,
    terminal.environment,
    (place, message) => problems.push({ path: place, message }),
  )
  const { network, secrets: networkSecrets } = networkOf(
    entry.network,
    `${at}.network`,
    path,
    terminal.environment,
    (place, message) => problems.push({ path: place, message }),
  )
  const secrets = [...settings.secrets, ...networkSecrets]
  try {
    const destination = await destinationOf(entry.destination, path)
    const connection = {
      ...entry,
      ...(network === undefined ? {} : { network }),
      destination,
      settings: settings.value as Connection['settings'],
      secrets,
    }
    terminal.hide?.([...secrets, ...secretsOf(destination.authentication?.fields, connection.settings)])
    const substituted = problems.map((problem) => problem.path)
    for (const problem of await problemsOfRuntime(connection, index, compatibility))
      if (!substituted.includes(problem.path)) problems.push(problem)
    return { connection, secrets, problems }
  } catch (error) {
    if (!isWaybillError(error) || error.code !== 'UNKNOWN_DESTINATION') throw error
    return { secrets: [], problems: [...problems, { path: `${at}.destination`, message: error.message }] }
  }
}

const nameOf = ({ name, destination }: ConnectionEntry): string =>
  name ?? (typeof destination === 'string' ? destination : (destination.slug ?? destination.name))

/** Two connections of one name could not be told apart in reports and dead letters. */
function repeatedNames(entries: readonly (ConnectionEntry | undefined)[]): Problem[] {
  const names = entries.map((entry) => entry && nameOf(entry))
  return names.flatMap((name, index) =>
    name === undefined || names.indexOf(name) === index
      ? []
      : [
          {
            path: `connections[${index}].name`,
            message: `another connection is called "${name}" too; give each a name of its own`,
          },
        ],
  )
}

const isAbout = ({ path }: Problem, index: number): boolean =>
  path === `connections[${index}]` || path.startsWith(`connections[${index}].`)

/** Opens every entry whose shape is right. A faulty one has no connection, and problems that say why. */
async function openEntries(
  entries: readonly ConnectionEntry[],
  shape: readonly Problem[],
  path: string,
  terminal: Terminal,
  compatibility: boolean,
): Promise<Opened[]> {
  const usable = entries.map((entry, index) =>
    shape.some((problem) => isAbout(problem, index)) ? undefined : entry,
  )
  const repeated = repeatedNames(usable)
  return Promise.all(
    usable.map(async (entry, index) => {
      const problems = repeated.filter((problem) => isAbout(problem, index))
      if (entry === undefined) return { secrets: [], problems }
      const opened = await openEntry(entry, index, path, terminal, compatibility)
      return { ...opened, problems: [...problems, ...opened.problems] }
    }),
  )
}

/**
 * Reads a configuration file, fills in the environment, finds the destinations and opens every connection once, to
 * say everything that is wrong in one pass and before anything is sent. Without a name the file is looked for in the
 * working directory. `isStrict: false` leaves faulty connections out, with `problems` that say why.
 * @throws ConfigurationError that lists every problem with line, column and path.
 */
export async function loadConfiguration(
  file: string | undefined,
  terminal: Terminal,
  { isStrict = true }: { readonly isStrict?: boolean } = {},
): Promise<Configuration> {
  const found = findConfiguration(file, terminal.workingDirectory)
  const { path, content, problems: shape, located } = await readConfiguration(found, terminal)
  const { compatibility = false } = content
  const isFileFaulty = shape.some((problem) => !problem.path.startsWith('connections['))
  if (isFileFaulty && shape.every((problem) => problem.path === '')) throw configurationError(found, shape)
  const entries = Array.isArray(content.connections) ? content.connections : []
  const opened = await openEntries(entries, shape, path, terminal, compatibility)
  const problems = [...shape, ...opened.flatMap((entry) => entry.problems).map(located)]
  const usable = opened.flatMap((entry) =>
    entry.connection === undefined || entry.problems.length > 0 ? [] : [entry.connection],
  )
  if (problems.length > 0 && (isStrict || isFileFaulty || usable.length === 0))
    throw configurationError(found, problems)
  return {
    file: found,
    connections: usable,
    compatibility,
    secrets: opened.flatMap(({ secrets }) => secrets),
    problems,
    intake: {
      ...(content.sources !== undefined && { sources: content.sources }),
      ...(content.ingest !== undefined && { ingest: content.ingest }),
    },
    located,
  }
}
