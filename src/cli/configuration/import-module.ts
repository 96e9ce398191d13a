import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigurationError, isWaybillError } from 'waybill'
import { importEntry, packageParts } from './import-entry'

/** Codes by which Node says that a module can only be imported. */
const importOnly = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE'])
const notFound = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'])

const fail = (message: string, cause: unknown): ConfigurationError =>
  new ConfigurationError('UNKNOWN_DESTINATION', message, { cause })

const firstLine = (error: unknown): string =>
  String((error as Error | undefined)?.message ?? error).split('\n')[0] ?? ''

function explain(error: unknown, specifier: string, file: string): ConfigurationError {
  if (isWaybillError(error)) return error
  const { code } = error as NodeJS.ErrnoException
  const isOwn = notFound.has(code ?? '') && neededBy(error).includes(specifier.replace(/^\.+\//, ''))
  if (!isOwn)
    return fail(
      `the module "${specifier}" cannot be loaded: ${firstLine(error)}${missingPackage(error)}`,
      error,
    )
  const fix = /^\.{0,2}\//.test(specifier)
    ? 'a relative path starts from the folder of the configuration'
    : `install it there with npm install ${packageParts(specifier)[0]}`
  return fail(`there is no module "${specifier}" (seen from ${file}); ${fix}`, error)
}

/** What could not be found, as Node words it. */
const neededBy = (error: unknown): string =>
  /^Cannot find (?:module|package) '([^']*)'/.exec(firstLine(error))?.[1] ?? firstLine(error)

/** What to install where a module needs a package that is not there. */
function missingPackage(error: unknown): string {
  const isMissing = notFound.has((error as NodeJS.ErrnoException).code ?? '')
  const [name] = packageParts(isMissing ? neededBy(error) : '')
  return name === '' ? '' : `; it needs a package that is missing: npm install ${name}`
}

const isTypeScript = (path: string): boolean => /\.[cm]?ts$/.test(path)

/** Node strips types by itself from 22.18 on. Before, `jiti` does, where it is installed. */
async function importTypeScript(path: string, file: string): Promise<unknown> {
  // The types of Node 20 do not know it yet.
  if ('typescript' in process.features && process.features.typescript) return import(pathToFileURL(path).href)
  const resolve = createRequire(file).resolve
  const own = [file, __filename].map((from) => {
    try {
      return createRequire(from).resolve('jiti')
    } catch {
      return undefined
    }
  })
  const loader = own.find((found) => found !== undefined)
  if (loader === undefined)
    throw new ConfigurationError(
      'UNKNOWN_DESTINATION',
      `"${path}" is TypeScript, which Node ${process.versions.node} does not load by itself: install a loader with npm install --save-dev jiti, use Node 22.18 or later, or name the compiled file`,
    )
  const { createJiti } = require(loader) as typeof import('jiti')
  return createJiti(file, { interopDefault: false }).import(resolve(path))
}

async function load(specifier: string, file: string): Promise<unknown> {
  const require = createRequire(file)
  let path: string
  try {
    path = require.resolve(specifier)
  } catch (error) {
    const entry = importEntry(specifier, dirname(file))
    if (entry === undefined) throw error
    return import(pathToFileURL(entry).href)
  }
  if (isTypeScript(path)) return importTypeScript(path, file)
  try {
    return require(path)
  } catch (error) {
    if (!importOnly.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    return import(pathToFileURL(path).href)
  }
}

/**
 * Loads a CommonJS or ES module as a file would that stands beside the configuration: a package by its name, a file
 * by its path from there.
 * @throws ConfigurationError UNKNOWN_DESTINATION when it is not there, or fails while it is loaded.
 */
export async function importModule(specifier: string, configurationFile: string): Promise<unknown> {
  try {
    return await load(specifier, configurationFile)
  } catch (error) {
    throw explain(error, specifier, configurationFile)
  }
}
