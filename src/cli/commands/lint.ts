import { join } from 'node:path'
import { type Finding, type LintInput, lint } from 'waybill'
import { findConfiguration } from '../configuration/find-configuration'
import { destinationOf, findDestination } from '../configuration/find-destination'
import { configurationError } from '../configuration/problems'
import { readConfiguration } from '../configuration/read-configuration'
import { plural } from '../report/format'
import type { Terminal } from '../terminal'

/** What `waybill lint` was asked for. */
export type LintOptions = {
  /** Slugs, or `module#export` seen from the working directory. */
  readonly destinations: readonly string[]
  /** Default: the configuration in the working directory, unless destinations are named. */
  readonly config?: string
  readonly json?: boolean
}

async function readInput({ destinations, config }: LintOptions, terminal: Terminal): Promise<LintInput> {
  const here = join(terminal.workingDirectory, 'lint')
  const named = await Promise.all(destinations.map((name) => findDestination(name, here)))
  if (config === undefined && named.length > 0) return { destinations: named }
  const file = findConfiguration(config, terminal.workingDirectory)
  const { path, content, problems } = await readConfiguration(file, terminal)
  if (problems.length > 0) throw configurationError(file, problems)
  const connections = await Promise.all(
    (content.connections ?? []).map(async ({ destination, filter, subscriptions }) => ({
      destination: await destinationOf(destination, path),
      ...(filter !== undefined && { filter }),
      subscriptions,
    })),
  )
  return { destinations: named, connections }
}

const findingText = ({ severity, rule, path, message }: Finding): string =>
  `${severity === 'error' ? '✗' : '!'} ${path}: ${message} (${rule})`

function countsText(errors: number, warnings: number): string {
  if (errors + warnings === 0) return 'Nothing was found.'
  return `${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`
}

/**
 * `waybill lint`: reports what is wrong with definitions and stored subscriptions, and what means something else in
 * compatibility mode. Reads no settings. Gives the exit code: 1 if there are errors.
 * @throws ConfigurationError for a configuration that cannot be read, or a destination that is not there.
 */
export async function lintCommand(options: LintOptions, terminal: Terminal): Promise<number> {
  const findings = lint(await readInput(options, terminal))
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.length - errors
  const text = options.json
    ? JSON.stringify({ errors, warnings, findings }, null, 2)
    : [...findings.map(findingText), countsText(errors, warnings)].join('\n')
  await terminal.stdout.write(`${text}\n`)
  return errors > 0 ? 1 : 0
}
