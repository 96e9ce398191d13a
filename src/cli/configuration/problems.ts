import { ConfigurationError } from 'waybill'

/** One thing that is wrong with a configuration file. */
export type Problem = {
  /** `connections[0].settings.apiKey`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
}

/** How a check says what it found. */
export type Report = (path: string, message: string) => void

/** Says everything that is wrong with a file at once. */
export function configurationError(file: string, problems: readonly Problem[]): ConfigurationError {
  const lines = problems.map(({ path, message }) => `  - ${path === '' ? '' : `${path}: `}${message}`)
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new ConfigurationError('INVALID_CONFIGURATION', `${file} has ${count}:\n${lines.join('\n')}`)
}
