import type { Command } from 'commander'
import { addAuthorCommands } from './author-commands'
import type { DemoOptions } from './commands/demo'
import type { ExplainCommandOptions } from './commands/explain'
import type { InitOptions } from './commands/init'
import type { RunOptions } from './commands/run'
import { packageVersion } from './package-folder'
import { redactingTerminal } from './redacting-terminal'
import { parseDuration, parsePositive } from './run/parse-options'
import type { Terminal } from './terminal'

const usage = 2
const failed = 1

/** Commander is loaded here alone, and each command's own code when it is called: `--help` stays fast. */
const commander = () => require('commander') as typeof import('commander')

/** Turns a reader of options into commander's form, with what was expected in the message. */
const parsedBy =
  <Value>(parse: (text: string) => Value | undefined, expected: string) =>
  (text: string): Value => {
    const value = parse(text)
    if (value !== undefined) return value
    const { InvalidArgumentError } = commander()
    throw new InvalidArgumentError(`Give ${expected}.`)
  }

const duration = parsedBy(parseDuration, 'a span of time, such as 4h, 90s or 1h30m')
const wholeNumber = parsedBy((text) => parsePositive(text, true), 'a whole number above 0')
const anyNumber = parsedBy((text) => parsePositive(text, false), 'a number above 0')

type Done = (code: number) => void

function addRun(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('run')
    .description('Deliver the events of a file, or of standard input, to the connections of a configuration.')
    .option('-c, --config <file>', 'the configuration (default: waybill.config.json, .ts or .js)')
    .option(
      '-i, --input <file>',
      'events: NDJSON or a JSON array, also gzipped, or dead letters (default: standard input)',
    )
    .option(
      '--dead-letters <file>',
      'where to write events that were not delivered (default: a file named after the time)',
    )
    .option('--report <file>', 'write a report as JSON')
    .addOption(
      new (commander().Option)('--retry-for <duration>', 'try again for this long after the first attempt')
        .argParser(duration)
        .default(4 * 3_600_000, '4h'),
    )
    .option(
      '--concurrency <count>',
      'requests under way at a time, per connection (default: 16)',
      wholeNumber,
    )
    .option(
      '--rate <count>',
      'requests per second, per connection (default: what the destination allows)',
      anyNumber,
    )
    .option(
      '--max-pending <count>',
      'events under way at a time, waiting ones included (default: 5000)',
      wholeNumber,
    )
    .option(
      '--store <file>',
      'where events wait, so that a killed run can go on (default: .waybill/waybill.db beside the configuration)',
    )
    .option('--memory', 'keep events in memory alone: faster, and lost with the process')
    .option('--restart', 'begin anew, although an earlier run of the same file was not finished')
    .option('--continue', 'go on with an earlier run although the configuration has changed since')
    .option('--skip <count>', 'pass over this many records at the beginning', wholeNumber)
    .option(
      '--large-numbers-as-strings',
      'send numbers that JavaScript would change (beyond 2^53) as strings, in place of refusing their events',
    )
    .option('--allow-duplicates', 'send again what may have arrived, even where the destination cannot tell')
    .option('--dry-run', 'print the requests with secrets masked, and send nothing')
    .option('-q, --quiet', 'say nothing but what went wrong')
    .addHelpText(
      'after',
      '\nExit codes: 0 all delivered or skipped, 1 some not delivered, 2 wrong configuration, 130 interrupted.',
    )
    .action(async (options: RunOptions) => {
      const { runCommand } = require('./commands/run') as typeof import('./commands/run')
      done(await runCommand(options, terminal))
    })
}

function addInit(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('init')
    .description('Write a first configuration, by asking or by options.')
    .option('-d, --destination <name...>', 'slugs, or module#export')
    .option('-o, --out <file>', 'the file (default: waybill.config.json)')
    .action(async (options: InitOptions) => {
      const { initCommand } = require('./commands/init') as typeof import('./commands/init')
      done(await initCommand(options, terminal))
    })
}

function addTestAuthentication(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('test-authentication')
    .description('Ask each destination of a configuration whether its credentials work. Sends no event.')
    .argument('[connections...]', 'names of connections (default: all)')
    .option('-c, --config <file>', 'the configuration (default: waybill.config.json, .ts or .js)')
    .addHelpText(
      'after',
      '\nExit codes: 0 all work or cannot be tested by design, 1 some do not work, 2 wrong configuration.',
    )
    .action(async (connections: string[], { config }: { config?: string }) => {
      const { testAuthenticationCommand } =
        require('./commands/test-authentication') as typeof import('./commands/test-authentication')
      done(await testAuthenticationCommand({ config, connections }, terminal))
    })
}

