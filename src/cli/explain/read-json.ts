import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { parseConfiguration } from '../configuration/parse-configuration'
import { readTextFile } from '../input/text-file'
import type { Terminal } from '../terminal'

/**
 * The JSON object of an option: written out (`{"email": …}`), or the name of a file.
 * @throws ConfigurationError INVALID_CONFIGURATION that names the option.
 */
export function readJsonObject(option: string, value: string, terminal: Terminal): Record<string, unknown> {
  const text = value.trimStart().startsWith('{')
    ? value
    : readTextFile(resolve(terminal.workingDirectory, value), `${option} ${value}`)
  const content = parseJson(option, text)
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return content as Record<string, unknown>
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    `${option}: give a JSON object, or the name of a file with one`,
  )
}

function parseJson(option: string, text: string): unknown {
  const { content, problems } = parseConfiguration(text)
  const [first] = problems
  if (first === undefined) return content
  const { line, column } = first.position ?? { line: 1, column: 1 }
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    `${option} is not JSON: look at line ${line}, column ${column}: ${first.message}`,
  )
}
