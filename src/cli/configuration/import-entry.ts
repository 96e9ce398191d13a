import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Conditions under which Node offers a file of a package to `import`. */
const conditions = new Set(['node', 'import', 'module-sync', 'default'])

type Target = string | null | readonly Target[] | { readonly [key: string]: Target }

/** The file that a target of a package's `exports` names for `import`. */
function fileOf(target: Target | undefined): string | undefined {
  if (typeof target === 'string') return target
  if (target === null || target === undefined) return undefined
  if (Array.isArray(target)) return target.map(fileOf).find((file) => file !== undefined)
  for (const [key, inner] of Object.entries(target as Readonly<Record<string, Target>>)) {
    const file = conditions.has(key) ? fileOf(inner) : undefined
    if (file !== undefined) return file
  }
  return undefined
}

function packageFolder(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === dirname(folder)) return undefined
  }
}

/** `@acme/kit/extra` is the file `extra` of the package `@acme/kit`; no name for a path. */
export function packageParts(specifier: string): readonly [name: string, rest: string] {
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/.][^/]*)(?:\/(.+))?$/.exec(specifier) ?? []
  return [name, rest]
}

/**
 * The file that `import` of a package gives, seen from a folder. Node's own `require.resolve` passes over packages whose
 * `exports` offer nothing to `require`, and its `import` cannot be told from where to look. Patterns are not followed.
 */
export function importEntry(specifier: string, from: string): string | undefined {
  const [name, rest] = packageParts(specifier)
  const folder = name === '' ? undefined : packageFolder(name, from)
  if (folder === undefined) return undefined
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports?: Target }
  const hasPaths =
    typeof exports === 'object' && exports !== null && Object.keys(exports).some((key) => key.startsWith('.'))
  const paths: Readonly<Record<string, Target | undefined>> = hasPaths
    ? (exports as Readonly<Record<string, Target>>)
    : { '.': exports }
  const file = fileOf(paths[rest === '' ? '.' : `./${rest}`])
  return file === undefined ? undefined : join(folder, file)
}
