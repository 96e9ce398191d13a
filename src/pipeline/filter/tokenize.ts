import { subscriptionError } from './subscription-error'

/** A piece of an FQL statement; `text` is what a string or path means, escapes resolved. */
export type Token = {
  readonly kind: 'string' | 'number' | 'word' | 'symbol' | 'end'
  readonly text: string
  /** Parts of a word that is a path. */
  readonly keys: readonly string[]
  readonly position: number
}

const symbols = ['!=', '<=', '>=', '=', '<', '>', '!', '(', ')', '[', ']', ',']
const numberPattern = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordStart = /[A-Za-z_$@\\]/
const wordPart = /[A-Za-z0-9_$@-]/

/**
 * Splits a statement.
 * @throws ConfigurationError INVALID_SUBSCRIPTION for a character that has no meaning, or text without an end.
 */
export function tokenize(source: string, path: string | undefined): Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < source.length) {
    const character = source[position] as string
    if (/\s/.test(character)) {
      position += 1
      continue
    }
    const token = readToken(source, position, path)
    tokens.push(token.token)
    position = token.end
  }
  tokens.push({ kind: 'end', text: '', keys: [], position: source.length })
  return tokens
}

/** A whole character: two units for one outside the basic plane. */
const characterAt = (source: string, position: number): string =>
  String.fromCodePoint(source.codePointAt(position) as number)

type Read = { readonly token: Token; readonly end: number }

function readToken(source: string, position: number, path: string | undefined): Read {
  const character = source[position] as string
  if (character === '"' || character === "'") return readString(source, position, path)
  numberPattern.lastIndex = position
  const number = numberPattern.exec(source)
  if (number)
    return {
      token: { kind: 'number', text: number[0], keys: [], position },
      end: position + number[0].length,
    }
  const symbol = symbols.find((candidate) => source.startsWith(candidate, position))
  if (symbol)
    return { token: { kind: 'symbol', text: symbol, keys: [], position }, end: position + symbol.length }
  if (wordStart.test(character)) return readWord(source, position, path)
  throw subscriptionError(
    source,
    position,
    `unexpected ${JSON.stringify(characterAt(source, position))}; escape it with \\ in a path`,
    path,
  )
}

/** Inside quotes `\` takes the next character as it is, but keeps itself before what only patterns escape. */
function readString(source: string, position: number, path: string | undefined): Read {
  const quote = source[position] as string
  let text = ''
  for (let index = position + 1; index < source.length; index++) {
    const character = source[index] as string
    if (character === quote) return { token: { kind: 'string', text, keys: [], position }, end: index + 1 }
    const next = source[index + 1]
    if (character === '\\' && (next === quote || next === '\\')) {
      // `\\` stays doubled for patterns, where a lone `\` escapes.
      text += next === '\\' ? '\\\\' : next
      index += 1
    } else text += character
  }
  throw subscriptionError(source, position, `a closing ${quote} is missing`, path)
}

function readWord(source: string, position: number, path: string | undefined): Read {
  const keys: string[] = []
  let key = ''
  let index = position
  for (; index < source.length; index++) {
    const character = source[index] as string
    if (character === '\\' && index + 1 < source.length) {
      const escaped = characterAt(source, index + 1)
      key += escaped
      index += escaped.length
    } else if (character === '.') {
      keys.push(key)
      key = ''
    } else if (wordPart.test(character)) key += character
    else break
  }
  keys.push(key)
  const empty = keys.indexOf('')
  if (empty >= 0) {
    const found = source.slice(index).trimStart() === '' ? '' : characterAt(source, index)
    const hint =
      found.trim() === ''
        ? ''
        : `; unexpected ${JSON.stringify(found)}, escape it with \\ if it is part of one`
    throw subscriptionError(source, index, `a path has a name between its dots${hint}`, path)
  }
  return { token: { kind: 'word', text: source.slice(position, index), keys, position }, end: index }
}
