/** Longest pattern of `@replace`, in characters. */
export const maxPatternLength = 10
/** Longest replacement of `@replace`, in characters. */
export const maxReplacementLength = 10

/** Replaces a literal pattern; in the replacement `$&` and its like are understood. */
export function replaceText(text: string, pattern: string, replacement: string, flags: string): string {
  if (pattern.length > maxPatternLength)
    throw new Error(`@replace requires a "pattern" less than ${maxPatternLength} characters`)
  if (replacement.length > maxReplacementLength)
    throw new Error(`@replace requires a "replacement" less than ${maxReplacementLength} characters`)
  const literal = pattern.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&')
  return text.replace(new RegExp(literal, flags), replacement)
}
