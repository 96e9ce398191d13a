import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AudienceSyncOptions } from './commands/audience-sync'
import type { ServeCommandOptions } from './commands/serve'
import { parseDuration } from './run/parse-options'
import type { Terminal } from './terminal'

type Done = (code: number) => void

function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('Give a span of time, such as 4h, 90s or 1h30m.')
  return ms
}

function addServe(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('serve')
    .description("Take events in from Segment's SDKs, store them, and deliver them, until told to stop.")
    .option('-c, --config <file>', 'the configuration (default: the one here, else the demo on emulators)')
    .option('-l, --listen <address>', 'where to listen (default: 127.0.0.1:8080)')
    .option('--store <file>', 'where deliveries wait (default: .waybill/waybill.db beside the configuration)')
    .option('--memory', 'let them wait in memory, which does not survive the process')
    .option('--emulate', 'deliver to emulated vendors on this machine, and to nobody else')
    .option('--public-url <address>', 'under which browsers and phones reach the server')
    .option('--tls-cert <file>', 'certificate chain as PEM')
    .option('--tls-key <file>', 'its private key as PEM')
    .addOption(
      new Option('--retry-for <duration>', 'try again for this long after the first attempt')
        .argParser(duration)
        .default(4 * 3_600_000, '4h'),
    )
    .addOption(
      new Option('--grace <duration>', 'time for what is under way when told to stop')
        .argParser(duration)
        .default(25_000, '25s'),
    )
    .option('--console <address>', 'where the console answers (default: where it listens)')
    .option('--no-console', 'show no console')
    .option('--console-token-file <file>', 'tokens of the console, needed where other machines reach it')
    .option('--allowed-host <names...>', 'names under which a proxy reaches the console')
    .option('--hide-payloads', 'hide values of events in the console')
    .option('--environment <name>', 'a name that the console shows, such as production')
    .option('-q, --quiet', 'say nothing but what goes wrong')
    .addHelpText('after', '\nExit codes: 0 stopped in order, 2 wrong configuration.')
    .action(async (options: ServeCommandOptions) => {
      const { serveCommand } = require('./commands/serve') as typeof import('./commands/serve')
      done(await serveCommand(options, terminal))
    })
}

function addAudience(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('audience')
    .description('Audiences: lists of people, told to destinations as traits or events.')
    .command('sync')
    .description('Tell connections who came into an audience and who left it since the last list.')
    .requiredOption('-n, --name <name>', 'of the audience; its trait is the name in snake case')
    .option(
      '-i, --input <file>',
      'people as NDJSON or CSV, also gzipped, with userId or anonymousId (default: standard input)',
    )
    .option('--csv', 'the list is CSV (default: by the name of the file)')
    .option('--to <connection...>', 'names of connections (default: all)')
    .option('--allow-empty', 'take an empty list: everybody leaves')
    .option('--deliver', 'deliver before it ends')
    .option('-c, --config <file>', 'the configuration (default: the one here)')
    .option(
      '--store <store>',
      'a file, or postgres://… (default: .waybill/waybill.db beside the configuration)',
    )
    .addHelpText('after', '\nExit codes: 0 stored, and with --deliver ended; 2 wrong list or configuration.')
    .action(async (options: AudienceSyncOptions) => {
      const { audienceSyncCommand } =
        require('./commands/audience-sync') as typeof import('./commands/audience-sync')
      done(await audienceSyncCommand(options, terminal))
    })
}

/** `waybill serve` and `waybill audience`: what brings events in. */
export function addServeCommands(program: Command, terminal: Terminal, done: Done): void {
  addServe(program, terminal, done)
  addAudience(program, terminal, done)
}
