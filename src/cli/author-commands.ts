import type { Command } from 'commander'
import type { DevCommandOptions } from './commands/dev'
import type { DiffOptions } from './commands/diff'
import type { DocsOptions } from './commands/docs'
import type { ManifestOptions } from './commands/manifest'
import type { NewOptions } from './commands/new-destination'
import type { Terminal } from './terminal'

type Done = (code: number) => void

const destinationOption = [
  '-d, --destination <name...>',
  'slugs, or module#export for destinations of your own (default: all of this package)',
] as const

function addDev(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('dev')
    .description('Watch the destinations of a package, and try them in the browser while you edit.')
    .argument('[folder]', 'the package (default: here)')
    .option('--no-open', 'print the address, and open no browser')
    .option('--port <port>', 'where to listen (default: 8378, or a free one)', Number)
    .option('--emulate [slugs...]', "also start emulators of waybill's own destinations (default: all)")
    .option('--no-checks', 'check no types and run no tests on each save')
    .addHelpText('after', '\nExit codes: 0 stopped, 2 wrong options.')
    .action(async (folder: string | undefined, options: DevCommandOptions) => {
      const { devCommand } = require('./commands/dev') as typeof import('./commands/dev')
      done(await devCommand(folder, options, terminal))
    })
}

function addManifest(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('manifest')
    .description('Describe destinations as JSON: settings, presets, actions and fields.')
    .option(...destinationOption)
    .option('-o, --out <file>', 'write a file (default: print)')
    .option('--check', 'write nothing; exit with 1 when the file is stale')
    .action(async (options: ManifestOptions) => {
      const { manifestCommand } = require('./commands/manifest') as typeof import('./commands/manifest')
      done(await manifestCommand(options, terminal))
    })
}

function addSchema(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('schema')
    .description('Print a JSON schema of the configuration file, for editors; the package brings one.')
    .option(...destinationOption)
    .option('-o, --out <file>', 'write a file (default: print)')
    .option('--check', 'write nothing; exit with 1 when the file is stale')
    .action(async (options: ManifestOptions) => {
      const { schemaCommand } = require('./commands/schema') as typeof import('./commands/schema')
      done(await schemaCommand(options, terminal))
    })
}

function addDocs(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('docs')
    .description('Write a page about each destination, with a sample request of each action.')
    .option(...destinationOption)
    .option('-o, --out <file>', 'the page; {slug} stands for the destination', 'docs/destinations/{slug}.md')
    .option(
      '--readme <file>',
      'also fill the section of a README between <!-- waybill:fields --> and <!-- /waybill:fields -->',
    )
    .option('--check', 'write nothing; exit with 1 when a file is stale')
    .action(async (options: DocsOptions) => {
      const { docsCommand } = require('./commands/docs') as typeof import('./commands/docs')
      done(await docsCommand(options, terminal))
    })
}

function addDiff(program: Command, terminal: Terminal, done: Done): void {
  program
    .command('diff')
    .description(
      'Grade what changed between two manifests by what it breaks, and advise on the next version.',
    )
    .argument('<old>', 'a manifest')
    .argument('<new>', 'a later manifest')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit codes: 0 nothing breaks, 1 something breaks, 2 a file cannot be read.')
    .action(async (oldFile: string, newFile: string, options: DiffOptions) => {
      const { diffCommand } = require('./commands/diff') as typeof import('./commands/diff')
      done(await diffCommand(oldFile, newFile, options, terminal))
    })
}

function addNew(program: Command, terminal: Terminal, done: Done): void {
  const command = program
    .command('new')
    .description('Write the files of a new destination, or of a further action, complete and tested.')
  command
    .command('destination')
    .description('A definition with one action, an emulator of the vendor, tests with snapshots, a README.')
    .argument('<name>', 'such as "Acme Mail"')
    .option('--dry-run', 'show what would be written')
    .action(async (name: string, options: NewOptions) => {
      const { newDestinationCommand } =
        require('./commands/new-destination') as typeof import('./commands/new-destination')
      done(await newDestinationCommand(name, options, terminal))
    })
  command
    .command('action')
    .description('A further action of a destination.')
    .argument('<destination>', 'its slug')
    .argument('<name>', 'such as "Cancel Order"')
    .option('--dry-run', 'show what would be written')
    .action(async (destination: string, name: string, options: NewOptions) => {
      const { newActionCommand } = require('./commands/new-action') as typeof import('./commands/new-action')
      done(await newActionCommand(destination, name, options, terminal))
    })
}

/** Adds what authors of destinations need. Each command's own code is loaded when it is called. */
export function addAuthorCommands(program: Command, terminal: Terminal, done: Done): void {
  addDev(program, terminal, done)
  addNew(program, terminal, done)
  addManifest(program, terminal, done)
  addSchema(program, terminal, done)
  addDocs(program, terminal, done)
  addDiff(program, terminal, done)
}
