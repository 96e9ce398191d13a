// All repetitions are bounded, so that no text costs more than its length.

/** Shorter secrets are hidden as whole words alone: hiding every "1" would hide the text itself. */
export const wordLength = 8
/** Longer secrets are searched for in pieces of this length, each by itself. */
const pieceLength = 64
/** What is left of a secret within base64 counts from this many characters on: chance produces fewer. */
const minimumBase64Length = 6
const minimumHexLength = 8

/** Where a text holds a secret, in every spelling in which a vendor may repeat it. */
export type SecretPattern = { hide(text: string, mask: string): string }

/** What an escape or a replaced character begins with. */
const escapeStart = /[%&\\+?\ufffd]/

/**
 * Finds a secret as it is, in any case, with any of its characters escaped as in JSON, URLs or HTML, once or several
 * times, and anywhere within base64 (of UTF-8, Latin-1, or base64) and hexadecimal digits. Short ones within base64 are
 * left to `hideEncoded`. Most texts hold none, so they are searched for what every spelling needs first.
 */
export function secretPattern(secret: string): SecretPattern {
  const pieces = piecesOf(secret)
  const spelled = new RegExp(pieces.map(spelledPattern).join('|'), 'gi')
  const literals = pieces.map((piece) => piece.toLowerCase())
  const isPlain = /^[\x21-\x7e]*$/.test(secret)
  const needles = pieces.flatMap((piece) => encodingsOf(piece).flatMap(base64Needles))
  const digits = pieces.flatMap((piece) => encodingsOf(piece).flatMap(hexPattern))
  const hexadecimal = digits.length === 0 ? undefined : new RegExp(digits.join('|'), 'gi')
  return {
    hide(text, mask) {
      const lower = text.toLowerCase()
      let result = text
      if (!isPlain || escapeStart.test(text) || literals.some((literal) => lower.includes(literal)))
        result = result.replace(spelled, mask)
      for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, mask)
      return hexadecimal === undefined ? result : result.replace(hexadecimal, mask)
    },
  }
}

/** Pieces of a long secret; the last one reaches back, so that it is not too short to be told from other text. */
function piecesOf(secret: string): string[] {
  if (secret.length <= pieceLength) return [secret]
  const pieces: string[] = []
  for (let start = 0; start < secret.length; start += pieceLength)
    pieces.push(secret.slice(Math.min(start, secret.length - pieceLength / 2), start + pieceLength))
  return pieces
}

/** Not within a word; an escape before it is no part of one. */
const wordStart = String.raw`(?:(?<![a-z0-9_])|(?<=%(?:25){0,4}[0-9a-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9a-f]{4}))`
const wordEnd = '(?![a-z0-9_])'

function spelledPattern(piece: string): string {
  const variants = [...new Set([piece, piece.normalize('NFC'), piece.normalize('NFD'), ...otherCases(piece)])]
  const spelled = `(?:${variants.map(charactersPattern).join('|')})`
  if (piece.length >= wordLength) return spelled
  const start = /^\w/.test(piece) ? wordStart : ''
  return start + spelled + (/\w$/.test(piece) ? wordEnd : '')
}

/** The flag `i` knows only letters whose other case is one letter too. */
const otherCases = (text: string): string[] =>
  /[^\x20-\x7e]/.test(text) ? [text.toUpperCase(), text.toLowerCase()] : []

const charactersPattern = (text: string): string =>
  // A run of backslashes is one, since each may stand for any number of them.
  Array.from(text.replace(/\\+/g, '\\'), characterPattern).join('')

const namedEntities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}
const jsonLetters: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
}

/** One character in all its spellings. */
function characterPattern(character: string): string {
  const codePoint = character.codePointAt(0) as number
  const units = Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index), 4))
  const bytes = [...new TextEncoder().encode(character)]
  const spellings = [
    literalPattern(character),
    bytes.map((byte) => `%(?:25){0,4}${hex(byte, 2)}`).join(''),
    units.map((unit) => String.raw`\\{1,32}u${unit}`).join(''),
    `&(?:amp;){0,4}#(?:0{0,6}${codePoint}|x0{0,6}${codePoint.toString(16)});?`,
  ]
  if (codePoint < 256) spellings.push(String.raw`\\{1,32}x${hex(codePoint, 2)}`)
  const entity = namedEntities[character]
  if (entity !== undefined) spellings.push(`&(?:amp;){0,4}${entity};`)
  const letter = jsonLetters[character]
  if (letter !== undefined) spellings.push(String.raw`\\{1,32}${letter}`)
  if (character === ' ') spellings.push(String.raw`\+`)
  // Read in the wrong encoding, or replaced.
  if (codePoint > 127) spellings.push(escaped(latin1Of(bytes)), '\ufffd{1,4}', String.raw`\?{1,4}`)
  return `(?:${spellings.join('|')})`
}

function literalPattern(character: string): string {
  if (character === '\\') return String.raw`\\{1,32}`
  if (/["'/]/.test(character)) return String.raw`\\{0,32}${escaped(character)}`
  return character === '&' ? '&(?:amp;){0,4}' : escaped(character)
}

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0')
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
const latin1Of = (bytes: readonly number[]): string => String.fromCharCode(...bytes)

/** The bytes of a text, each as a character: in UTF-8, and in Latin-1, where others lose what it does not have. */
function encodingsOf(text: string): string[] {
  const utf8 = latin1Of([...new TextEncoder().encode(text)])
  const latin1 = latin1Of(Array.from({ length: text.length }, (_, index) => text.charCodeAt(index) & 0xff))
  return utf8 === latin1 ? [utf8] : [utf8, latin1]
}

/** Of bytes within base64, and within the base64 of that. */
function base64Needles(bytes: string): string[] {
  const found = [0, 1, 2]
    .map((offset) => withinBase64(bytes, offset))
    .filter((text) => text.length >= minimumBase64Length)
  const twice = found.flatMap((text) => [0, 1, 2].map((offset) => withinBase64(text, offset)))
  return [...new Set([...found, ...twice].flatMap(base64Spellings))]
}

/** In both alphabets of base64, escaped for URLs, and for JSON. */
const base64Spellings = (text: string): string[] => [
  text,
  text.replaceAll('+', '-').replaceAll('/', '_'),
  encodeURIComponent(text),
  encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  text.replaceAll('/', '\\/'),
]

/**
 * The characters that bytes have within base64 whatever stands around them, when they begin `offset` bytes into a
 * group of three: the first and the last of them share bits with their neighbors.
 */
function withinBase64(bytes: string, offset: number): string {
  const padded = '\0'.repeat(offset) + bytes
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor((padded.length * 8) / 6)
  return btoa(padded).slice(first, last)
}

/** The digits may stand apart, as in `de:ad:be:ef`. */
function hexPattern(bytes: string): string[] {
  const digits = Array.from(bytes, (byte) => hex(byte.charCodeAt(0), 2))
  return digits.length * 2 < minimumHexLength ? [] : [digits.join('[: -]?')]
}
