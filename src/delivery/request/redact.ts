import { isCredentialName } from './credential-names'
import { hideEncoded } from './hide-encoded'
import { hideParts } from './hide-parts'
import { type SecretPattern, secretPattern, wordLength } from './secret-pattern'

const mask = '***'

/** A vendor that refuses says the same to many events. */
const maxRemembered = 200
const maxRememberedLength = 1_000

/** Hides secrets in texts, headers and addresses. */
export type Redact = {
  text(text: string): string
  headers(headers: Readonly<Record<string, string>>): Record<string, string>
}

/** The first one also at the start of a form, and after the escapes of `?` and `&`. */
const parameter = /(^|[?&;\s"']|%3f|%26|\\u0026)([A-Za-z0-9_.[\]-]{1,64})=[^&\s"'#;]+/gi
const authorization = /\b(Basic|Bearer|Digest|Token) [A-Za-z0-9+/_=.~-]{4,}/g
const userinfo = /(\/\/[^\s/:@"'?#]*):[^\s/@"'?#]+@/g

/**
 * Creates a redactor for the given secrets (see `secretsOf`). It finds them in every spelling in which a vendor may
 * repeat them, also cut short or as their last characters; and hides credentials in addresses, and the value of every
 * header and query parameter whose name says that it is a credential. Made ready when it is first used.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.flatMap(variants))].sort((a, b) => b.length - a.length)
  const short = known.filter(({ length }) => length < wordLength)
  let patterns: readonly SecretPattern[] | undefined
  const hideKnown = (value: string): string => {
    patterns ??= known.map(secretPattern)
    return patterns.reduce((result, pattern) => pattern.hide(result, mask), value)
  }
  const hidden = (value: string): string => {
    const visible = hideKnown(value)
    const result =
      short.length === 0 ? visible : hideEncoded(visible, (inner) => hideKnown(inner) !== inner, mask)
    return hideParts(result, known, mask)
      .replace(authorization, `$1 ${mask}`)
      .replace(userinfo, `$1:${mask}@`)
      .replace(parameter, (whole, lead: string, name: string) =>
        isCredentialName(name) ? `${lead}${name}=${mask}` : whole,
      )
  }
  const remembered = new Map<string, string>()
  const text = (value: string): string => {
    if (value.length > maxRememberedLength) return hidden(value)
    const known = remembered.get(value)
    if (known !== undefined) return known
    if (remembered.size === maxRemembered) remembered.clear()
    const result = hidden(value)
    remembered.set(value, result)
    return result
  }
  return {
    text,
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, isCredentialName(name) ? mask : text(value)]),
      ),
  }
}

/** A secret as it was given and without surrounding white space; `Bearer x` is one of `x`. */
function variants(secret: string): string[] {
  const trimmed = secret.trim()
  const bare = trimmed.replace(/^(?:Basic|Bearer|Digest|Token|Key|ApiKey) +/i, '')
  return [secret, trimmed, bare].filter((text) => text.trim() !== '')
}
