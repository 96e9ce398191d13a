import { ConfigurationError, type Connection, didYouMean } from 'waybill'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { type CatalogEntry, catalogOf, findInCatalog } from './catalog'
import { importModule } from './import-module'

type Definition = Connection['destination']

const fail = (message: string): never => {
  throw new ConfigurationError('UNKNOWN_DESTINATION', message)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The definition that an export is, or that a `Destination` of the framework was made of. */
function definitionOf(value: unknown): Definition | undefined {
  if (!isObject(value) || !('actions' in value && 'name' in value)) return undefined
  return (isObject(value.definition) ? value.definition : value) as unknown as Definition
}

/** The exports of a module by name; one that is a definition itself, as CommonJS allows, is its own `default`. */
function exportsOf(loaded: unknown): Map<string, unknown> {
  if (!isObject(loaded) || definitionOf(loaded) !== undefined) return new Map([['default', loaded]])
  return new Map(Object.entries(loaded))
}

const listOf = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '))

function pick(loaded: unknown, name: string | undefined, specifier: string): Definition {
  const catalog = catalogOf(loaded)
  return catalog === undefined ? pickExport(loaded, name, specifier) : pickEntry(catalog, name, specifier)
}

function pickEntry(
  catalog: readonly CatalogEntry[],
  name: string | undefined,
  specifier: string,
): Definition {
  const shown = catalog.map(({ names }) => names[0] as string)
  if (name === undefined)
    return fail(
      `"${specifier}" holds ${catalog.length} destinations; name one as "${specifier}#${shown[0]}". waybill destinations ${specifier} lists them`,
    )
  const entry = findInCatalog(catalog, name)
  if (entry !== undefined) return entry.definition
  const all = catalog.flatMap(({ names }) => names)
  return fail(
    `"${specifier}" has no destination "${name}"${didYouMean(name, all) || '.'} waybill destinations ${specifier} lists those it has`,
  )
}

function pickExport(loaded: unknown, name: string | undefined, specifier: string): Definition {
  const exported = exportsOf(loaded)
  const names = [...exported.keys()].filter((key) => key !== '__esModule' && key !== 'module.exports')
  const definitions = names.filter((key) => definitionOf(exported.get(key)) !== undefined)
  if (name === undefined) {
    const [only, ...others] = definitions
    if (only !== undefined && others.length === 0) return definitionOf(exported.get(only)) as Definition
    return fail(
      definitions.length > 1
        ? `"${specifier}" exports several destinations; name one as "${specifier}#${only}": ${listOf(definitions)}`
        : `"${specifier}" exports no destination definition; it exports ${listOf(names)}`,
    )
  }
  if (!exported.has(name))
    return fail(
      `"${specifier}" has no export "${name}"${didYouMean(name, names) || '.'} It exports ${listOf(names)}`,
    )
  return (
    definitionOf(exported.get(name)) ??
    fail(
      `the export "${name}" of "${specifier}" is no destination definition: it takes an object with "name" and "actions". Definitions there: ${listOf(definitions)}`,
    )
  )
}

/**
 * Finds the definition that a configuration names: the slug of a destination of this package, or `module#export`
 * (a package, or a path from the configuration file; the export may be left out where there is but one). Of a package
 * with a manifest of destinations, such as `@segment/action-destinations`, `package#slug`, or the id in its manifest.
 * @throws ConfigurationError UNKNOWN_DESTINATION.
 */
export async function findDestination(name: string, configurationFile: string): Promise<Definition> {
  const [specifier = '', exported] = name.split('#')
  const isModule = exported !== undefined || /^[./@]/.test(specifier) || specifier.includes('/')
  if (isModule)
    return pick(await importModule(specifier, configurationFile), exported || undefined, specifier)
  const slugs = listDestinations()
  if (!slugs.includes(name))
    fail(
      `there is no destination "${name}"${didYouMean(name, slugs) || '.'} There are ${slugs.join(', ')}; one of your own is named "./file.js#export" or "package#export"`,
    )
  return loadDestination(name)
}

/** The definition of an entry: itself, or found by its name. */
export const destinationOf = async (
  destination: string | Definition,
  configurationFile: string,
): Promise<Definition> =>
  typeof destination === 'string' ? findDestination(destination, configurationFile) : destination
