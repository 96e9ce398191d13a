const separators = /\[(?=["'\d])|\.|(?<=["'\d])\]+/g

/** The keys of a path such as `a.b`, `a[0].b` or `a['b c']`. */
function keysOf(path: string): string[] {
  const keys: string[] = []
  for (const part of path.split(separators)) if (part !== '') keys.push(part.replace(/['"]/g, ''))
  return keys
}

const cache = new Map<string, readonly string[]>()
const maxCached = 2_000

/** The keys of a path, split once. */
export function pathKeys(path: string): readonly string[] {
  const known = cache.get(path)
  if (known) return known
  const keys = keysOf(path)
  if (cache.size >= maxCached) cache.clear()
  cache.set(path, keys)
  return keys
}

/** Walks keys; a step that is falsy ends the walk and is the result, as stored mappings expect. */
export function walk(root: unknown, keys: readonly string[]): unknown {
  let value = root
  for (const key of keys) {
    if (!value) return value
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/**
 * Reads a value by its path: a text such as `a.b[0]`, or a list of keys. `''` and `.` are the root. A step that is
 * 0, '', false or null ends the walk and is the result.
 */
export function get<T = unknown, Default = undefined>(
  root: unknown,
  path: string | readonly string[] | undefined | null,
): T | Default {
  if (path === '' || path === '.') return root as T
  if (path === null || path === undefined) return undefined as Default
  return walk(root, typeof path === 'string' ? pathKeys(path) : path) as T | Default
}
