/** The beginning of a secret at the end of a text counts from this many characters on. */
const minimumCutLength = 6
/** A part of a secret as a word of its own, likewise. */
const minimumPartLength = 6
/** What follows a mask or "ending in" counts from this many on. */
const minimumTailLength = 3
/** Of shorter secrets a part says little, and looks like many words. */
const minimumSecretLength = 8

const tail =
  /([*•●·…x#]{2,64}|\.{2,64}|…|\b(?:ending|ends?) (?:in|with)\W{0,3}|\blast (?:\w{1,6} )?(?:characters?|chars?|digits?|letters?)\W{1,3}(?:(?:are|is|were|was|of)\W{1,3})?)([^\s"'<>(),;:*]{3,200})/gi
const head = /([^\s"'<>(),;:*=]{6,200})([*•●…]{1,64}|\.{2,64})/g
const word = /[^\s"'<>(),;:?!*=&]+/g

/**
 * Hides what is left of secrets that were cut: their last characters after a mask (`***1a2b`) or words that say so,
 * their first ones before a mask, a beginning or an end of some length as a word of its own, and a beginning at the
 * end of a text, which may have been cut there.
 */
export function hideParts(text: string, secrets: readonly string[], mask: string): string {
  const long = secrets.filter(({ length }) => length >= minimumSecretLength)
  if (long.length === 0) return text
  const lower = long.map((secret) => secret.toLowerCase())
  return withoutCut(text, long, mask)
    .replace(tail, (whole, lead: string, part: string) =>
      isEnd(lower, bare(part), minimumTailLength) ? `${lead}${mask}` : whole,
    )
    .replace(head, (whole, part: string, rest: string) =>
      isStart(lower, part, minimumPartLength) ? `${mask}${rest}` : whole,
    )
    .replace(word, (part) => (isPart(lower, bare(part)) ? mask : part))
}

/** Without the punctuation of the sentence. */
const bare = (part: string): string => part.replace(/[.\])}]+$/, '')

const isEnd = (secrets: readonly string[], part: string, minimum: number): boolean =>
  part.length >= minimum && secrets.some((secret) => secret.endsWith(part.toLowerCase()))

const isStart = (secrets: readonly string[], part: string, minimum: number): boolean =>
  part.length >= minimum && secrets.some((secret) => secret.startsWith(part.toLowerCase()))

/** A word of letters that is also a word within the secret is left: "production" in "acme-production". */
function isPart(secrets: readonly string[], part: string): boolean {
  if (part.length < minimumPartLength) return false
  const lower = part.toLowerCase()
  return secrets.some((secret) => {
    const isAtEnd = secret.endsWith(lower)
    if (!isAtEnd && !secret.startsWith(lower)) return false
    if (!/^[a-z]+$/.test(lower)) return true
    const neighbor = isAtEnd ? secret[secret.length - lower.length - 1] : secret[lower.length]
    return neighbor !== undefined && /[a-z0-9]/.test(neighbor)
  })
}

/** Messages are cut before they are redacted, and a cut may leave the beginning of a secret at the end. */
function withoutCut(text: string, secrets: readonly string[], mask: string): string {
  const ellipsis = text.endsWith('…') ? '…' : ''
  const body = text.slice(0, text.length - ellipsis.length)
  for (const secret of secrets.flatMap(spellings))
    for (let length = secret.length - 1; length >= minimumCutLength; length--)
      if (body.endsWith(secret.slice(0, length))) return `${body.slice(0, -length)}${mask}${ellipsis}`
  return text
}

const spellings = (secret: string): string[] => [
  secret,
  encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(secret))),
  JSON.stringify(secret).slice(1, -1),
  btoa(String.fromCharCode(...new TextEncoder().encode(secret.slice(0, 1_000)))),
]
