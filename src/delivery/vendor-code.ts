const maxLength = 200
const codeKeys = ['code', 'errorCode', 'error_code', 'replyCode', 'Code', 'type']
const messageKeys = [
  'message',
  'error_description',
  'errorMessage',
  'replyText',
  'Message',
  'detail',
  'description',
]

/** `about:blank` is the type of a problem (RFC 9457) that has none. */
const saysNothing = new Set(['', 'about:blank'])

/** Longer texts are no message of an API. */
const maxParsedLength = 64 * 1024
const maxDepth = 3

/**
 * What a response's body says about the failure, in one short line: the properties that APIs commonly use for codes
 * and messages, alone or under `error`, `errors` or `detail`. JSON that was not read as such, since its type is
 * `application/problem+json` or a wrong one, is read here. Undefined when the body has none of them.
 */
export function vendorCode(body: unknown): string | undefined {
  return typeof body === 'string' ? codeIn(parsed(body), 0) : codeIn(body, 0)
}

/** A text as JSON, where it is JSON; else undefined. */
export function parsed(text: string): unknown {
  if (text.length > maxParsedLength || !/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function codeIn(body: unknown, depth: number): string | undefined {
  if (typeof body === 'string') return depth === 0 ? undefined : shortened(body)
  if (typeof body !== 'object' || body === null || depth > maxDepth) return undefined
  if (Array.isArray(body)) return body.length > 0 ? codeIn(body[0], depth + 1) : undefined
  const members = body as Record<string, unknown>
  const title = first(members, ['title'])
  const parts = [first(members, codeKeys) ?? title, first(members, messageKeys) ?? title]
  const found = [...new Set(parts)].filter((part) => part !== undefined)
  for (const key of ['error', 'errors']) {
    const nested = codeIn(members[key], depth + 1)
    if (nested !== undefined) return nested
  }
  return found.length > 0 ? shortened(found.join(': ')) : codeIn(members.detail, depth + 1)
}

function first(members: Record<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = members[key]
    if (typeof value === 'number' || (typeof value === 'string' && !saysNothing.has(value)))
      return String(value)
  }
  return undefined
}

const shortened = (text: string): string | undefined => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return undefined
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line
}
