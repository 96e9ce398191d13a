import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { ConfigurationError, type Connection } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { didYouMean } from './nearest'

type Definition = Connection['destination']

const fail = (message: string, cause?: unknown): never => {
  throw new ConfigurationError('UNKNOWN_DESTINATION', message, cause === undefined ? {} : { cause })
}

const looksLikeDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && 'actions' in value && 'name' in value

async function loadModule(specifier: string, configurationFile: string): Promise<Record<string, unknown>> {
  const require = createRequire(configurationFile)
  try {
    return require(specifier)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_REQUIRE_ESM') return import(pathToFileURL(require.resolve(specifier)).href)
    if (code === 'MODULE_NOT_FOUND' && message.includes(specifier))
      return fail(`there is no module "${specifier}" (seen from ${configurationFile})`, error)
    return fail(`the module "${specifier}" cannot be loaded: ${message}`, error)
  }
}

function pick(exports: Record<string, unknown>, name: string | undefined, specifier: string): Definition {
  const definitions = Object.keys(exports).filter((key) => looksLikeDefinition(exports[key]))
  const there = definitions.length === 0 ? 'none' : definitions.join(', ')
  if (name !== undefined)
    return looksLikeDefinition(exports[name])
      ? exports[name]
      : fail(`"${specifier}" exports no destination "${name}"; it exports ${there}`)
  const [first, ...others] = definitions
  if (first === undefined || others.length > 0)
    return fail(`"${specifier}" exports ${there}: name the destination you mean as "${specifier}#NAME"`)
  return exports[first] as Definition
}

/**
 * Finds the definition that a configuration names: the slug of a destination of this package, or `module#export`
 * (a package, or a path from the configuration file; the export may be left out where there is but one).
 * @throws ConfigurationError UNKNOWN_DESTINATION.
 */
export async function findDestination(name: string, configurationFile: string): Promise<Definition> {
  const [specifier = '', exported] = name.split('#')
  const isModule = exported !== undefined || /^[./@]/.test(specifier) || specifier.includes('/')
  if (isModule) return pick(await loadModule(specifier, configurationFile), exported, specifier)
  const slugs = listDestinations()
  if (!slugs.includes(name))
    fail(
      `there is no destination "${name}"${didYouMean(name, slugs) || '.'} There are ${slugs.join(', ')}; one of your own is named "./file.js#export"`,
    )
  return loadDestination(name)
}
