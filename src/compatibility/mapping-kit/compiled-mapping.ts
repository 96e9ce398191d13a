import { compileMapping } from './compile'
import type { Resolve } from './resolve'
import { type Watch, watchMapping } from './watch-mapping'

type Entry = { readonly resolve: Resolve; readonly watch: Watch }

const byIdentity = new WeakMap<object, Entry>()
/** Settings are often parsed anew for every event: the same text means the same mapping. */
const byText = new Map<string, Resolve>()
const maxTexts = 500

/**
 * A compiled mapping, from the store when this mapping, or one with the same text, has been compiled before.
 * Throws what `validate` throws.
 */
export function compiledMapping(mapping: unknown): Resolve {
  if (typeof mapping !== 'object' || mapping === null) return compileMapping(mapping)
  const known = byIdentity.get(mapping)
  if (known?.watch.isUnchanged()) return known.resolve
  const watch = watchMapping(mapping)
  const resolve = watch.isPlainJson ? compiledText(mapping) : compileMapping(mapping)
  byIdentity.set(mapping, { resolve, watch })
  return resolve
}

function compiledText(mapping: object): Resolve {
  const text = JSON.stringify(mapping)
  const known = byText.get(text)
  if (known) return known
  const resolve = compileMapping(mapping)
  if (byText.size >= maxTexts) byText.delete(byText.keys().next().value as string)
  byText.set(text, resolve)
  return resolve
}
