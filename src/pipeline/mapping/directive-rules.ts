import { type Check, mistake, together } from './checking'
import { maxReplaceLength } from './directives/text'
import { liquidMistake } from './liquid'
import {
  andStrictly,
  anyValue,
  directiveOrObject,
  directiveOrText,
  flag,
  list,
  oneOf,
  option,
  options,
  optionTypes,
  text,
  textOf,
} from './option-rules'
import { isObject } from './type-name'

/** What a directive cannot do without, although the reference finds that out only when an event arrives. */
const needs = (names: readonly string[]): Check =>
  optionTypes({ required: Object.fromEntries(names.map((name) => [name, () => undefined])) })

const hasCondition: Check = (value, path) =>
  isObject(value) && value.exists === undefined && value.blank === undefined
    ? mistake(path, 'should have field "exists" or field "blank"')
    : undefined

const operator: Check = (value, path) =>
  isObject(value) && value.operator !== 'upper' && value.operator !== 'lower'
    ? mistake(
        [...path, 'operator'],
        `should be one of upper, lower but it is ${JSON.stringify(value.operator)}`,
      )
    : undefined

const separator: Check = (value, path) =>
  isObject(value) && !value.separator
    ? mistake(path, 'should have field "separator" but it doesn\'t')
    : undefined

const secondReplacement = optionTypes({
  optional: { pattern2: textOf(0, maxReplaceLength), replacement2: textOf(0, maxReplaceLength) },
})

const replaceRule = options({
  required: { pattern: textOf(1, maxReplaceLength), value: option.directiveOrText },
  optional: { replacement: textOf(0, maxReplaceLength), ignorecase: flag, global: flag },
})

const arrayPathRule: Check = (value, path, how) => {
  const wrong = list(value, path, how)
  if (wrong !== undefined || !Array.isArray(value)) return wrong
  const wrongList = directiveOrText(value[0], how.isStrict ? [...path, '0'] : path, how)
  if (!how.isStrict) return wrongList ?? how.check(value[1], path, how)
  return together([wrongList, how.check(value[1], [...path, '1'], how)])
}

const mergeOptions = options({
  required: { objects: list },
  optional: { direction: oneOf('left', 'right') },
})

/** The reference names no path for the objects to merge, and stops at the first mistake in them. */
const mergeRule: Check = (value, path, how) => {
  const wrong = mergeOptions(value, path, how)
  const objects = isObject(value) && Array.isArray(value.objects) ? value.objects : []
  if (how.isStrict)
    return together([
      wrong,
      ...objects.map((object, index) =>
        option.directiveOrObject(object, [...path, 'objects', String(index)]),
      ),
    ])
  if (wrong !== undefined) return wrong
  for (const object of objects) {
    const inside = directiveOrObject(object, [], how)
    if (inside !== undefined) return inside
  }
  return undefined
}

const template: Check = (value, path, how) => {
  const wrong = text(value, path, how)
  const problem = how.isStrict && typeof value === 'string' ? liquidMistake(value) : undefined
  return problem === undefined ? wrong : mistake(path, problem)
}

const choices = options({
  optional: { exists: option.anyValue, then: option.anyValue, else: option.anyValue },
})

/** How the value of each directive has to look. */
export const directiveRules: Readonly<Record<string, Check>> = {
  '@path': directiveOrText,
  '@template': directiveOrText,
  '@if': andStrictly(choices, hasCondition),
  '@case': andStrictly(options({ optional: { operator: text, value: option.directiveOrText } }), operator),
  '@replace': andStrictly(replaceRule, secondReplacement),
  '@arrayPath': arrayPathRule,
  '@literal': anyValue,
  '@json': options({ required: { value: option.anyValue, mode: oneOf('encode', 'decode') } }),
  '@flatten': andStrictly(
    options({ required: { value: option.anyValue }, optional: { separator: text } }),
    separator,
  ),
  '@merge': andStrictly(mergeRule, needs(['direction'])),
  '@transform': options({ required: { apply: option.directiveOrObject, mapping: option.directiveOrObject } }),
  '@excludeWhenNull': anyValue,
  '@liquid': template,
}
