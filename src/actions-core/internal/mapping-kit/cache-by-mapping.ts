import { maxNesting, nestsDeeperThan } from '../../../nesting'
import { type Watch, watchMapping } from './watch-mapping'

type Entry<T> = { readonly compiled: T; readonly watch: Watch }

const maxTexts = 500

/**
 * Compiles each mapping once: a mapping that has not changed since, or one with the same text, gives what was
 * compiled before. Settings are often parsed anew for every event, so that the same text means the same mapping.
 * Throws what `compile` throws.
 */
export function cacheByMapping<T>(compile: (mapping: unknown) => T): (mapping: unknown) => T {
  const byIdentity = new WeakMap<object, Entry<T>>()
  const byText = new Map<string, T>()
  let last: { readonly mapping: object; readonly entry: Entry<T> } | undefined
  const compileText = (mapping: object): T => {
    const text = JSON.stringify(mapping)
    const known = byText.get(text)
    if (known) return known
    const compiled = compile(mapping)
    if (byText.size >= maxTexts) byText.delete(byText.keys().next().value as string)
    byText.set(text, compiled)
    return compiled
  }
  return (mapping) => {
    if (mapping === last?.mapping && last?.entry.watch.isUnchanged()) return last.entry.compiled
    // What is no mapping, or nests too deep to be one, is refused by name.
    if (typeof mapping !== 'object' || mapping === null || nestsDeeperThan(mapping, maxNesting))
      return compile(mapping)
    const known = byIdentity.get(mapping)
    const entry = known?.watch.isUnchanged() ? known : newEntry(mapping)
    last = { mapping, entry }
    return entry.compiled
  }
  function newEntry(mapping: object): Entry<T> {
    const watch = watchMapping(mapping)
    const compiled = watch.isPlainJson ? compileText(mapping) : compile(mapping)
    const entry = { compiled, watch }
    byIdentity.set(mapping, entry)
    return entry
  }
}
