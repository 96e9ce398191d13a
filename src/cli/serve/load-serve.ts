import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError, type Connection } from 'waybill'
import { configurationNames } from '../configuration/find-configuration'
import { type Configuration, loadConfiguration } from '../configuration/load-configuration'
import { type Intake, loadSources, nameOfConnection } from '../configuration/load-sources'
import { problemLine } from '../configuration/problems'
import type { EmulatedVendors } from '../emulators/emulated-vendors'
import type { Terminal } from '../terminal'

/** The write key of a server that nobody has configured sources for. */
export const localSource = { name: 'local', writeKey: 'local' } as const

/** What a server delivers to, and for whom. */
export type Loaded = {
  /** Absent for the connections of the demo. */
  readonly file?: string
  readonly configuration: Pick<Configuration, 'connections' | 'compatibility'>
  readonly intake: Intake
  /** What the operator should know. */
  readonly notes: readonly string[]
}

/** Whether a configuration was named, or lies in the working directory. */
export const hasConfiguration = (named: string | undefined, { workingDirectory }: Terminal): boolean =>
  named !== undefined || configurationNames.some((name) => existsSync(resolve(workingDirectory, name)))

/** The connections of the demo, on emulators. */
export const loadDemo = ({ configuration }: EmulatedVendors): Loaded => ({
  configuration,
  intake: { sources: [localSource], ingest: {} },
  notes: [
    'There is no configuration here: the connections of the demo are served, on emulated vendors. "npx waybill init" writes one.',
  ],
})

/** Nothing of an emulated server reaches a real vendor: connections without an emulator are left out. */
function emulate(connections: readonly Connection[], vendors: EmulatedVendors) {
  const emulated = connections.map((connection) => vendors.emulated(connection))
  const without = connections.filter((_, index) => emulated[index] === undefined).map(nameOfConnection)
  return {
    connections: emulated.flatMap((connection) => connection ?? []),
    notes: without.map((name) => `${name}: there is no emulator of its vendor, so it is left out`),
  }
}

type LoadOptions = { readonly config?: string; readonly isLocal: boolean; readonly vendors?: EmulatedVendors }

/**
 * Loads a configuration for a server. Connections that cannot be used are left out and told; so do what sources say.
 * @throws ConfigurationError where nothing can be served.
 */
export async function loadServed(
  { config, isLocal, vendors }: LoadOptions,
  terminal: Terminal,
): Promise<Loaded> {
  const ofVendors =
    vendors === undefined ? [] : [...vendors.bySlug.values()].map(({ environment }) => environment)
  const environment = Object.assign({}, ...ofVendors, terminal.environment) as Terminal['environment']
  const configuration = await loadConfiguration(config, { ...terminal, environment }, { isStrict: false })
  const { file, problems } = configuration
  const sources = loadSources(configuration, terminal)
  if (sources === undefined && !isLocal)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `${file} names no sources, so anybody who reaches the server could send: add "sources": [{ "name": "site", "writeKey": "\${SITE_WRITE_KEY}" }]`,
    )
  const emulated =
    vendors === undefined
      ? { connections: configuration.connections, notes: [] }
      : emulate(configuration.connections, vendors)
  if (emulated.connections.length === 0)
    throw new ConfigurationError('INVALID_CONFIGURATION', `${file}: none of its connections has an emulator`)
  return {
    file,
    configuration: { ...configuration, connections: emulated.connections },
    intake: sources ?? { sources: [localSource], ingest: configuration.intake.ingest ?? {} },
    notes: [
      ...problems.map((problem) => `left out: ${problemLine(file, problem)}`),
      ...emulated.notes,
      ...(sources === undefined
        ? [
            `${file} names no sources: the write key "${localSource.writeKey}" is taken, on this machine alone`,
          ]
        : []),
    ],
  }
}
