/** Something that a file imports and lists, such as an action in the index of its destination. */
export type Registration = {
  /** Name of what is imported. */
  readonly name: string
  /** Where it is imported from: `./actions/cancel-order`. */
  readonly from: string
  /** Begin of the list, to the end of its line: `actions: {`. */
  readonly list: string
  /** The entry without its comma. */
  readonly entry: string
}

const importPattern = /^import \{[^}]*\} from '([^']+)'$/

/** The line before which an import belongs: relative imports are in the order of their paths. */
function placeOfImport(lines: readonly string[], from: string): number {
  const isLater = (line: string): boolean => {
    const path = importPattern.exec(line)?.[1]
    return path?.startsWith('.') === true && path > from
  }
  const later = lines.findIndex(isLater)
  return later === -1 ? lines.findLastIndex((line) => importPattern.test(line)) + 1 : later
}

/** A list in one line, put into a line for each entry. */
function unfold(lines: readonly string[], list: string): string[] {
  return lines.flatMap((line) => {
    const [before, rest] = line.split(`${list} `)
    const folded = rest === undefined ? undefined : /^([\w, ]+) \}(,?)$/.exec(rest)
    if (before === undefined || folded === undefined || folded === null) return [line]
    const indent = /^ */.exec(line)?.[0] ?? ''
    const entries = (folded[1] as string).split(', ').map((entry) => `${indent}  ${entry},`)
    return [`${before}${list}`, ...entries, `${indent}}${folded[2]}`]
  })
}

/**
 * Adds an import and an entry at the end of a list. Gives nothing where the file is not laid out as expected: one
 * import per line, one list of the name.
 */
export function register(source: string, { name, from, list, entry }: Registration): string | undefined {
  const lines = unfold(source.split('\n'), list)
  const begins = lines.filter((line) => line.endsWith(list))
  if (begins.length !== 1 || !lines.some((line) => importPattern.test(line))) return undefined
  const begin = lines.indexOf(begins[0] as string)
  const indent = /^ */.exec(lines[begin] as string)?.[0] ?? ''
  const end = lines.findIndex((line, index) => index > begin && line.startsWith(`${indent}}`))
  if (end === -1) return undefined
  lines.splice(end, 0, `${indent}  ${entry},`)
  lines.splice(placeOfImport(lines, from), 0, `import { ${name} } from '${from}'`)
  return lines.join('\n')
}
