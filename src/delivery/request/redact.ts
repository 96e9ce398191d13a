const mask = '***'

/** Names of headers and query parameters whose value is a credential. */
const credentialName = /auth|cookie|token|secret|password|signature|api[-_]?key|[-_]key$|^key$/i

/** Hides secrets in texts, headers and addresses. */
export type Redact = {
  text(text: string): string
  headers(headers: Readonly<Record<string, string>>): Record<string, string>
}

/** Shorter values are not searched for in texts: hiding every "1" would hide the text itself. */
const minimumLength = 4

/**
 * Creates a redactor for the given secrets (the connection's `password` settings and tokens). It finds them as they
 * are, URL-encoded, JSON-escaped, and as the user name or password of Basic credentials; and hides the value of
 * every header and query parameter whose name says that it is a credential.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const needles = [
    ...new Set(secrets.filter((secret) => secret.length >= minimumLength).flatMap(spellings)),
  ].sort((a, b) => b.length - a.length)
  const text = (value: string): string => {
    let result = value
    for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, mask)
    return result.replace(queryParameter, (whole, lead: string, name: string) =>
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

const queryParameter = /([?&])([A-Za-z0-9_.-]+)=[^&\s"'#]*/g

function spellings(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    base64(secret),
    base64(`${secret}:`),
    base64(`:${secret}`),
  ].filter((spelling) => spelling.length >= minimumLength)
}

const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, '')

/** The secrets of a connection: its settings of type `password`, and all tokens of its `oauth` settings. */
export function secretsOf(
  fields: Readonly<Record<string, { readonly type?: string }>> | undefined,
  settings: Readonly<Record<string, unknown>>,
): string[] {
  const secrets: string[] = []
  for (const [key, field] of Object.entries(fields ?? {})) {
    const value = settings[key]
    if (field.type === 'password' && (typeof value === 'string' || typeof value === 'number'))
      secrets.push(String(value))
  }
  if (typeof settings.oauth === 'object' && settings.oauth !== null)
    for (const value of Object.values(settings.oauth)) if (typeof value === 'string') secrets.push(value)
  return secrets
}
