import type { Redact } from 'waybill'

/** A secret value with the name under which prints show it. */
export type NamedSecret = { readonly name: string; readonly value: string }

/** Shorter values are only looked for where credentials stand: hiding every "1" would hide the text itself. */
const minimumLength = 4

const basic = /\b(Basic|basic) ([^\s"',;]+)/g
const base64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: what decodes to these is no text
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/

/** The text within base64, or undefined where it is none. */
function decoded(text: string): string | undefined {
  const canonical = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  const bytes = Buffer.from(canonical, 'base64')
  if (bytes.toString('base64').replace(/=+$/, '') !== canonical) return undefined
  const plain = bytes.toString('utf8')
  return unprintable.test(plain) ? undefined : plain
}

/**
 * Prints credentials as their shape: the name of the setting in place of its value, wherever and however it is spelled
 * (`Bearer {apiKey}`, `Basic {user}:{password}`, `?key={apiKey}`), so that a change of the shape shows and a value never
 * does. What is not made of the secrets is printed as it is.
 */
export function createCredentialShapes(secrets: readonly NamedSecret[]): Redact {
  const known = secrets
    .filter(({ value }) => value.length >= minimumLength)
    .sort((one, other) => other.value.length - one.value.length)

  const plain = (text: string): string => {
    let result = text
    for (const { name, value } of known) {
      result = result.replaceAll(value, `{${name}}`)
      const escaped = JSON.stringify(value).slice(1, -1)
      if (escaped !== value) result = result.replaceAll(escaped, `{${name}}`)
      const encoded = encodeURIComponent(value)
      if (encoded !== value)
        result = result
          .replaceAll(encoded, `{${name}, URL-encoded}`)
          .replaceAll(encodeURIComponent(encoded), `{${name}, URL-encoded twice}`)
    }
    return result
  }

  const text = (value: string): string =>
    plain(
      value
        .replace(basic, (_whole, scheme: string, credentials: string) => {
          const inner = decoded(credentials)
          return inner === undefined ? `${scheme} ${credentials} (not base64)` : `${scheme} ${plain(inner)}`
        })
        .replace(base64, (whole) => {
          const inner = decoded(whole)
          return inner === undefined || plain(inner) === inner ? whole : `base64(${plain(inner)})`
        }),
    )

  return {
    text,
    headers: (headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)])),
  }
}
