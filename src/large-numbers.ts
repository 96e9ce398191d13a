/** A number of a JSON text that would not arrive as it is written. */
export type LargeNumber = {
  /** Where it stands in the text. */
  readonly start: number
  readonly end: number
  /** `properties.items[0].id`; only of the first few, which messages name. */
  readonly path: string
  /** `digits`: beyond 2^53, with more digits than a double holds. `range`: it would become null in JSON, or 0. */
  readonly kind: 'digits' | 'range'
}

const digitsInARow = 16
const [zero, nine, dot, minus] = [0x30, 0x39, 0x2e, 0x2d]
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= zero && byte <= nine

/** Outside of strings, what may stand before a number. */
const beforeNumber = new Set<number | undefined>([...Buffer.from(':,[ \t\n\r'), undefined])

/** Whether what stands there is part of a number rather than of a string, as far as its beginning tells. */
function isInNumber(codeAt: (at: number) => number | undefined, from: number): boolean {
  let at = from
  for (let code = codeAt(at); isDigit(code) || code === dot || code === minus; code = codeAt(at)) at -= 1
  return beforeNumber.has(codeAt(at))
}

/**
 * Whether so many digits stand in a row that an integer may be beyond 2^53. Looks at every sixteenth byte only, since
 * any such row crosses one of them.
 */
function hasLongDigits(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start + digitsInARow - 1; at < end; at += digitsInARow) {
    if (!isDigit(bytes[at])) continue
    let first = at
    while (first > start && isDigit(bytes[first - 1])) first -= 1
    let last = at
    while (last + 1 < end && last - first + 1 < digitsInARow && isDigit(bytes[last + 1])) last += 1
    if (last - first + 1 >= digitsInARow && isInNumber((place) => bytes[place], first - 1)) return true
  }
  return false
}

const largeExponent = /\d[eE][-+]?\d{3}/g

/** Identifiers of hexadecimal digits often look like it, hence the look at what stands before. */
function hasLargeExponent(text: string): boolean {
  largeExponent.lastIndex = 0
  for (let match = largeExponent.exec(text); match !== null; match = largeExponent.exec(text)) {
    if (isInNumber((place) => (place < 0 ? undefined : text.charCodeAt(place)), match.index)) return true
  }
  return false
}

/** Whether a record has to be looked through for numbers that would change: cheap, and true too often rather than seldom. */
export const mayHoldLargeNumbers = (bytes: Buffer, start: number, end: number, text: string): boolean =>
  hasLongDigits(bytes, start, end) || hasLargeExponent(text)

/**
 * Whether a number of JSON would change. Fractions are rounded to the nearest double, as every reader of JSON does;
 * whole numbers and extremes are not.
 */
export function largeNumberKind(source: string): LargeNumber['kind'] | undefined {
  const value = Number(source)
  if (!Number.isFinite(value)) return 'range'
  const [digits = ''] = source.split(/[eE]/)
  if (value === 0) return /[1-9]/.test(digits) ? 'range' : undefined
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined
  // Written with few digits, such as 1e21 or 1.5e300, it is printed again as the same number.
  return isSameDecimal(source, String(value)) ? undefined : 'digits'
}

/** Significant digits, and the power of ten of the first of them. */
function decimalOf(source: string): readonly [digits: string, power: number] {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(source) ?? []
  const all = whole + fraction
  const digits = all.replace(/^0+/, '')
  return [digits.replace(/0+$/, ''), Number(exponent) + whole.length - (all.length - digits.length)]
}

function isSameDecimal(one: string, other: string): boolean {
  const [digits, power] = decimalOf(one)
  const [otherDigits, otherPower] = decimalOf(other)
  return digits === otherDigits && power === otherPower
}

/** Where the scanner stands: in a list at an index, or in an object at a name that begins and ends there. */
type Frame = { index: number } | { nameStart: number; nameEnd: number }

const endOfString = (text: string, start: number): number => {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

const maxNameLength = 60
const shownPaths = 3

function pathOf(text: string, frames: readonly Frame[]): string {
  return frames
    .map((frame) => {
      if ('index' in frame) return `[${frame.index}]`
      const name = JSON.parse(text.slice(frame.nameStart, frame.nameEnd)) as string
      return `.${name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name}`
    })
    .join('')
    .replace(/^\./, '')
}

const numberPattern = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y

/** Finds the numbers of a text, which `JSON.parse` takes, that would change. Never recurses. */
export function findLargeNumbers(text: string): LargeNumber[] {
  const found: LargeNumber[] = []
  const frames: Frame[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] as string
    const frame = frames.at(-1)
    if (character === '"') {
      const end = endOfString(text, at)
      if (frame !== undefined && 'nameEnd' in frame && frame.nameEnd === 0) {
        frame.nameStart = at
        frame.nameEnd = end
      }
      at = end
      continue
    }
    if (character === '[') frames.push({ index: 0 })
    else if (character === '{') frames.push({ nameStart: 0, nameEnd: 0 })
    else if (character === ']' || character === '}') frames.pop()
    else if (character === ',' && frame !== undefined) {
      if ('index' in frame) frame.index += 1
      else frame.nameEnd = 0
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      numberPattern.lastIndex = at
      const [source = character] = numberPattern.exec(text) ?? []
      const kind = source.length < 5 ? undefined : largeNumberKind(source)
      if (kind !== undefined)
        found.push({
          start: at,
          end: at + source.length,
          path: found.length < shownPaths ? pathOf(text, frames) : '',
          kind,
        })
      at += source.length
      continue
    }
    at += 1
  }
  return found
}

/** The text with these numbers as strings, exactly as they were written. */
export function asStrings(text: string, numbers: readonly LargeNumber[]): string {
  let written = 0
  const parts: string[] = []
  for (const { start, end } of numbers) {
    parts.push(text.slice(written, start), '"', text.slice(start, end), '"')
    written = end
  }
  return parts.join('') + text.slice(written)
}

const reasons: Readonly<Record<LargeNumber['kind'], string>> = {
  digits: 'is a number beyond 2^53, whose digits would arrive changed',
  range: 'is a number too large or too small for readers of JSON, which hold up to 1.8e308',
}

/** What is wrong with such numbers, and what to do. Holds their paths, not their digits. */
export function largeNumbersProblem(numbers: readonly LargeNumber[], advice: string): string {
  const [first, ...rest] = numbers as readonly [LargeNumber, ...LargeNumber[]]
  const others = rest.slice(0, shownPaths - 1).map(({ path }) => path)
  if (numbers.length > shownPaths) others.push(`${numbers.length - shownPaths} more`)
  const also = others.length === 0 ? '' : `, and likewise ${others.join(', ')}`
  return `${first.path} ${reasons[first.kind]}${also}: ${advice}`
}
