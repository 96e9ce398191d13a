import { get } from '../internal/get'
import { realTypeOf } from '../internal/real-type-of'

/** A literal part, or the path of a value to put in. */
type Part = string | { readonly path: string }

const threeBraces = /\{\{\{([^}]+)\}\}\}/g
const twoBraces = /\{\{([^}]+)\}\}/g

function split(parts: readonly Part[], pattern: RegExp): Part[] {
  return parts.flatMap((part) => {
    if (typeof part !== 'string') return [part]
    const result: Part[] = []
    let end = 0
    for (const match of part.matchAll(pattern)) {
      if (match.index > end) result.push(part.slice(end, match.index))
      result.push({ path: (match[1] as string).trim() })
      end = match.index + match[0].length
    }
    if (end < part.length) result.push(part.slice(end))
    return result
  })
}

/**
 * Splits a template once; three braces are looked for before two. Values are put in by one pass: what an event
 * holds is never read as a template.
 */
export function compileTemplate(template: string): (data?: unknown) => string {
  const parts = split(split([template], threeBraces), twoBraces)
  return (data = {}) => {
    let result = ''
    for (const part of parts) result += typeof part === 'string' ? part : `${get(data, part.path) ?? ''}`
    return result
  }
}

/** Puts values into `{{path}}` and `{{{path}}}`, unescaped; missing values are empty. */
export function render(template: string, data?: unknown): string {
  if (typeof template !== 'string')
    throw new TypeError(
      `Invalid template! Template should be a "string" but ${realTypeOf(template)} was given.`,
    )
  return compileTemplate(template)(data)
}
