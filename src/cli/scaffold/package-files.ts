import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { packageFolder, packageVersion } from '../package-folder'
import type { PackageJson, Project } from './project'
import { type NewFile, packageFile } from './read-template'

/** What the tests and the types of a destination need. */
const tools = ['@swc/core', '@swc/jest', '@types/jest', '@types/node', 'jest', 'typescript'] as const

const scripts = { build: 'tsc -p tsconfig.build.json', test: 'jest', typecheck: 'tsc' }

/** The versions with which waybill itself is built and tested. */
function toolVersions(): Record<string, string> {
  const { devDependencies = {} } = JSON.parse(
    readFileSync(join(packageFolder(), 'package.json'), 'utf8'),
  ) as PackageJson
  return Object.fromEntries(
    tools.map((tool) => [tool, `^${(devDependencies[tool] ?? '').replace(/^\^/, '')}`]),
  )
}

const newPackage = (root: string): NewFile => ({
  path: 'package.json',
  text: `${JSON.stringify(
    {
      name:
        basename(root)
          .toLowerCase()
          .replace(/[^a-z0-9._-]+/g, '-')
          .replace(/^[._-]+/, '') || 'destinations',
      version: '0.1.0',
      private: true,
      type: 'commonjs',
      scripts,
      dependencies: { waybill: `^${packageVersion()}` },
      devDependencies: toolVersions(),
    },
    undefined,
    2,
  )}\n`,
})

const jestConfigurations = ['js', 'cjs', 'mjs', 'ts', 'json'].map((ending) => `jest.config.${ending}`)

/** The files that a package needs once and does not have. */
export function missingPackageFiles({ root, kind, packageJson }: Project): NewFile[] {
  if (kind === 'repository') return []
  const has = (name: string): boolean => existsSync(join(root, name))
  const hasJest = packageJson?.jest !== undefined || jestConfigurations.some(has)
  return [
    ...(packageJson === undefined ? [newPackage(root)] : []),
    ...(hasJest ? [] : [packageFile('jest.config.js')]),
    ...['tsconfig.json', 'tsconfig.build.json'].filter((name) => !has(name)).map(packageFile),
  ]
}

/** The commands that make the package complete: what to install, and which scripts to add. */
export function setupCommands({ kind, packageJson }: Project): string[] {
  if (kind === 'repository') return []
  if (packageJson === undefined) return ['npm install']
  const {
    dependencies,
    devDependencies,
    peerDependencies,
    scripts: given,
  } = packageJson as PackageJson & {
    readonly scripts?: Readonly<Record<string, string>>
  }
  const present = { ...dependencies, ...devDependencies, ...peerDependencies }
  const missing = Object.entries(toolVersions()).filter(([tool]) => present[tool] === undefined)
  const missingScripts = Object.entries(scripts).filter(([name]) => given?.[name] === undefined)
  return [
    ...(present.waybill === undefined ? [`npm install waybill@^${packageVersion()}`] : []),
    ...(missing.length === 0
      ? []
      : [`npm install --save-dev ${missing.map(([tool, version]) => `${tool}@${version}`).join(' ')}`]),
    ...(missingScripts.length === 0
      ? []
      : [`npm pkg set ${missingScripts.map(([name, script]) => `scripts.${name}="${script}"`).join(' ')}`]),
  ]
}
