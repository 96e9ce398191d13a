import { butItIs, type Check, checkObject, mappingType, mistake, together } from './checking'
import { typeName } from './type-name'

const jsonTypes = new Set(['object', 'array', 'boolean', 'string', 'number', 'null'])

/** A directive or any JSON value. */
export const anyValue: Check = (value, path, how) => {
  const type = mappingType(value)
  if (type === 'directive' || (how.isStrict && jsonTypes.has(type))) return how.check(value, path, how)
  return jsonTypes.has(type)
    ? undefined
    : mistake(path, `should be a mapping directive or a JSON value ${butItIs(value)}`)
}

/** A directive or a text. */
export const directiveOrText: Check = (value, path, how) => {
  const type = mappingType(value)
  if (type === 'directive') return how.check(value, path, how)
  return type === 'string'
    ? undefined
    : mistake(path, `should be a string or a mapping directive ${butItIs(value)}`)
}

/** A directive or an object. */
export const directiveOrObject: Check = (value, path, how) => {
  const type = mappingType(value)
  if (type === 'directive') return how.check(value, path, how)
  return type === 'object'
    ? checkObject(value, path, how)
    : mistake(path, `should be a object or a mapping directive ${butItIs(value)}`)
}

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

/** An object of options. In lenient checks, mistakes anywhere inside hide mistakes of the options themselves. */
export const options =
  ({ required = {}, optional = {} }: Options): Check =>
  (value, path, how) => {
    const inside = checkObject(value, path, how)
    if (mappingType(value) !== 'object' || (inside !== undefined && !how.isStrict)) return inside
    const given = value as Record<string, unknown>
    const names = [...new Set([...Object.keys(required), ...Object.keys(optional)])]
    return together([
      inside,
      ...names.map((name) => {
        if (given[name] !== undefined)
          return (required[name] ?? optional[name])?.(given[name], [...path, name], how)
        return Object.hasOwn(required, name)
          ? mistake(path, `should have field ${JSON.stringify(name)} but it doesn't`)
          : undefined
      }),
    ])
  }

/** A check, and another one that only strict checks make. */
export const andStrictly =
  (check: Check, strictly: Check): Check =>
  (value, path, how) => {
    const found = check(value, path, how)
    return how.isStrict ? together([found, strictly(value, path, how)]) : found
  }
