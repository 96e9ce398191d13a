import { existsSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { loadConfiguration } from '../configuration/load-configuration'
import { openInput } from '../input/open-input'
import { packageVersion } from '../package-folder'
import {
  checkDeadLetterFile,
  createDeadLetters,
  defaultDeadLetterFile,
  discardDeadLetters,
} from '../report/dead-letters'
import { plural } from '../report/format'
import { jsonReport } from '../report/json-report'
import { summary } from '../report/summary'
import { deliver } from '../run/deliver'
import { exitCodeOf } from '../run/delivery-result'
import { createPrintingFetch } from '../run/dry-run'
import type { Terminal } from '../terminal'

/** What `waybill run` was asked for. Spans of time in milliseconds. */
export type RunOptions = {
  /** Default: the one in the working directory. */
  readonly config?: string
  readonly input?: string
  readonly deadLetters?: string
  readonly report?: string
  readonly retryFor: number
  readonly concurrency?: number
  readonly rate?: number
  readonly maxPending?: number
  readonly skip?: number
  readonly allowDuplicates?: boolean
  readonly dryRun?: boolean
  readonly quiet?: boolean
}

function reportPath(file: string | undefined, { workingDirectory }: Terminal): string | undefined {
  if (file === undefined) return undefined
  const path = resolve(workingDirectory, file)
  if (existsSync(dirname(path))) return path
  throw new ConfigurationError('INVALID_CONFIGURATION', `--report ${file}: there is no such folder`)
}

function openDeadLetters({ deadLetters, dryRun }: RunOptions, { workingDirectory }: Terminal) {
  if (deadLetters === undefined && dryRun) return discardDeadLetters()
  const file = deadLetters ?? defaultDeadLetterFile(new Date())
  return createDeadLetters(checkDeadLetterFile(file, workingDirectory))
}

const limitsOf = ({ concurrency, rate, maxPending }: RunOptions) => ({
  ...(concurrency !== undefined && { concurrency }),
  ...(rate !== undefined && { requestsPerSecond: rate }),
  ...(maxPending !== undefined && { maxPending }),
})

/**
 * `waybill run`: delivers the events of a file or of standard input. Gives the exit code.
 * @throws ConfigurationError for whatever is wrong before anything is sent.
 */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const report = reportPath(options.report, terminal)
  const deadLetters = openDeadLetters(options, terminal)
  const { connections, compatibility, secrets } = await loadConfiguration(options.config, terminal)
  const input = await openInput(options.input, terminal)
  const printer = options.dryRun ? createPrintingFetch(connections, secrets, terminal) : undefined
  const result = await deliver({
    connections,
    compatibility,
    input,
    terminal,
    deadLetters,
    limits: limitsOf(options),
    retry: {
      forMs: printer === undefined ? options.retryFor : 0,
      ...(options.allowDuplicates !== undefined && { allowDuplicates: options.allowDuplicates }),
    },
    ...(printer !== undefined && { fetch: printer.fetch, signal: printer.signal }),
    ...(options.skip !== undefined && { skip: options.skip }),
    isQuiet: options.quiet === true || (printer !== undefined && !terminal.stderr.isInteractive),
  })
  if (report !== undefined)
    writeFileSync(report, `${JSON.stringify(jsonReport(result, packageVersion()), null, 2)}\n`)
  if (!options.quiet) {
    const output = printer === undefined ? terminal.stdout : terminal.stderr
    await output.write(summary(result))
    if (printer !== undefined)
      await output.write(`Dry run: ${plural(printer.requests, 'request')} printed, none sent.\n`)
  }
  return exitCodeOf(result)
}
