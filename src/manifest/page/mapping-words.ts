const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Text in a code span, whatever backticks it holds. */
export function code(text: string): string {
  if (text === '') return '(empty text)'
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const blank = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${blank}${text}${blank}${fence}`
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** `firstOf` tests a path by the text of its value. */
const isTextOf = (tested: unknown, value: unknown): boolean =>
  isObject(tested) &&
  isObject(value) &&
  typeof value['@path'] === 'string' &&
  tested['@template'] === `{{${value['@path'].slice(2)}}}`

const joined = (values: unknown): string =>
  Array.isArray(values) ? values.map(mappingWords).join(' and ') : mappingWords(values)

/** `$.userId, else $.anonymousId` where a value stands for itself, else the whole condition. */
function conditionWords(condition: Record<string, unknown>): string {
  const test = 'exists' in condition ? 'exists' : 'blank'
  const otherwise = condition.else
  if (isSame(condition[test], condition.then) || isTextOf(condition[test], condition.then))
    return [mappingWords(condition.then), ...(otherwise === undefined ? [] : [mappingWords(otherwise)])].join(
      ', else ',
    )
  const when = `if ${mappingWords(condition[test])} is there`
  const branches = [
    ...(condition.then === undefined ? [] : [`${when}, ${mappingWords(condition.then)}`]),
    ...(otherwise === undefined
      ? []
      : [`${condition.then === undefined ? `${when}, nothing, ` : ''}else ${mappingWords(otherwise)}`]),
  ]
  return branches.join(', ')
}

const pathWords = (path: unknown): string =>
  path === '$.' || path === '$' ? 'the whole event' : code(String(path))

function listWords(parts: unknown): string {
  const [list, shape] = Array.isArray(parts) ? parts : [parts]
  const source = typeof list === 'string' ? pathWords(list) : mappingWords(list)
  return shape === undefined ? source : `for each of ${source}: ${mappingWords(shape)}`
}

/** How each directive reads; the argument is what stands behind its name. */
const directives: Readonly<Record<string, (argument: Record<string, unknown>, raw: unknown) => string>> = {
  '@path': (_, path) => pathWords(path),
  '@template': (_, text) => `the text ${code(String(text))}`,
  '@liquid': (_, text) => `the Liquid template ${code(String(text))}`,
  '@literal': (_, value) => code(JSON.stringify(value)),
  '@if': conditionWords,
  '@arrayPath': (_, parts) => listWords(parts),
  '@case': ({ operator, value }) => `${mappingWords(value)} in ${operator} case`,
  '@json': ({ mode, value }) =>
    mode === 'decode' ? `${mappingWords(value)} read as JSON` : `${mappingWords(value)} as JSON text`,
  '@replace': ({ value, pattern, replacement }) =>
    `${mappingWords(value)} with ${code(String(pattern))} replaced by ${code(String(replacement))}`,
  '@merge': ({ objects, direction }) =>
    `${joined(objects)} joined, the ${direction === 'left' ? 'first' : 'last'} of a name counts`,
  '@flatten': ({ value, separator }) =>
    `${mappingWords(value)} in one level, keys joined by ${code(String(separator))}`,
  '@transform': ({ apply, mapping }) => `of ${mappingWords(apply)}: ${mappingWords(mapping)}`,
  '@excludeWhenNull': (_, value) => `${mappingWords(value)}, left out when null`,
}

function directiveOf(value: Record<string, unknown>): string | undefined {
  const [name, ...others] = Object.keys(value).filter((key) => key.startsWith('@'))
  return name !== undefined && others.length === 0 && Object.hasOwn(directives, name) ? name : undefined
}

/** One line a member; members of members under `outer.inner`. */
function objectWords(value: Record<string, unknown>): string {
  const lines = Object.entries(value).map(([key, member]) => {
    if (!isObject(member) || directiveOf(member) !== undefined || Object.keys(member).length === 0)
      return `${key}: ${mappingWords(member)}`
    return objectWords(
      Object.fromEntries(Object.entries(member).map(([name, inner]) => [`${key}.${name}`, inner])),
    )
  })
  return lines.length === 0 ? 'an empty object' : lines.join('<br>')
}

/** A value of a mapping in words, as Markdown. Text that holds `{{paths}}` is a template even without a directive. */
export function mappingWords(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : value.map(mappingWords).join('; ')
  if (!isObject(value)) return code(typeof value === 'string' ? value : JSON.stringify(value))
  const name = directiveOf(value)
  if (name !== undefined) {
    const argument = value[name]
    return (directives[name] as (typeof directives)[string])(isObject(argument) ? argument : {}, argument)
  }
  return objectWords(value)
}
