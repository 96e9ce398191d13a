import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigurationError, type Connection } from 'waybill'
import { fileProblem } from '../input/open-input'
import type { Terminal } from '../terminal'
import { checkShape } from './check-shape'
import { locateJsonError } from './locate-json-error'
import { configurationError, type Problem } from './problems'

/** A connection as the file has it: its destination by name, its settings before substitution. */
export type ConnectionEntry = Omit<Connection, 'destination'> & { readonly destination: string }
/** What a configuration file holds. */
export type ConfigurationFile = {
  readonly connections: readonly ConnectionEntry[]
  readonly compatibility?: boolean
}

async function readJson(file: string, path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `--config ${file}: ${fileProblem(error)}`, {
      cause: error,
    })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    const { line, column } = locateJsonError(text.replace(/^\uFEFF/, ''))
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `${file} is not JSON: look at line ${line}, column ${column}`,
    )
  }
}

/**
 * Reads a configuration file and checks its shape; destinations and settings are as they are written.
 * @throws ConfigurationError that lists every problem with its path.
 */
export async function readConfiguration(
  file: string,
  { workingDirectory }: Terminal,
): Promise<{ readonly path: string; readonly content: ConfigurationFile }> {
  const path = resolve(workingDirectory, file)
  const content = await readJson(file, path)
  const problems: Problem[] = []
  checkShape(content, (place, message) => problems.push({ path: place, message }))
  if (problems.length > 0) throw configurationError(file, problems)
  return { path, content: content as ConfigurationFile }
}
