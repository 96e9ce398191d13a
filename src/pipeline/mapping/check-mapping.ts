import { type Check, checkObject, type How, mappingType, mistake, type Path, together } from './checking'
import { directiveRules } from './directive-rules'
import type { Mistakes } from './mapping-error'

type MappingCheck = {
  readonly isStrict: boolean
  /** The keys that lead to the mapping. Default: none. */
  readonly path?: Path
  /** Gets each object that has been looked at. */
  readonly checked?: WeakSet<object>
}

/** Everything that is wrong with a mapping, or undefined. */
export function checkMapping(
  mapping: unknown,
  { isStrict, path = [], checked }: MappingCheck,
): Mistakes | undefined {
  const check: Check = (value, at, how) => {
    if (typeof value === 'object' && value !== null) checked?.add(value)
    return checkValue(value, at, how)
  }
  return check(mapping, path, { isStrict, check })
}

/** Any value of a mapping. */
const checkValue: Check = (value, path, how) => {
  switch (mappingType(value)) {
    case 'directive':
      return checkDirective(value as Record<string, unknown>, path, how)
    case 'object':
      return checkObject(value, path, how)
    case 'array':
      return how.isStrict ? checkItems(value as readonly unknown[], path, how) : undefined
    default:
      return undefined
  }
}

const checkItems = (items: readonly unknown[], path: Path, how: How): Mistakes | undefined =>
  together(items.map((item, index) => how.check(item, [...path, String(index)], how)))

function checkDirective(value: Record<string, unknown>, path: Path, how: How): Mistakes | undefined {
  const keys = Object.keys(value)
  const names = keys.filter((key) => key.startsWith('@'))
  const others = keys.filter((key) => !key.startsWith('@') && key !== '_metadata')
  const count = names.length > 1 ? names.length : keys.length
  if (names.length > 1 || others.length > 0)
    return mistake(path, `should only have one @-prefixed key but it has ${count} keys`)
  const name = names[0] ?? ''
  const rule = Object.hasOwn(directiveRules, name) ? directiveRules[name] : undefined
  return rule === undefined
    ? mistake(path, `has an invalid directive: ${name}`)
    : rule(value[name], [...path, name], how)
}
