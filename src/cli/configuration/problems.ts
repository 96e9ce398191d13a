import { ConfigurationError } from 'waybill'
import type { TextPosition } from './parse-configuration'

/** One thing that is wrong with a configuration file. */
export type Problem = {
  /** `connections[0].settings.apiKey`; empty for the file as a whole. */
  readonly path: string
  /** What is wrong, and what to do. */
  readonly message: string
  /** Absent for a configuration that is a program. */
  readonly position?: TextPosition | undefined
}

/** How a check says what it found. */
export type Report = (path: string, message: string) => void

/** `waybill.config.json:4:17 connections[0].name: is missing`, as editors and terminals can follow it. */
export function problemLine(file: string, { path, message, position }: Problem): string {
  const place = position === undefined ? '' : `${file}:${position.line}:${position.column} `
  return `${place}${path === '' ? '' : `${path}: `}${message}`
}

/** Says everything that is wrong with a file at once, in the order of the file. */
export function configurationError(file: string, problems: readonly Problem[]): ConfigurationError {
  const inOrder = problems.toSorted(
    ({ position: one }, { position: other }) =>
      (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0),
  )
  const lines = inOrder.map((problem) => `  - ${problemLine(file, problem)}`)
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new ConfigurationError('INVALID_CONFIGURATION', `${file} has ${count}:\n${lines.join('\n')}`, {
    problems: inOrder.map(({ path, message }) => ({ path, code: 'INVALID_CONFIGURATION' as const, message })),
  })
}
