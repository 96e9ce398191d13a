import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'

/** The part of a `package.json` that matters here. */
export type PackageJson = {
  readonly name?: string
  readonly type?: string
  readonly jest?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Where files are written. */
export type Project = {
  /** The folder of its `package.json`. */
  readonly root: string
  /** `repository`: waybill itself. `package`: one that depends on it. */
  readonly kind: 'repository' | 'package'
  /** Absent in a folder that is no package yet. */
  readonly packageJson?: PackageJson
}

function nearestPackage(folder: string): string | undefined {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, 'package.json'))) return current
    if (dirname(current) === current) return undefined
  }
}

function readPackage(file: string): PackageJson {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PackageJson
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `not JSON: ${(error as Error).message}`, {
      path: file,
      cause: error,
    })
  }
}

/**
 * The package that a folder belongs to; the folder itself where there is none.
 * @throws ConfigurationError INVALID_CONFIGURATION for a package of ES modules, whose tests could not load destinations.
 */
export function findProject(workingDirectory: string): Project {
  const root = nearestPackage(workingDirectory)
  if (root === undefined) return { root: resolve(workingDirectory), kind: 'package' }
  const file = join(root, 'package.json')
  const packageJson = readPackage(file)
  if (packageJson.type === 'module')
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      'it says "type": "module", and destinations are CommonJS; take that line out, or use a package of their own',
      { path: file },
    )
  return { root, kind: packageJson.name === 'waybill' ? 'repository' : 'package', packageJson }
}
