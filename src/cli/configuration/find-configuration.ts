import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'

/** The names under which a configuration is found, in this order. */
export const configurationNames = [
  'waybill.config.json',
  'waybill.config.jsonc',
  'waybill.config.ts',
  'waybill.config.mts',
  'waybill.config.js',
  'waybill.config.mjs',
  'waybill.config.cjs',
] as const

/** Whether a configuration is a program rather than data. */
export const isProgram = (file: string): boolean => /\.[cm]?[jt]s$/.test(file)

/**
 * The configuration that was named, else the one in the working directory.
 * @throws ConfigurationError INVALID_CONFIGURATION where there is none, or more than one.
 */
export function findConfiguration(named: string | undefined, workingDirectory: string): string {
  if (named !== undefined) return named
  const found = configurationNames.filter((name) => existsSync(resolve(workingDirectory, name)))
  const [only] = found
  if (only === undefined)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      'there is no waybill.config.json here; "npx waybill init" writes one, and --config names another file',
    )
  if (found.length > 1)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `there are several configurations here, ${found.join(' and ')}; name one with --config`,
    )
  return only
}
