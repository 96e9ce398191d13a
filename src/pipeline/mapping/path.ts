import { mappingPathReader, type Reader } from '../own-path'

const separators = /\[(?=["'\d])|\.|(?<=["'\d])\]+/g

/** The keys of a mapping's path: `a.b`, `a[0].b`, `a['b c']`. Empty for the root. */
export function pathKeys(path: string): string[] {
  if (path === '' || path === '.') return []
  return path
    .split(separators)
    .filter((part) => part !== '')
    .map((part) => part.replace(/['"]/g, ''))
}

const cache = new Map<string, Reader>()
const maxCached = 2_000

/**
 * A reader of `$.traits.email` and its like. Only a leading `$.` stands for the root; with `strip: 'first'` the
 * first one anywhere is dropped, as `@segment/actions-core` does.
 */
export function pathReader(path: string, strip: 'leading' | 'first' | 'none' = 'leading'): Reader {
  const key = `${strip}:${path}`
  const known = cache.get(key)
  if (known) return known
  const bare =
    strip === 'none'
      ? path
      : strip === 'first'
        ? path.replace('$.', '')
        : path.startsWith('$.')
          ? path.slice(2)
          : path
  const reader = mappingPathReader(pathKeys(bare))
  if (cache.size >= maxCached) cache.clear()
  cache.set(key, reader)
  return reader
}
