import { butItIs, type Check, checkObject, mappingType, mistake, type Path, together } from './checking'
import type { Mistakes } from './mapping-error'
import { typeName } from './type-name'

const jsonTypes = new Set(['object', 'array', 'boolean', 'string', 'number', 'null'])

/** A check of the type alone: what stands inside is checked once, elsewhere. */
type TypeCheck = (value: unknown, path: Path) => Mistakes | undefined

const isAnyValue: TypeCheck = (value, path) => {
  const type = mappingType(value)
  return type === 'directive' || jsonTypes.has(type)
    ? undefined
    : mistake(path, `should be a mapping directive or a JSON value ${butItIs(value)}`)
}

const isDirectiveOrText: TypeCheck = (value, path) => {
  const type = mappingType(value)
  return type === 'directive' || type === 'string'
    ? undefined
    : mistake(path, `should be a string or a mapping directive ${butItIs(value)}`)
}

const isDirectiveOrObject: TypeCheck = (value, path) => {
  const type = mappingType(value)
  return type === 'directive' || type === 'object'
    ? undefined
    : mistake(path, `should be a object or a mapping directive ${butItIs(value)}`)
}

const withInside =
  (check: TypeCheck): Check =>
  (value, path, how) =>
    check(value, path) ?? how.check(value, path, how)

/** A directive or any JSON value; in lenient checks no value but a directive is searched. */
export const anyValue: Check = (value, path, how) =>
  how.isStrict || mappingType(value) === 'directive'
    ? withInside(isAnyValue)(value, path, how)
    : isAnyValue(value, path)

/** A directive or a text. */
export const directiveOrText = withInside(isDirectiveOrText)

/** A directive or an object. */
export const directiveOrObject = withInside(isDirectiveOrObject)

/** The same of an option, whose inside `options` has checked. */
export const option = {
  anyValue: isAnyValue,
  directiveOrText: isDirectiveOrText,
  directiveOrObject: isDirectiveOrObject,
} as const

export const text: Check = (value, path) =>
  mappingType(value) === 'string' ? undefined : mistake(path, `should be a string ${butItIs(value)}`)

export const flag: Check = (value, path) =>
  mappingType(value) === 'boolean' ? undefined : mistake(path, `should be a boolean ${butItIs(value)}`)

export const list: Check = (value, path) =>
  Array.isArray(value)
    ? undefined
    : mistake(
        path,
        `should be an array but it is ${/^[aeiou]/.test(typeName(value)) ? 'an' : 'a'} ${typeName(value)}`,
      )

/** A text whose length lies between two bounds. */
export const textOf =
  (minimum: number, maximum: number): Check =>
  (value, path, how) => {
    const wrong = text(value, path, how)
    if (wrong !== undefined || typeof value !== 'string') return wrong
    if (value.length < minimum) return mistake(path, `should be a string of length ${minimum} or greater`)
    if (value.length > maximum) return mistake(path, `should be a string of length ${maximum} or less`)
    return undefined
  }

/** One of some words, in any case. */
export const oneOf =
  (...words: readonly string[]): Check =>
  (value, path, how) => {
    const wrong = text(value, path, how)
    if (wrong !== undefined) return wrong
    return words.includes(String(value).toLowerCase())
      ? undefined
      : mistake(path, `should be one of ${words.join(', ')} but it is ${JSON.stringify(value)}`)
  }

type Options = {
  readonly required?: Readonly<Record<string, Check>>
  readonly optional?: Readonly<Record<string, Check>>
}

/**
 * What the options of a directive are, one by one, given that the inside of each has been checked: their rules look at
 * no more than types, so that each part of a mapping is searched once, however deep it stands.
 */
export const optionTypes =
  ({ required = {}, optional = {} }: Options): Check =>
  (value, path, how) => {
    if (mappingType(value) !== 'object') return undefined
    const given = value as Record<string, unknown>
    const names = [...new Set([...Object.keys(required), ...Object.keys(optional)])]
    return together(
      names.map((name) => {
        if (given[name] !== undefined)
          return (required[name] ?? optional[name])?.(given[name], [...path, name], how)
        return Object.hasOwn(required, name)
          ? mistake(path, `should have field ${JSON.stringify(name)} but it doesn't`)
          : undefined
      }),
    )
  }

/** An object of options. In lenient checks, mistakes anywhere inside hide mistakes of the options themselves. */
export const options = (given: Options): Check => {
  const types = optionTypes(given)
  return (value, path, how) => {
    const inside = checkObject(value, path, how)
    if (inside !== undefined && !how.isStrict) return inside
    const wrong = types(value, path, how)
    return inside === undefined ? wrong : together([inside, wrong])
  }
}

/** A check, and another one that only strict checks make. */
export const andStrictly =
  (check: Check, strictly: Check): Check =>
  (value, path, how) => {
    const found = check(value, path, how)
    return how.isStrict ? together([found, strictly(value, path, how)]) : found
  }
