import { resolve } from 'node:path'
import type { Connection } from 'waybill'
import type { IngestOptions, Source } from 'waybill/ingest'
import { readTextFile } from '../input/text-file'
import type { Terminal } from '../terminal'
import { checkShape } from './check-shape'
import { isProgram } from './find-configuration'
import { importModule } from './import-module'
import { parseConfiguration } from './parse-configuration'
import type { Problem } from './problems'

/** A connection as the file has it: its destination by name or, in a program, itself; its settings before substitution. */
export type ConnectionEntry = Omit<Connection, 'destination'> & {
  readonly destination: string | Connection['destination']
}

/** What a configuration file holds. */
export type ConfigurationFile = {
  readonly connections: readonly ConnectionEntry[]
  readonly compatibility?: boolean
  /** Who sends events to `waybill serve`, before substitution. */
  readonly sources?: readonly Source[]
  readonly ingest?: IngestEntry
}

/** How `waybill serve` takes events in, before substitution. */
export type IngestEntry = Pick<IngestOptions, 'publicUrl' | 'unknownKey' | 'limits' | 'trustedProxies'>

/** A configuration file with everything that its text and shape have wrong. */
export type ReadConfiguration = {
  readonly path: string
  readonly content: Partial<ConfigurationFile>
  readonly problems: readonly Problem[]
  /** Adds the place in the text to a problem. */
  located(problem: Problem): Problem
}

const readText = (file: string, path: string): string => readTextFile(path, `--config ${file}`)

/** The default export, or what it returns when it is a function. */
async function contentOfProgram(file: string, path: string): Promise<unknown> {
  readText(file, path)
  const loaded = (await importModule(path, path)) as { readonly default?: unknown }
  const exported = loaded?.default ?? loaded
  const inner = (exported as { readonly default?: unknown } | undefined)?.default ?? exported
  return typeof inner === 'function' ? (inner as () => unknown)() : inner
}

/**
 * Reads a configuration file and checks its shape; destinations and settings are as they are written.
 * @throws ConfigurationError where the file cannot be read, or a program fails.
 */
export async function readConfiguration(
  file: string,
  { workingDirectory }: Terminal,
): Promise<ReadConfiguration> {
  const path = resolve(workingDirectory, file)
  const parsed = isProgram(path)
    ? { content: await contentOfProgram(file, path), problems: [], locate: () => undefined }
    : parseConfiguration(readText(file, path))
  const located = (problem: Problem): Problem =>
    problem.position === undefined ? { ...problem, position: parsed.locate(problem.path) } : problem
  const problems: Problem[] = [...parsed.problems]
  // What is missing after a mistake in the text may well be there: only the text's own mistakes are told then.
  if (problems.every(({ path: place }) => place !== ''))
    checkShape(parsed.content, (place, message) => problems.push({ path: place, message }))
  const content = (
    typeof parsed.content === 'object' && parsed.content !== null ? parsed.content : {}
  ) as Partial<ConfigurationFile>
  return { path, content, problems: problems.map(located), located }
}
