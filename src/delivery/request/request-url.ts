import { DefinitionError } from '../../errors'
import type { RequestOptions } from './request-options'

/** An address as it goes on the wire, and the user name and password that stood in it. */
export type RequestUrl = { readonly url: string; readonly username?: string; readonly password?: string }

/** Addresses that parsing would leave as they are: lower-case host, no credentials, nothing to encode. */
const plain = /^https?:\/\/[a-z0-9.-]+(:\d+)?(\/[\w\-.~!$&()*+,;=:@%/]*(\?[\w\-.~!$&()*+,;=:@%/?]*)?)?$/
/** What parsing would fold: `/../`, also encoded. */
const dotSegment = /\/\.|%2e/i

/** Most calls of a connection go to the same address, so the last one that was found plain is remembered. */
let lastPlain: RequestUrl = { url: '' }

/**
 * Normalizes an address. `searchParams` replace its query, its fragment is left out, credentials in it are handed
 * over apart.
 * @throws DefinitionError unless it is an absolute http or https address. The error does not repeat it.
 */
export function requestUrl(url: string, searchParams: RequestOptions['searchParams']): RequestUrl {
  if (searchParams === undefined && url === lastPlain.url) return lastPlain
  if (searchParams === undefined && plain.test(url) && !dotSegment.test(url)) {
    lastPlain = { url }
    return lastPlain
  }
  const parsed = parseUrl(url)
  if (searchParams !== undefined) parsed.search = new URLSearchParams(searchParams as Parameters).toString()
  parsed.hash = ''
  const { username, password } = parsed
  if (username === '' && password === '') return { url: parsed.href }
  parsed.username = ''
  parsed.password = ''
  return { url: parsed.href, username: percentDecoded(username), password: percentDecoded(password) }
}

/** A percent sign that begins no escape stands for itself, as in the URL standard. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    // Escapes of bytes that are not UTF-8: nobody can tell which characters were meant.
    return text
  }
}

/** Numbers and booleans become text, as `URLSearchParams` does by itself. */
type Parameters = Record<string, string>

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return parsed
  throw new DefinitionError(
    'INVALID_DEFINITION',
    'the address of a request is not an absolute http or https address; if it comes from a setting, check that setting',
  )
}
