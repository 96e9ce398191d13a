/** Deeper than any event or configuration: what follows lists and objects level by level would run out of stack. */
export const maxNesting = 1_000

/** What is wrong with a text that `isNestedTooDeep`. */
export const nestingProblem = 'is nested more than 1,000 levels deep, which is the limit: flatten it'

/** Whether lists and objects of a JSON text stand inside one another on too many levels. Never recurses. */
export function isNestedTooDeep(text: string, limit = maxNesting): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === 0x5c) at += 1
      else if (code === 0x22 || code === 0x0a) isInString = false
    } else if (code === 0x22) isInString = true
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > limit) return true
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return false
}

function countOf(byte: number, bytes: Buffer, start: number, end: number): number {
  let count = 0
  for (let at = bytes.indexOf(byte, start); at !== -1 && at < end; at = bytes.indexOf(byte, at + 1))
    count += 1
  return count
}

/** Whether a record has brackets enough to be nested too deep: cheap, for all but the few records that have. */
export const mayBeNestedTooDeep = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > 2 * maxNesting &&
  countOf(0x7b, bytes, start, end) + countOf(0x5b, bytes, start, end) > maxNesting
