/** No member at all. */
export const missing: unique symbol = Symbol('missing')

/** Values of every kind, for what no constant of a filter speaks of. */
const ofEveryKind: readonly unknown[] = [
  null,
  '',
  'other',
  0,
  1,
  -1,
  2.5,
  true,
  false,
  [],
  ['other'],
  { member: 'other' },
]

const mostFragments = 6
const mostSubsets = 4
const longest = 64

/**
 * Values to try where a filter compares with these constants: on both sides of every number; texts that contain,
 * begin, end and equal, alone and together; lists of some and of all. What is simple comes first.
 */
export function candidateValues(constants: readonly unknown[]): unknown[] {
  const texts = unique(constants.filter((value) => typeof value === 'string'))
  const numbers = unique(constants.filter((value) => typeof value === 'number'))
  const scalars = unique(constants.filter((value) => !Array.isArray(value)))
  return unique([
    missing,
    ...scalars,
    ...ofEveryKind,
    ...numbers.flatMap(aroundNumber),
    ...between(numbers),
    ...textsFrom(texts),
    ...scalars.map(String),
    ...texts.flatMap((text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? [Number(text)] : [])),
    ...listsFrom(scalars),
    ...constants.filter(Array.isArray),
  ])
}

/** Each value once; lists and objects by what they hold. */
function unique<Value>(values: readonly Value[]): Value[] {
  const keyOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? `object ${JSON.stringify(value)}` : value
  return [...new Map([...values].reverse().map((value) => [keyOf(value), value])).values()].reverse()
}

/** A number may also be asked of a length: texts and lists as long as it, and one longer and shorter. */
function aroundNumber(number: number): unknown[] {
  const lengths = [number - 1, number, number + 1].filter(
    (length) => Number.isInteger(length) && length >= 0 && length <= longest,
  )
  return [
    number - 1,
    number - 0.5,
    number + 0.5,
    number + 1,
    ...lengths.flatMap((length) => ['x'.repeat(length), Array<string>(length).fill('x')]),
  ]
}

function between(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted.slice(1).map((number, index) => (number + (sorted[index] as number)) / 2)
}

const capitalized = (text: string): string => text.replace(/(^|\s)(\S)/g, (match) => match.toUpperCase())

/** A text as it is, in other spellings, and what it stands for when it is a pattern. */
function spellings(text: string): string[] {
  const fillings = ['', 'x', 'x y'].map((filling) =>
    text.replace(/\\(.)|\*|\?|\[([^\]])[^\]]*\]/g, (match, escaped?: string, member?: string) =>
      match === '*' ? filling : match === '?' ? 'x' : (escaped ?? member ?? ''),
    ),
  )
  return unique([
    text,
    ...fillings,
    text.slice(0, -1),
    text.slice(1),
    text.toUpperCase(),
    text.toLowerCase(),
    capitalized(text),
    text.replaceAll('_', ' '),
    text.replaceAll('-', ' '),
  ])
}

function textsFrom(texts: readonly string[]): string[] {
  const alone = texts.flatMap(spellings)
  const around = unique(alone).flatMap((text) => [`${text}z`, `a${text}`, `a${text}z`])
  const fragments = unique(
    texts.flatMap((text) => [text.replace(/\*/g, ''), text.slice(0, -1), text.slice(1)]),
  ).slice(0, mostFragments)
  const pairs = fragments.flatMap((one) =>
    fragments.flatMap((other) => [`${one}${other}`, `${one} ${other}`]),
  )
  const triples =
    fragments.length > 4 ? [] : pairs.flatMap((pair) => fragments.map((third) => `${pair}${third}`))
  return unique([...alone, ...around, ...pairs, ...triples])
}

function listsFrom(items: readonly unknown[]): unknown[][] {
  if (items.length === 0) return []
  if (items.length > mostSubsets) return [...items.map((item) => [item]), [...items]]
  return Array.from({ length: 2 ** items.length - 1 }, (_, mask) =>
    items.filter((_item, position) => ((mask + 1) >> position) & 1),
  )
}
