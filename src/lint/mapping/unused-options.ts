import { isDirective } from '../../pipeline/mapping/scope'
import { isObject } from '../../pipeline/mapping/type-name'
import type { Keys } from '../filter/condition-tree'

/** Options that each directive reads; the others take a value as it is. */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  '@if': ['exists', 'blank', 'then', 'else'],
  '@case': ['operator', 'value'],
  '@replace': ['pattern', 'replacement', 'value', 'ignorecase', 'global', 'pattern2', 'replacement2'],
  '@json': ['mode', 'value'],
  '@flatten': ['value', 'separator', 'omitArrays'],
  '@merge': ['objects', 'direction'],
  '@transform': ['apply', 'mapping'],
}

/** An option that nothing reads, and the options that there are. */
export type UnusedOption = { readonly place: Keys; readonly name: string; readonly known: readonly string[] }

/** Every option of a directive that it does not read. */
export function unusedOptions(mapping: unknown, place: Keys = []): UnusedOption[] {
  if (Array.isArray(mapping))
    return mapping.flatMap((item, index) => unusedOptions(item, [...place, String(index)]))
  if (!isObject(mapping)) return []
  return Object.entries(mapping).flatMap(([key, value]) => {
    const known = isDirective(mapping) && Object.hasOwn(optionsOf, key) ? optionsOf[key] : undefined
    const unused =
      known === undefined || !isObject(value)
        ? []
        : Object.keys(value).filter((name) => !known.includes(name))
    return [
      ...unused.map((name) => ({ place: [...place, key, name], name, known: known as readonly string[] })),
      ...unusedOptions(value, [...place, key]),
    ]
  })
}
