/** Reads a value below a root; never throws on parsed JSON. */
export type ReadPath = (root: unknown) => unknown

const separators = /\[(?=["'\d])|\.|(?<=["'\d])\]+/g

/** The keys of a path as the reference splits it: dots and brackets inside quotes split too, and quotes are dropped. */
export const compatiblePathKeys = (path: string): string[] =>
  path
    .split(separators)
    .filter((part) => part !== '')
    .map((part) => part.replace(/['"]/g, ''))

/**
 * The keys of a path: `a.b`, `a[0].b`, `a['b.c [d]']`, `O'Brien`. A key in quotes, in brackets or between dots, is
 * taken as it is; `\` before the quote or another `\` takes that character. What is not closed, or is followed by
 * anything but a dot, a bracket or the end, is part of the key. None for the root: '' and `.`.
 */
export const pathKeys = (path: string): string[] =>
  stepsOf(path).flatMap(({ key, isQuoted }) => (key !== '' || isQuoted ? [key] : []))

function stepsOf(path: string): PathStep[] {
  const steps: PathStep[] = []
  for (let position = 0; position < path.length; ) {
    const step = quotedStep(path, position) ?? plainStep(path, position)
    steps.push(step)
    position = path[step.end] === '.' ? step.end + 1 : step.end
  }
  return steps
}

type PathStep = { readonly key: string; readonly end: number; readonly isQuoted?: true }

const isBoundary = (path: string, position: number): boolean =>
  position >= path.length || path[position] === '.' || path[position] === '['

const bracketedIndex = /\[(\d+)\]/y

/** A key in brackets or in quotes that begins here, if one does. */
function quotedStep(path: string, position: number): PathStep | undefined {
  const isBracket = path[position] === '['
  bracketedIndex.lastIndex = position
  const index = isBracket ? bracketedIndex.exec(path) : null
  if (index !== null && isBoundary(path, bracketedIndex.lastIndex))
    return { key: index[1] as string, end: bracketedIndex.lastIndex }
  const start = isBracket ? position + 1 : position
  const quote = path[start]
  if (quote !== '"' && quote !== "'") return undefined
  let key = ''
  for (let at = start + 1; at < path.length; at++) {
    const character = path[at] as string
    const next = path[at + 1]
    if (character === '\\' && (next === quote || next === '\\')) {
      key += next
      at += 1
    } else if (character !== quote) key += character
    else {
      const end = isBracket ? at + 2 : at + 1
      if ((!isBracket || next === ']') && isBoundary(path, end)) return { key, end, isQuoted: true }
      key += character
    }
  }
  return undefined
}

/** Everything up to the next dot, or the next bracket that holds a position or a quoted key. */
function plainStep(path: string, position: number): PathStep {
  let end = position + 1
  if (path[position] === '.') return { key: '', end: position }
  while (end < path.length && path[end] !== '.') {
    if (path[end] === '[' && quotedStep(path, end) !== undefined) break
    end += 1
  }
  return { key: path.slice(position, end), end }
}

/** Why a path surely leads to nothing, for people; undefined for any other. */
export function pathMistake(path: string): string | undefined {
  const wrong = stepsOf(path).find(({ key, isQuoted }) => !isQuoted && /\[(?:["']|[^\]]*$)/.test(key))
  return (
    wrong &&
    `the bracket of "${wrong.key}" is not closed, or its quote is not; it is taken as part of the name`
  )
}

/**
 * The keys of a path of a mapping, without its `$.`. Only a leading one stands for the root; the reference drops the
 * first one, wherever it stands.
 */
export function keysOfPath(path: string, compatibility: boolean): string[] {
  if (compatibility) return compatiblePathKeys(path.replace('$.', ''))
  return pathKeys(path.startsWith('$.') ? path.slice(2) : path)
}

/**
 * One step of a path. A step from 0, '', false, null or NaN gives that value itself, since stored mappings depend on
 * it. Only own properties of objects and lists are seen: texts and numbers have none.
 */
export function ownStep(holder: unknown, key: string): unknown {
  if (!holder) return holder
  if (typeof holder !== 'object') return undefined
  const value = (holder as Record<string, unknown>)[key]
  return value === undefined || Object.hasOwn(holder, key) ? value : undefined
}

/** A step as the reference takes it: inherited properties and those of texts are found as well. */
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
