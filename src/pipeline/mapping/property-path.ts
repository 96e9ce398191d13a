/** Reads a value below a root; never throws on parsed JSON. */
export type ReadPath = (root: unknown) => unknown

const separators = /\[(?=["'\d])|\.|(?<=["'\d])\]+/g

/** The keys of a path: `a.b`, `a[0].b`, `a['b c']`. None for the root: '' and `.`. */
export const pathKeys = (path: string): string[] =>
  path
    .split(separators)
    .filter((part) => part !== '')
    .map((part) => part.replace(/['"]/g, ''))

/**
 * A path without its `$.`. Only a leading one stands for the root; the reference drops the first one, wherever it
 * stands.
 */
export const withoutRoot = (path: string, compatibility: boolean): string => {
  if (compatibility) return path.replace('$.', '')
  return path.startsWith('$.') ? path.slice(2) : path
}

/**
 * One step of a path. A step from 0, '', false, null or NaN gives that value itself, since stored mappings depend on
 * it. Only own members of objects and lists are seen: texts and numbers have none.
 */
export function ownStep(holder: unknown, key: string): unknown {
  if (!holder) return holder
  if (typeof holder !== 'object') return undefined
  const value = (holder as Record<string, unknown>)[key]
  return value === undefined || Object.hasOwn(holder, key) ? value : undefined
}

/** A step as the reference takes it: inherited members and those of texts are found as well. */
export const inheritedStep = (holder: unknown, key: string): unknown =>
  holder && (holder as Record<string, unknown>)[key]

/** A reader of the value that the keys lead to. */
export function readerOf(keys: readonly string[], compatibility: boolean): ReadPath {
  const step = compatibility ? inheritedStep : ownStep
  const [first, second, third] = keys
  if (first === undefined) return (root) => root
  if (second === undefined) return (root) => step(root, first)
  if (third === undefined) return (root) => step(step(root, first), second)
  return (root) => keys.reduce(step, root)
}
