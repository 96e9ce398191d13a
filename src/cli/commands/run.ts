import { ConfigurationError } from 'waybill'
import { type Configuration, loadConfiguration } from '../configuration/load-configuration'
import { openInput } from '../input/open-input'
import { packageVersion } from '../package-folder'
import { checkDeadLetterFile, openDeadLetters } from '../report/dead-letter-file'
import { discardDeadLetters } from '../report/dead-letters'
import { plural } from '../report/format'
import { jsonReport } from '../report/json-report'
import { checkReportFile, writeReport } from '../report/report-file'
import { summary } from '../report/summary'
import { checkFiles, type NamedFile } from '../run/check-files'
import { type Delivery, deliver } from '../run/deliver'
import { exitCodeOf } from '../run/delivery-result'
import { createPrintingFetch } from '../run/dry-run'
import { commandText } from '../run/next-command'
import { durationText } from '../run/parse-options'
import { openRunState } from '../run/run-state'
import { openStore, storeOf } from '../store/open-store'
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
  readonly largeNumbersAsStrings?: boolean
  readonly allowDuplicates?: boolean
  readonly dryRun?: boolean
  readonly quiet?: boolean
  /** A file. Default: `.waybill/waybill.db` beside the configuration. */
  readonly store?: string
  /** Keeps everything in memory alone. */
  readonly memory?: boolean
  /** Of a run that was not finished: begin anew, or go on although the configuration has changed. */
  readonly restart?: boolean
  readonly continue?: boolean
}

const defaultRetryForMs = 4 * 3_600_000

const limitsOf = ({ concurrency, rate, maxPending }: RunOptions) => ({
  ...(concurrency !== undefined && { concurrency }),
  ...(rate !== undefined && { requestsPerSecond: rate }),
  ...(maxPending !== undefined && { maxPending }),
})

const named = (option: string, file: string | undefined): NamedFile[] =>
  file === undefined ? [] : [{ option, file }]

const written = ({ deadLetters, report }: RunOptions): NamedFile[] => [
  ...named('--dead-letters', deadLetters),
  ...named('--report', report),
]

/**
 * Checks the files of a run against one another.
 * @throws ConfigurationError where one cannot be written, or is two things at once.
 */
function checkPaths(options: RunOptions, terminal: Terminal): string | undefined {
  const { input, deadLetters, report, config } = options
  checkFiles(
    written(options),
    [...named('--config', config), ...named('--input', input === '-' ? undefined : input)],
    terminal,
  )
  if (deadLetters !== undefined) checkDeadLetterFile(deadLetters, terminal.workingDirectory)
  return report === undefined ? undefined : checkReportFile(report, terminal.workingDirectory)
}

/** Without `--config` the file is only known once it was found. */
const checkAgainstConfiguration = (options: RunOptions, { file }: Configuration, terminal: Terminal): void =>
  checkFiles(written(options), named('the configuration', file), terminal)

/** The commands of a further run, with the options of this one. */
function nextCommands({ config, input, ...options }: RunOptions, terminal: Terminal) {
  const { retryFor, concurrency, rate, maxPending, allowDuplicates, largeNumbersAsStrings, store, memory } =
    options
  const next = (change: { readonly input?: string | undefined; readonly skip?: number }) =>
    commandText(
      'run',
      {
        config,
        input: change.input,
        skip: change.skip,
        'retry-for': retryFor === defaultRetryForMs ? undefined : durationText(retryFor),
        concurrency,
        rate,
        'max-pending': maxPending,
        'allow-duplicates': allowDuplicates,
        'large-numbers-as-strings': largeNumbersAsStrings,
        store,
        memory,
      },
      terminal,
    )
  return {
    again: (path: string) => next({ input: path }),
    goOn: (skip: number) => next({ input, skip }),
    same: () => next({ input }),
  }
}

const skipOf = ({ skip }: RunOptions, through: Delivery['through']): { readonly skip?: number } => {
  const records = Math.max(skip ?? 0, through?.run.records ?? 0)
  return records === 0 ? {} : { skip: records }
}

/** Opens the store and the state of the run; undefined for a run in memory. */
async function openThrough(
  options: RunOptions,
  { file }: Configuration,
  terminal: Terminal,
): Promise<Delivery['through']> {
  if (options.memory || options.dryRun) return undefined
  const place = { ...(options.store !== undefined && { store: options.store }), config: file }
  const name = storeOf(place, terminal)
  if (/^postgres(ql)?:/.test(name))
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      '--store of a run is a file; give events to a PostgreSQL store with "waybill serve --store", and deliver them with "waybill work --store"',
    )
  const store = await openStore(place, terminal).catch((error: unknown) => {
    // Two runs in one folder may go on at a time; a store that was asked for by name is another matter.
    const isInUse = (error as { code?: unknown }).code === 'QUEUE_IN_USE' && options.store === undefined
    if (!isInUse) throw error
    return undefined
  })
  if (store === undefined) {
    await terminal.stderr.write(
      `${name} is in use by another process: this run keeps its events in memory alone. --store names another file.\n`,
    )
    return undefined
  }
  try {
    const change = options.restart ? 'restart' : options.continue ? 'continue' : undefined
    const run = await openRunState(
      store.state,
      { input: options.input, configurationFile: file, change },
      terminal,
    )
    return { name, store, run }
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * `waybill run`: delivers the events of a file or of standard input. Gives the exit code.
 * @throws ConfigurationError for whatever is wrong before anything is sent.
 */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const report = checkPaths(options, terminal)
  const configuration = await loadConfiguration(options.config, terminal)
  const { connections, compatibility, secrets } = configuration
  checkAgainstConfiguration(options, configuration, terminal)
  const input = await openInput(options.input, terminal)
  const through = await openThrough(options, configuration, terminal)
  const deadLetters =
    options.deadLetters === undefined && options.dryRun
      ? discardDeadLetters()
      : openDeadLetters(options.deadLetters, terminal.workingDirectory)
  const printer = options.dryRun ? createPrintingFetch(connections, secrets, terminal) : undefined
  if (through !== undefined && through.run.records > 0 && !options.quiet)
    await terminal.stderr.write(
      `An earlier run of ${input.name} was not finished: going on after ${plural(through.run.records, 'record')}.\n`,
    )
  const result = await deliver({
    connections,
    compatibility,
    input,
    terminal,
    deadLetters,
    takesDeadLetters: options.deadLetters !== undefined,
    limits: limitsOf(options),
    retry: {
      forMs: printer === undefined ? options.retryFor : 0,
      ...(options.allowDuplicates !== undefined && { allowDuplicates: options.allowDuplicates }),
    },
    ...(printer !== undefined && { fetch: printer.fetch, signal: printer.signal }),
    ...skipOf(options, through),
    ...(through !== undefined && { through }),
    largeNumbersAsStrings: options.largeNumbersAsStrings === true,
    isQuiet: options.quiet === true || (printer !== undefined && !terminal.stderr.isInteractive),
  }).finally(() => through?.store.close())
  const reportProblem =
    report === undefined ? undefined : writeReport(report, jsonReport(result, packageVersion()))
  if (!options.quiet) {
    const output = printer === undefined ? terminal.stdout : terminal.stderr
    await output.write(summary(result, nextCommands(options, terminal), output.columns))
    if (printer !== undefined)
      await output.write(`Dry run: ${plural(printer.requests, 'request')} printed, none sent.\n`)
  }
  if (reportProblem !== undefined) await terminal.stderr.write(`waybill: ${reportProblem}\n`)
  return exitCodeOf(result)
}
