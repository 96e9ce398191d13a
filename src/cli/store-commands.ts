import { type Command, InvalidArgumentError, Option } from 'commander'
import type { WorkOptions } from './commands/work'
import type { DeadChangeOptions } from './dead/change'
import type { DeadListOptions } from './dead/list'
import type { SelectionOptions } from './dead/selection'
import { parseDuration, parsePositive } from './run/parse-options'
import type { StoreOptions } from './store/open-store'
import { parseMoment } from './store/times'
import type { Terminal } from './terminal'

type Done = (code: number) => void

const hour = 3_600_000

const parsedBy =
  <Value>(parse: (text: string) => Value | undefined, expected: string) =>
  (text: string): Value => {
    const value = parse(text)
    if (value === undefined) throw new InvalidArgumentError(`Give ${expected}.`)
    return value
  }

const duration = parsedBy(parseDuration, 'a span of time, such as 4h, 90s or 1h30m')
const moment = parsedBy(
  (text) => parseMoment(text),
  'a date, such as 2026-01-15T12:00:00Z, or how long ago, such as 2h',
)
const wholeNumber = parsedBy((text) => parsePositive(text, true), 'a whole number above 0')
const anyNumber = parsedBy((text) => parsePositive(text, false), 'a number above 0')

const withStore = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'the configuration (default: the one here)')
    .option(
      '--store <store>',
      'a file, or postgres://… (default: .waybill/waybill.db beside the configuration)',
    )

const withSelection = (command: Command): Command =>
  withStore(command)
    .option('--connection <name>', 'of this connection')
    .option('--subscription <name>', 'of this subscription')
    .option('--reason <code>', 'with this code')
    .option('--message-id <id>', 'of this event')
    .option('--person <id>', 'of this person')
    .option('--since <time>', 'that died since then: a date, or how long ago (2h)', moment)
    .option('--until <time>', 'that died before then', moment)

const span = (flags: string, text: string, ms: number, shown: string) =>
  new Option(flags, text).argParser(duration).default(ms, shown)

function addWork(program: Command, terminal: Terminal, done: Done): void {
  withStore(program.command('work'))
    .description('Deliver what is in the store until you interrupt: over restarts, retries and outages.')
    .addOption(
      span('--retry-for <duration>', 'try again for this long after the first attempt', 4 * hour, '4h'),
    )
    .addOption(span('--grace <duration>', 'how long what is in flight may take after a stop', 25_000, '25s'))
    .option('--concurrency <count>', 'requests under way at a time, per connection', wholeNumber)
    .option('--rate <count>', 'requests per second, per connection', anyNumber)
    .option('--keep-dead <duration>', 'how long dead letters are kept (default: 720h)', duration)
    .option('--allow-duplicates', 'send again what may have arrived, even where the destination cannot tell')
    .option('-q, --quiet', 'say nothing but what went wrong')
    .action(async (options: WorkOptions) => {
      const { workCommand } = require('./commands/work') as typeof import('./commands/work')
      done(await workCommand(options, terminal))
    })
}

function addStatus(program: Command, terminal: Terminal, done: Done): void {
  withStore(program.command('status'))
    .description('Show what waits in the store, by connection and subscription, and what is held and why.')
    .option('--json', 'print JSON')
    .action(async (options: StoreOptions & { json?: boolean }) => {
      const { statusCommand } = require('./commands/status') as typeof import('./commands/status')
      done(await statusCommand(options, terminal))
    })
}

const withConfirmation = (command: Command): Command =>
  withSelection(command)
    .argument('[ids...]', 'dead letters (default: all that the options select)')
    .option('--yes', 'do not ask')
    .option('--expected <count>', 'only if there are exactly so many', wholeNumber)

function addDead(program: Command, terminal: Terminal, done: Done): void {
  const dead = program
    .command('dead')
    .description('List, explain, check, replay and drop what was not delivered.')
  withSelection(dead.command('list'))
    .description('Dead letters by reason, and the newest of them.')
    .option('--limit <count>', 'rows of the table (default: 20)', wholeNumber)
    .option('--ndjson', 'all of them, one a line, as waybill run takes them')
    .action(async (options: DeadListOptions) => {
      const { listDead } = require('./dead/list') as typeof import('./dead/list')
      done(await listDead(options, terminal))
    })
  withStore(dead.command('show'))
    .description('What became of one event: every attempt at every subscription.')
    .argument('<id>', 'a dead letter, or a message id')
    .action(async (id: string, options: StoreOptions) => {
      const { showDead } = require('./dead/show') as typeof import('./dead/show')
      done(await showDead(id, options, terminal))
    })
  withSelection(dead.command('check'))
    .description('What a replay would come to by the configuration as it is now. Sends nothing.')
    .argument('[ids...]', 'dead letters (default: all that the options select)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 all would pass, 1 some would not.')
    .action(async (ids: string[], options: SelectionOptions & { json?: boolean }) => {
      const { checkDead } = require('./dead/check') as typeof import('./dead/check')
      done(await checkDead(ids, options, terminal))
    })
  withConfirmation(dead.command('replay'))
    .description('Put dead letters back, to be delivered by the configuration as it is then.')
    .action(async (ids: string[], options: DeadChangeOptions) => {
      const { replayDead } = require('./dead/change') as typeof import('./dead/change')
      done(await replayDead(ids, options, terminal))
    })
  withConfirmation(dead.command('drop'))
    .description('Delete dead letters for good.')
    .action(async (ids: string[], options: DeadChangeOptions) => {
      const { dropDead } = require('./dead/change') as typeof import('./dead/change')
      done(await dropDead(ids, options, terminal))
    })
}

/** Adds what works on a store. Each command's own code is loaded when it is called. */
export function addStoreCommands(program: Command, terminal: Terminal, done: Done): void {
  addWork(program, terminal, done)
  addStatus(program, terminal, done)
  addDead(program, terminal, done)
}
