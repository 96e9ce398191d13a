import {
  allOf,
  type Check,
  checkArray,
  checkBoolean,
  checkLength,
  checkMembers,
  checkString,
  checkWord,
  partType,
  withArticle,
} from '../internal/mapping-kit/checks'
import { collectErrors, MappingErrors, ValidationError } from '../internal/mapping-kit/mapping-errors'
import { maxPatternLength, maxReplacementLength } from '../internal/mapping-kit/replace'
import { isObject, realTypeOf } from '../internal/real-type-of'
import { isDirective } from './is-directive'

/**
 * Checks a mapping as `@segment/actions-core` does: members of objects, options of directives; not the items of
 * lists. Throws a `ValidationError`, or an `MappingErrors` of several.
 */
export function validate(mapping: unknown, stack: readonly string[] = []): void {
  const type = partType(mapping)
  if (type === 'directive') checkDirective(mapping, stack)
  else if (type === 'object') checkObject(mapping, stack)
}

const checkObject: Check = (value, stack) => {
  const type = partType(value)
  if (type !== 'object')
    throw new ValidationError(`should be an object but it is ${withArticle(type)}`, stack)
  collectErrors(
    Object.entries(value as object).map(
      ([key, member]) =>
        () =>
          validate(member, [...stack, key]),
    ),
  )
}

const checkDirective: Check = (value, stack) => {
  if (!isDirective(value) && !isObject(value))
    throw new ValidationError(
      `should be a directive object but it is ${withArticle(realTypeOf(value))}`,
      stack,
    )
  const keys = Object.keys(value)
  const names = keys.filter((key) => key.startsWith('@'))
  const isAlone = keys.every((key) => key.startsWith('@') || key === '_metadata')
  const [name] = names
  if (name === undefined || names.length > 1 || !isAlone)
    throw new ValidationError(
      `should only have one @-prefixed key but it has ${names.length > 1 ? names.length : keys.length} keys`,
      stack,
    )
  const check = Object.hasOwn(directiveChecks, name) ? directiveChecks[name] : undefined
  if (check === undefined) throw new ValidationError(`has an invalid directive: ${name}`, stack)
  try {
    check(value[name], [...stack, name])
  } catch (error) {
    if (error instanceof ValidationError || error instanceof MappingErrors) throw error
    throw new ValidationError((error as Error).message, stack)
  }
}

const rawTypes = new Set(['object', 'array', 'boolean', 'string', 'number', 'null'])

const checkDirectiveOrRaw: Check = (value, stack) => {
  const type = partType(value)
  if (type === 'directive') checkDirective(value, stack)
  else if (!rawTypes.has(type))
    throw new ValidationError(
      `should be a mapping directive or a JSON value but it is ${withArticle(type)}`,
      stack,
    )
}

const checkDirectiveOrString: Check = (value, stack) => {
  const type = partType(value)
  if (type === 'directive') checkDirective(value, stack)
  else if (type !== 'string')
    throw new ValidationError(
      `should be a string or a mapping directive but it is ${withArticle(type)}`,
      stack,
    )
}

const checkDirectiveOrObject: Check = (value, stack) => {
  const type = partType(value)
  if (type === 'directive') checkDirective(value, stack)
  else if (type === 'object') checkObject(value, stack)
  else
    throw new ValidationError(
      `should be a object or a mapping directive but it is ${withArticle(type)}`,
      stack,
    )
}

const checkOptions = (members: Parameters<typeof checkMembers>[0]): Check =>
  checkMembers(members, checkObject)

const directiveChecks: Readonly<Record<string, Check>> = {
  '@if': checkOptions({
    exists: { optional: checkDirectiveOrRaw },
    then: { optional: checkDirectiveOrRaw },
    else: { optional: checkDirectiveOrRaw },
  }),
  '@case': checkOptions({
    operator: { optional: checkString },
    value: { optional: checkDirectiveOrString },
  }),
  '@replace': checkOptions({
    pattern: { required: allOf(checkString, checkLength(1, maxPatternLength)) },
    replacement: { optional: allOf(checkString, checkLength(0, maxReplacementLength)) },
    value: { required: checkDirectiveOrString },
    ignorecase: { optional: checkBoolean },
    global: { optional: checkBoolean },
  }),
  '@arrayPath': (value, stack) => {
    checkArray(value, stack)
    const [path, shape] = value as unknown[]
    checkDirectiveOrString(path, stack)
    validate(shape, stack)
  },
  '@path': checkDirectiveOrString,
  '@json': checkOptions({
    value: { required: checkDirectiveOrRaw },
    mode: { required: checkWord('encode', 'decode') },
  }),
  '@flatten': checkOptions({
    separator: { optional: checkString },
    value: { required: checkDirectiveOrRaw },
  }),
  '@merge': (value, stack) => {
    checkMerge(value, stack)
    for (const object of (value as { objects: unknown[] }).objects) checkDirectiveOrObject(object, [])
  },
  '@template': checkDirectiveOrString,
  '@literal': checkDirectiveOrRaw,
  '@transform': checkOptions({
    apply: { required: checkDirectiveOrObject },
    mapping: { required: checkDirectiveOrObject },
  }),
  '@excludeWhenNull': checkDirectiveOrRaw,
  '@liquid': checkString,
}

const checkMerge = checkOptions({
  direction: { optional: checkWord('left', 'right') },
  objects: { required: checkArray },
})

// biome-ignore lint/style/noDefaultExport: the reference's module exports it so, and programs import it so
export default validate
