import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import snakeCase from 'lodash/snakeCase'
import { ConfigurationError, type Connection, didYouMean } from 'waybill'
import { listDestinations } from 'waybill/destinations'
import { findConfiguration } from '../configuration/find-configuration'
import { findDestination } from '../configuration/find-destination'
import { createPrompt } from '../prompt'
import type { Terminal } from '../terminal'

/** What `waybill init` was asked for. */
export type InitOptions = {
  /** Slugs, or `module#export`. Asked for when absent. */
  readonly destination?: readonly string[]
  /** Default: `waybill.config.json`. */
  readonly out?: string
}

type Definition = Connection['destination']
type Chosen = { readonly name: string; readonly definition: Definition }
type Setting = {
  readonly key: string
  readonly label: string
  readonly variable: string
}

const defaultFile = 'waybill.config.json'

async function askForDestinations(terminal: Terminal): Promise<string[]> {
  const slugs = listDestinations()
  if (!terminal.stdin.isInteractive)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `name the destinations with --destination; there are ${slugs.join(', ')}`,
    )
  const prompt = createPrompt(terminal)
  try {
    for (;;) {
      const line = await prompt.ask(`Destinations, separated by commas (${slugs.join(', ')})`)
      const names = line.split(/[\s,]+/).filter(Boolean)
      const wrong = names.find((name) => !name.includes('#') && !slugs.includes(name))
      if (names.length > 0 && wrong === undefined) return names
      if (names.length === 0)
        throw new ConfigurationError('INVALID_CONFIGURATION', 'no destination was named')
      await terminal.stdout.write(`There is no destination "${wrong}"${didYouMean(wrong ?? '', slugs)}.\n`)
    }
  } finally {
    await prompt.close()
  }
}

/** Settings without which the connection cannot open; their values belong into the environment. */
function neededSettings({ name, definition }: Chosen): Setting[] {
  const prefix = snakeCase(definition.slug ?? name.replace(/^.*#/, ''))
  return Object.entries(definition.authentication?.fields ?? {}).flatMap(([key, field]) =>
    field.required === true && field.default === undefined
      ? [{ key, label: field.label, variable: `${prefix}_${snakeCase(key)}`.toUpperCase() }]
      : [],
  )
}

const json = (value: unknown): string => JSON.stringify(value)

function connectionText(chosen: Chosen): string {
  const { description } = chosen.definition
  const settings = neededSettings(chosen).map(
    ({ key, label, variable }) => `        // ${label}\n        ${json(key)}: "\${${variable}}"`,
  )
  return [
    ...(description ? [`    // ${description.split('\n')[0]}`] : []),
    '    {',
    `      "destination": ${json(chosen.name)},`,
    settings.length === 0
      ? '      "settings": {},'
      : `      "settings": {\n${settings.join(',\n')}\n      },`,
    '      // All automatic presets of the destination, or a list: [{ "action": …, "filter": …, "mapping": … }]',
    '      "subscriptions": "presets"',
    '    }',
  ].join('\n')
}

const fileText = (chosen: readonly Chosen[]): string =>
  `{
  "$schema": "./node_modules/waybill/dist/waybill.config.schema.json",
  // Secrets come from the environment: "\${NAME}" stands for the variable NAME.
  "connections": [
${chosen.map(connectionText).join(',\n')}
  ]
}
`

function nextSteps(file: string, chosen: readonly Chosen[]): string {
  const exports = chosen.flatMap(neededSettings).map(({ variable }) => `  export ${variable}=...\n`)
  const config = file === defaultFile ? '' : ` --config ${file}`
  return `${file} is written. Next:

${exports.join('')}  npx waybill test-authentication${config}
  npx waybill run${config} --input events.ndjson --dry-run
`
}

function fileToWrite({ out }: InitOptions, { workingDirectory }: Terminal): string {
  if (out !== undefined) return out
  let existing: string | undefined
  try {
    existing = findConfiguration(undefined, workingDirectory)
  } catch {
    return defaultFile
  }
  return existing
}

/**
 * `waybill init`: writes a first configuration for the destinations that were named or are asked for, with references
 * to the environment for what has to be kept secret. Gives the exit code.
 * @throws ConfigurationError UNKNOWN_DESTINATION; FILE_EXISTS, since a configuration is never overwritten.
 */
export async function initCommand(options: InitOptions, terminal: Terminal): Promise<number> {
  const file = fileToWrite(options, terminal)
  const path = resolve(terminal.workingDirectory, file)
  if (existsSync(path))
    throw new ConfigurationError(
      'FILE_EXISTS',
      `${file} is there already; name another file with --out, or remove it`,
    )
  const names = options.destination ?? (await askForDestinations(terminal))
  const chosen = await Promise.all(
    names.map(async (name) => ({
      name,
      definition: await findDestination(name, join(terminal.workingDirectory, defaultFile)),
    })),
  )
  await writeFile(path, fileText(chosen), { flag: 'wx' })
  await terminal.stdout.write(nextSteps(file, chosen))
  return 0
}
