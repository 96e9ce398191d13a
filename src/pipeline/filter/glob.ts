/** Whether a whole text is what a pattern describes. */
export type TextTest = (text: string) => boolean

/** One character of a pattern, a character as people count them: itself, any (`undefined`), or one of a class. */
type Unit = string | undefined | RegExp

/** What stands between two `*`. */
type Segment = readonly Unit[]

/**
 * Compiles a pattern over a whole text: `*` any characters, `?` one, `[abc]` and `[a-z]` one of, `\x` the character
 * itself. A `[` without its `]` is the character itself. The time that a text takes grows with its length alone,
 * whatever the pattern: each part between two `*` is looked for once, from where the one before it ended.
 */
export function globTest(pattern: string): TextTest {
  const segments = segmentsOf(Array.from(pattern))
  if (segments === undefined) return () => false
  const texts = segments.map(literalOf)
  return texts.every((text) => text !== undefined)
    ? literalTest(texts as readonly string[])
    : segmentTest(segments)
}

/** Undefined where a range runs backwards, such as [z-a], and so holds no character. */
function segmentsOf(characters: readonly string[]): Segment[] | undefined {
  let segment: Unit[] = []
  const segments = [segment]
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string
    const end = character === '[' ? characters.indexOf(']', index + 2) : -1
    if (character === '\\' && index + 1 < characters.length) segment.push(characters[++index])
    else if (character === '*') {
      segment = []
      segments.push(segment)
    } else if (character === '?') segment.push(undefined)
    else if (end >= 0) {
      const one = classOf(characters.slice(index + 1, end).join(''))
      if (one === undefined) return undefined
      segment.push(one)
      index = end
    } else segment.push(character)
  }
  return segments
}

function classOf(members: string): RegExp | undefined {
  try {
    return new RegExp(`^[${members.replace(/[\\^\]]/g, '\\$&')}]$`, 'u')
  } catch {
    return undefined
  }
}

const literalOf = (segment: Segment): string | undefined =>
  segment.every((unit) => typeof unit === 'string') ? segment.join('') : undefined

function literalTest(segments: readonly string[]): TextTest {
  const [first = '', ...others] = segments
  const last = others.pop()
  if (last === undefined) return (text) => text === first
  const least = segments.join('').length
  return (text) => {
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false
    let position = first.length
    for (const part of others) {
      const found = text.indexOf(part, position)
      if (found < 0) return false
      position = found + part.length
    }
    return position <= text.length - last.length
  }
}

function segmentTest(segments: readonly Segment[]): TextTest {
  const [first = [], ...others] = segments
  const last = others.pop()
  return (text) => {
    const characters = Array.from(text)
    if (!matchesAt(characters, 0, first)) return false
    if (last === undefined) return characters.length === first.length
    const end = characters.length - last.length
    let position = first.length
    for (const segment of others) {
      while (!matchesAt(characters, position, segment)) if (++position > end) return false
      position += segment.length
    }
    return position <= end && matchesAt(characters, end, last)
  }
}

function matchesAt(characters: readonly string[], position: number, segment: Segment): boolean {
  if (position + segment.length > characters.length) return false
  for (let index = 0; index < segment.length; index++) {
    const unit = segment[index]
    const character = characters[position + index] as string
    if (unit === undefined || unit === character) continue
    if (typeof unit === 'string' || !unit.test(character)) return false
  }
  return true
}

/** Longest pattern that is read from an event, in characters. A filter's own patterns may have any length. */
const longestReadPattern = 1_000

/** Whether a text matches a pattern that came with the event; one that is too long matches nothing. */
export const matchesReadPattern = (text: string, pattern: string): boolean =>
  pattern.length <= longestReadPattern && globTest(pattern)(text)