function addLint(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('lint')
    .description(
      'Report mistakes in definitions and subscriptions, and what means something else in compatibility mode.',
    )
    .argument('[destinations...]', 'slugs or module#export (default: what the configuration names)')
    .option('-c, --config <file>', 'a configuration (default: the one here, unless destinations are named)')
    .option('--json', 'print findings as JSON')
    .addHelpText('after', '\nExit codes: 0 no errors, 1 errors, 2 wrong configuration.')
    .action(async (destinations: string[], options: { config?: string; json?: boolean }) => {
      const { lintCommand } = require('./commands/lint') as typeof import('./commands/lint')
      done(await lintCommand({ ...options, destinations }, terminal))
    })
}

function addDestinations(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('destinations')
    .description('Show the destinations, or the settings, presets, actions and fields of one.')
    .argument('[name]', 'a slug, module#export, or a package that holds many')
    .action(async (name: string | undefined) => {
      const { destinationsCommand } =
        require('./commands/destinations') as typeof import('./commands/destinations')
      done(await destinationsCommand(name, terminal))
    })
}

function addDemo(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('demo')
    .description(
      'Deliver a few thousand sample events to emulated vendors on this machine, and show what they hold.',
    )
    .option('--keep', 'leave the emulators running until you interrupt')
    .action(async (options: DemoOptions) => {
      const { demoCommand } = require('./commands/demo') as typeof import('./commands/demo')
      done(await demoCommand(options, terminal))
    })
}

function addExplain(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('explain')
    .description(
      'Show what becomes of one event: filters part by part, fields with where they come from, and the requests.',
    )
    .option('-e, --event <file>', 'the event as JSON, or a dead letter (default: standard input)')
    .option('-d, --destination <slug>', 'a destination, with its presets')
    .option('--settings <file>', 'its settings as JSON (default: made up)')
    .option('-c, --config <file>', 'or a configuration (default: the one here)')
    .option('--connection <name>', 'which of its connections')
    .option('--subscription <name>', 'which subscription of the connection (default: those that match)')
    .option('--action <slug>', 'this action instead, with its defaults')
    .option('--filter <fql>', 'its filter')
    .option('--mapping <file>', 'its mapping: a file, or JSON')
    .option('--send', 'really send, and show the answer')
    .option('--json', 'print everything as JSON')
    .action(async (options: ExplainCommandOptions) => {
      const { explainCommand } = require('./commands/explain') as typeof import('./commands/explain')
      done(await explainCommand(options, terminal))
    })
}

function addCompletion(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('completion')
    .description('Print a script that completes commands and options in your shell.')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', '\nFor bash: waybill completion bash >> ~/.bashrc')
    .action(async (shell: string) => {
      const { completionCommand } = require('./commands/completion') as typeof import('./commands/completion')
      done(await completionCommand(shell, program, terminal))
    })
}

function buildProgram(terminal: Terminal, done: Done): Command {
  const program = new (commander().Command)('waybill')
    .description('Delivers customer events of the Segment kind to destinations.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns,
      getErrHelpWidth: () => terminal.stderr.columns,
    })
    .showHelpAfterError('(waybill --help shows what there is)')
  addInit(program, terminal, done)
  addRun(program, terminal, done)
  addTestAuthentication(program, terminal, done)
  addLint(program, terminal, done)
  addDestinations(program, terminal, done)
  addExplain(program, terminal, done)
  addDemo(program, terminal, done)
  const { addStoreCommands } = require('./store-commands') as typeof import('./store-commands')
  addStoreCommands(program, terminal, done)
  const { addServeCommands } = require('./serve-commands') as typeof import('./serve-commands')
  addServeCommands(program, terminal, done)
  addAuthorCommands(program, terminal, done)
  addCompletion(program, terminal, done)
  return program
}

/** Errors of waybill are the user's to mend and exit with 2; anything else is a fault of ours. */
async function reportError(error: unknown, { stderr }: Terminal): Promise<number> {
  const { name, code, message, exitCode, stack } = error as Error & { code?: string; exitCode?: number }
  if (name === 'CommanderError') return exitCode === 0 ? 0 : usage
  const { isWaybillError } = require('waybill') as typeof import('waybill')
  if (isWaybillError(error)) {
    await stderr.write(`waybill: ${message}\n`)
    return usage
  }
  await stderr.write(
    `waybill: this should not have happened${code ? ` (${code})` : ''}; please report it.\n${stack}\n`,
  )
  return failed
}

/** Runs the command line with these arguments (without program and script), and gives the exit code. Never throws. */
export async function runCommandLine(
  commandArguments: readonly string[],
  terminal: Terminal,
): Promise<number> {
  let code = 0
  const redacting = redactingTerminal(terminal)
  try {
    const program = buildProgram(redacting, (result) => {
      code = result
    })
    await program.parseAsync([...commandArguments], { from: 'user' })
    return code
  } catch (error) {
    return reportError(error, redacting)
  }
}
