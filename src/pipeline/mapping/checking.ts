import type { Mistakes } from './mapping-error'
import { article, isObject, typeName } from './type-name'

/** Where a value stands: the keys that lead to it. */
export type Path = readonly string[]

/** How a mapping is checked, and the check of a nested value. */
export type How = {
  /**
   * False: as the reference checks when an event arrives. True: so that nothing is left to be found out later: lists
   * and literals are searched as well, and options that a directive cannot do without are asked for.
   */
  readonly isStrict: boolean
  readonly check: Check
}

/** Gives what is wrong with a value, if anything. */
export type Check = (value: unknown, path: Path, how: How) => Mistakes | undefined

/** One mistake. */
export const mistake = (path: Path, message: string): Mistakes => ({
  list: [{ path, message }],
  isAggregate: false,
})

/** All mistakes of several checks, in their order. */
export function together(found: readonly (Mistakes | undefined)[]): Mistakes | undefined {
  const list = found.flatMap((mistakes) => mistakes?.list ?? [])
  return list.length === 0 ? undefined : { list, isAggregate: true }
}

const hasDirectiveKey = (value: Record<string, unknown>): boolean =>
  Object.keys(value).some((key) => key.startsWith('@'))

/** The type of a value, where any object with an `@` key counts as a directive. */
export function mappingType(value: unknown): string {
  return isObject(value) && hasDirectiveKey(value) ? 'directive' : typeName(value)
}

/** Says what a value is instead of what it should be. */
export const butItIs = (value: unknown): string => {
  const type = mappingType(value)
  return `but it is ${article(type)} ${type}`
}

/** An object that is no directive. */
export const checkObject: Check = (value, path, how) => {
  if (mappingType(value) !== 'object') return mistake(path, `should be an object ${butItIs(value)}`)
  const members = value as Record<string, unknown>
  return together(Object.keys(members).map((key) => how.check(members[key], [...path, key], how)))
}
