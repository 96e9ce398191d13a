const mask = '***'

/** Names of headers and query parameters whose value is a credential. An idempotency key is none: it has to be seen. */
const credentialName =
  /auth|cookie|token|secret|password|signature|api[-_]?key|(?<!idempotency)[-_]key$|^key$/i

/** Hides secrets in texts, headers and addresses. */
export type Redact = {
  text(text: string): string
  headers(headers: Readonly<Record<string, string>>): Record<string, string>
}

/** Shorter values are not searched for in texts: hiding every "1" would hide the text itself. */
const minimumLength = 4
/** The beginning of a secret at the end of a text counts from this many characters on. */
const minimumCutLength = 6
/** The same for what is left of a short secret within base64, which chance produces more easily. */
const minimumBase64Length = 6

const queryParameter = /([?&])([A-Za-z0-9_.-]+)=[^&\s"'#]*/g
const authorization = /\b(Basic|Bearer) [A-Za-z0-9+/_=.~-]{4,}/g

/**
 * Creates a redactor for the given secrets (the connection's `password` settings and tokens). It finds them as they
 * are, URL-encoded, JSON-escaped, and anywhere within base64 such as Basic credentials; and hides the value of
 * every header and query parameter whose name says that it is a credential.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const needles = [...new Set(secrets.flatMap(spellings))].sort((a, b) => b.length - a.length)
  const text = (value: string): string => {
    let result = value
    for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, mask)
    return withoutCutSecret(result, needles)
      .replace(authorization, `$1 ${mask}`)
      .replace(queryParameter, (whole, lead: string, name: string) =>
        credentialName.test(name) ? `${lead}${name}=${mask}` : whole,
      )
  }
  return {
    text,
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          credentialName.test(name) ? mask : text(value),
        ]),
      ),
  }
}

/** Messages are cut before they are redacted here, and a cut may leave the beginning of a secret at the end. */
function withoutCutSecret(text: string, needles: readonly string[]): string {
  const ellipsis = text.endsWith('…') ? '…' : ''
  const body = text.slice(0, text.length - ellipsis.length)
  for (const needle of needles)
    for (let length = needle.length - 1; length >= minimumCutLength; length--)
      if (body.endsWith(needle.slice(0, length))) return `${body.slice(0, -length)}${mask}${ellipsis}`
  return text
}

/** As a text within JSON; twice for JSON within JSON. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

function spellings(secret: string): string[] {
  if (secret.length < minimumLength) return []
  const encoded = encodeURIComponent(new TextDecoder().decode(new TextEncoder().encode(secret)))
  return [
    secret,
    encoded,
    encoded.toLowerCase(),
    new URLSearchParams([['', secret]]).toString().slice(1),
    escaped(secret),
    escaped(escaped(secret)),
    ...[0, 1, 2].map((offset) => withinBase64(secret, offset)),
  ].filter((spelling) => spelling.length >= minimumLength)
}

/**
 * The characters that a text has within base64 whatever stands around it, when it begins `offset` bytes into a group
 * of three: the first and the last of them share bits with their neighbors.
 */
function withinBase64(text: string, offset: number): string {
  const bytes = new TextEncoder().encode(text)
  const padded = String.fromCharCode(...new Array<number>(offset).fill(0), ...bytes)
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor((padded.length * 8) / 6)
  const inner = btoa(padded).slice(first, last)
  return inner.length >= minimumBase64Length ? inner : ''
}

/** Settings that are secrets by their name, whatever type the definition gives them. */
const secretName = /^(?!public).*(?:api_?key|access_?key|private_?key|token|secret|password|passphrase)$/i

/**
 * The secrets of a connection: its settings of type `password`, those that are named like one (`apiKey`,
 * `client_secret`), and all tokens of its `oauth` settings.
 */
export function secretsOf(
  fields: Readonly<Record<string, { readonly type?: string }>> | undefined,
  settings: Readonly<Record<string, unknown>>,
): string[] {
  const secrets: string[] = []
  for (const [key, field] of Object.entries(fields ?? {})) {
    const value = settings[key]
    const isSecret = field.type === 'password' || (field.type === 'string' && secretName.test(key))
    if (isSecret && (typeof value === 'string' || typeof value === 'number')) secrets.push(String(value))
  }
  if (typeof settings.oauth === 'object' && settings.oauth !== null)
    for (const value of Object.values(settings.oauth)) if (typeof value === 'string') secrets.push(value)
  return secrets
}
