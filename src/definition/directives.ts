import type { FieldValue, InputField } from '@segment/actions-core'

/** An alias, not the interface of the reference: that one is no `@` record for the compiler. */
type IfDirective = {
  '@if': Extract<NonNullable<InputField['default']>, { readonly '@if': unknown }>['@if']
}

/** Fits a default, and a value inside another one. */
type FirstOf = IfDirective & { readonly [key: string]: MappingValue }

/** A mapping value: a directive, a literal, or a list or object of them. Plain JSON. */
export type MappingValue =
  | FieldValue
  | null
  | readonly MappingValue[]
  | { readonly [key: string]: MappingValue }

/** Reads a member of the event: `path('$.traits.email')`. */
export const path = (expression: string) => ({ '@path': expression })

/** Text with `{{paths}}` in it: `template('Hello {{traits.name}}')`. The result is always a string. */
export const template = (text: string) => ({ '@template': text })

/**
 * The first of several values that is neither missing, null nor blank: an `@if` chain. 0 and false are values. A path may
 * be given as text: `firstOf('$.userId', '$.anonymousId')`. Anything else is a mapping value.
 */
export function firstOf(...candidates: readonly [MappingValue, ...MappingValue[]]): FirstOf {
  const [head, ...rest] = candidates.map((value) =>
    typeof value === 'string' && value.startsWith('$.') ? path(value) : value,
  )
  const [next, ...others] = rest
  if (next === undefined) return head as unknown as FirstOf
  const otherwise = others.length === 0 ? next : firstOf(next, ...others)
  return { '@if': { blank: asText(head as MappingValue), then: head, else: otherwise } } as unknown as FirstOf
}

/**
 * The condition called `blank` holds where a value is not blank, but takes 0 and false for blank; as text they are not.
 * Paths with names in quotes have no template.
 */
function asText(value: MappingValue): MappingValue {
  const expression = (value as { '@path'?: unknown } | null)?.['@path']
  return typeof expression === 'string' && /^\$\.[\w.[\]-]+$/.test(expression)
    ? template(`{{${expression.slice(2)}}}`)
    : value
}

/** Maps each item of a list; in `shape` the item is the root: `arrayPath('$.properties.products', { id: path('$.product_id') })`. */
export const arrayPath = (list: string | MappingValue, shape?: MappingValue) => ({
  '@arrayPath': shape === undefined ? [list] : [list, shape],
})

/** A value as it is, even when it looks like a template or a directive. */
export const literal = (value: MappingValue) => ({ '@literal': value })

/** Turns a value to JSON text (`encode`) or back (`decode`). */
export const json = (mode: 'encode' | 'decode', value: MappingValue) => ({ '@json': { mode, value } })

/** Changes the case of a string; other values pass unchanged. */
export const changeCase = (operator: 'upper' | 'lower', value: MappingValue) => ({
  '@case': { operator, value },
})

/** Replaces a literal text of 1 to 10 characters by one of 0 to 10. Defaults: `global` true, `ignorecase` false. */
export const replace = (
  value: MappingValue,
  pattern: string,
  replacement: string,
  options: { global?: boolean; ignorecase?: boolean; pattern2?: string; replacement2?: string } = {},
) => ({ '@replace': { pattern, replacement, value, ...options } })

/** Joins objects at their top level. `right` (default): the later one wins; `left`: the earlier one. */
export const merge = (objects: readonly MappingValue[], direction: 'left' | 'right' = 'right') => ({
  '@merge': { objects, direction },
})

/** Turns nested objects into one level whose keys are joined by `separator`. */
export const flatten = (value: MappingValue, separator: string, options: { omitArrays?: boolean } = {}) => ({
  '@flatten': { value, separator, ...options },
})

/** Resolves `apply` first; its result is the root that `mapping` reads from. */
export const transform = (apply: MappingValue, mapping: MappingValue) => ({
  '@transform': { apply, mapping },
})

/** A Liquid template of at most 1,000 characters. Own properties of the event only. */
export const liquid = (text: string) => ({ '@liquid': text })

/** The value, or nothing where it is null; objects lose their null members. */
export const excludeWhenNull = (value: MappingValue) => ({ '@excludeWhenNull': value })
