import { isObject, realTypeOf } from '../real-type-of'
import { collectErrors, ValidationError } from './mapping-errors'

/** Throws a `ValidationError` when a part of a mapping is wrong. `stack`: the keys that lead to it. */
export type Check = (value: unknown, stack: readonly string[]) => void

/** The type of a part of a mapping: `directive` for an object with a key that starts with `@`. */
export function partType(value: unknown): string {
  const type = realTypeOf(value)
  return type === 'object' && Object.keys(value as object).some((key) => key.startsWith('@'))
    ? 'directive'
    : type
}

/** `a` or `an`, and the noun. */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`

const requireType =
  (type: string, expected: string): Check =>
  (value, stack) => {
    const actual = partType(value)
    if (actual !== type)
      throw new ValidationError(`should be ${expected} but it is ${withArticle(actual)}`, stack)
  }

export const checkString = requireType('string', 'a string')
export const checkBoolean = requireType('boolean', 'a boolean')

export const checkArray: Check = (value, stack) => {
  const type = realTypeOf(value)
  if (type !== 'array') throw new ValidationError(`should be an array but it is ${withArticle(type)}`, stack)
}

export const checkLength =
  (minimum: number, maximum: number): Check =>
  (value, stack) => {
    if (typeof value !== 'string') return
    if (value.length < minimum)
      throw new ValidationError(`should be a string of length ${minimum} or greater`, stack)
    if (value.length > maximum)
      throw new ValidationError(`should be a string of length ${maximum} or less`, stack)
  }

/** One of some words, in any case. */
export const checkWord =
  (...words: readonly string[]): Check =>
  (value, stack) => {
    checkString(value, stack)
    if (!words.includes((value as string).toLowerCase()))
      throw new ValidationError(
        `should be one of ${words.join(', ')} but it is ${JSON.stringify(value)}`,
        stack,
      )
  }

export const allOf =
  (...checks: readonly Check[]): Check =>
  (value, stack) => {
    for (const check of checks) check(value, stack)
  }

/** Options of a directive: what each member has to be, if it is there or always. */
export type Members = Readonly<Record<string, { readonly required?: Check; readonly optional?: Check }>>

/** An object with the given members, after `checkObject` has passed it. */
export const checkMembers =
  (members: Members, checkObject: Check): Check =>
  (value, stack) => {
    checkObject(value, stack)
    const object = isObject(value) ? value : {}
    collectErrors(
      Object.entries(members).map(([name, { required, optional }]) => () => {
        const member = object[name]
        if (member !== undefined) (required ?? optional)?.(member, [...stack, name])
        else if (required)
          throw new ValidationError(`should have field ${JSON.stringify(name)} but it doesn't`, stack)
      }),
    )
  }
