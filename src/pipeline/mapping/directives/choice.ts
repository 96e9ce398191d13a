import { type CompileDirective, constant, isPlainObject } from '../context'
import { typeName } from '../mapping-error'

const exists = (value: unknown): boolean => value !== undefined && value !== null

/** Loosely: 0, false, '' and an empty list are blank too, as stored mappings expect. */
// biome-ignore lint/suspicious/noDoubleEquals: the loose comparison is the documented meaning
const isNotBlank = (value: unknown): boolean => exists(value) && value != ''

/**
 * `{ exists | blank, then, else }`. `exists` asks for neither missing nor null; `blank`, despite its name, chooses
 * `then` when the value is not blank. With both, `exists` decides.
 */
export const compileIf: CompileDirective = (options, path, context) => {
  if (!isPlainObject(options)) {
    context.report(path, `an object with "exists" or "blank", got ${typeName(options)}`)
    return constant(undefined)
  }
  const usesExists = options.exists !== undefined
  if (!usesExists && options.blank === undefined) {
    context.report(path, 'give "exists" or "blank"')
    return constant(undefined)
  }
  const condition = usesExists
    ? context.compile(options.exists, `${path}.exists`)
    : context.compile(options.blank, `${path}.blank`)
  const test = usesExists ? exists : isNotBlank
  const then = context.compile(options.then, `${path}.then`)
  // The reference takes an `else` of 0, false or '' for none.
  const ignoresElse = context.compatibility && !options.else
  const otherwise = ignoresElse ? constant(undefined) : context.compile(options.else, `${path}.else`)
  return (root) => (test(condition(root)) ? then(root) : otherwise(root))
}
