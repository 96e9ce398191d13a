/** Base64 of either alphabet; shorter words hold nothing. */
const base64 = /[A-Za-z0-9+/_-]{6,}={0,2}/g
/** Whatever else bytes are, they are no text that holds a secret. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const binary = /[\x00-\x08\x0e-\x1f\x7f\ufffd]/
/** Base64 within base64. */
const maxDepth = 2

/**
 * Hides base64 in which a secret stands that is too short to be found there by its characters, such as that of a
 * user and a password. `isSecret` tells whether a text holds one.
 */
export function hideEncoded(text: string, isSecret: (text: string) => boolean, mask: string): string {
  return text.replace(base64, (word) => (holds(word, isSecret, 1) ? mask : word))
}

function holds(word: string, isSecret: (text: string) => boolean, depth: number): boolean {
  const latin1 = decoded(word)
  if (latin1 === undefined) return false
  const utf8 = new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)))
  if (!binary.test(latin1) && isSecret(latin1)) return true
  if (binary.test(utf8)) return false
  if (isSecret(utf8)) return true
  return depth < maxDepth && (utf8.match(base64) ?? []).some((inner) => holds(inner, isSecret, depth + 1))
}

function decoded(word: string): string | undefined {
  try {
    return atob(word.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return undefined
  }
}
