import { type CompileDirective, constant, isPlainObject, type MappingContext, type Resolve } from '../context'
import { checkLiquid, renderLiquid } from '../liquid'
import { MappingError, typeName } from '../mapping-error'
import { pathReader } from '../path'

const placeholder = /\{\{\{([^}]+)\}\}\}|\{\{([^}]+)\}\}/g

/** Splits a template once. Values are put in by one pass: what an event holds is never read as a template. */
function compileText(text: string): (root: unknown) => string {
  const parts: (string | Resolve)[] = []
  let end = 0
  for (const match of text.matchAll(placeholder)) {
    if (match.index > end) parts.push(text.slice(end, match.index))
    parts.push(pathReader((match[1] ?? match[2] ?? '').trim(), 'none'))
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push(text.slice(end))
  const [only] = parts
  if (parts.length === 0 || (parts.length === 1 && typeof only === 'string')) return () => text
  return (root) => {
    let result = ''
    for (const part of parts) result += typeof part === 'string' ? part : String(part(root) ?? '')
    return result
  }
}

/** Text with `{{paths}}`; two or three braces mean the same, nothing is escaped, missing values are empty. */
export const compileTemplate: CompileDirective = (options, path, context) => {
  if (typeof options === 'string') return compileText(options)
  if (!isPlainObject(options)) {
    context.report(path, `a text with {{paths}}, got ${typeName(options)}`)
    return constant(undefined)
  }
  const resolve = context.compile(options, path)
  return (root) => {
    const text = resolve(root)
    if (typeof text !== 'string') throw new MappingError(`@template: expected string, got ${typeName(text)}`)
    return compileText(text)(root)
  }
}

/** `{ operator: "upper" | "lower", value }`; values that are no text pass unchanged. */
export const compileCase: CompileDirective = (options, path, context) => {
  if (!isPlainObject(options)) {
    context.report(path, `an object with "operator" and "value", got ${typeName(options)}`)
    return constant(undefined)
  }
  const { operator } = options
  if (operator !== 'upper' && operator !== 'lower') {
    context.report(`${path}.operator`, `"upper" or "lower", got ${JSON.stringify(operator)}`)
    return constant(undefined)
  }
  const resolve = context.compile(options.value, `${path}.value`)
  return (root) => {
    const value = resolve(root)
    if (typeof value !== 'string') return value
    return operator === 'upper' ? value.toUpperCase() : value.toLowerCase()
  }
}

const maxReplaceLength = 10

/**
 * `{ pattern, replacement?, value, global?, ignorecase?, pattern2?, replacement2? }`. The pattern is taken literally;
 * in the replacement `$&` and its like are understood. Numbers and booleans count as text; anything else gives ''.
 */
export const compileReplace: CompileDirective = (options, path, context) => {
  if (!isPlainObject(options)) {
    context.report(path, `an object with "pattern" and "value", got ${typeName(options)}`)
    return constant(undefined)
  }
  const { global = true, ignorecase = false, pattern2 } = options
  const flags = `${global ? 'g' : ''}${ignorecase ? 'i' : ''}`
  const first = replaceStep(options.pattern, options.replacement, flags, `${path}.pattern`, context)
  const second = pattern2
    ? replaceStep(pattern2, options.replacement2, flags, `${path}.pattern2`, context)
    : undefined
  if (!options.value) return constant(undefined)
  const resolve = context.compile(options.value, `${path}.value`)
  return (root) => {
    const found = resolve(root)
    const value = typeof found === 'boolean' || typeof found === 'number' ? String(found) : found
    if (typeof value !== 'string') return ''
    const once = first(value)
    return second === undefined ? once : second(once)
  }
}

type ReplaceStep = (text: string) => string

function replaceStep(
  pattern: unknown,
  replacement: unknown,
  flags: string,
  path: string,
  context: MappingContext,
): ReplaceStep {
  const by = replacement ?? ''
  if (typeof pattern !== 'string' || pattern.length < 1 || pattern.length > maxReplaceLength)
    context.report(path, `a text of 1 to ${maxReplaceLength} characters`)
  else if (typeof by !== 'string' || by.length > maxReplaceLength)
    context.report(path.replace('pattern', 'replacement'), `a text of at most ${maxReplaceLength} characters`)
  else {
    const expression = new RegExp(pattern.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&'), flags)
    return (text) => text.replace(expression, by)
  }
  return (text) => text
}

/** A Liquid template of at most 1,000 characters. */
export const compileLiquid: CompileDirective = (options, path, context) => {
  const problem =
    typeof options === 'string' ? checkLiquid(options) : `a Liquid template, got ${typeName(options)}`
  if (problem !== undefined) {
    context.report(path, problem)
    return constant(undefined)
  }
  return (root) => renderLiquid(options as string, root)
}
