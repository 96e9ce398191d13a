const maxLength = 200
const codeKeys = ['code', 'errorCode', 'error_code', 'replyCode', 'Code', 'type', 'title']
const messageKeys = [
  'message',
  'error_description',
  'errorMessage',
  'replyText',
  'Message',
  'detail',
  'description',
]

/**
 * What an answer's body says about the failure, in one short line: the members that APIs commonly use for codes and
 * messages, alone or under `error`, `errors` or `detail`. Undefined when the body has none of them.
 */
export function vendorCode(body: unknown, depth = 0): string | undefined {
  if (typeof body === 'string') return depth === 0 ? undefined : shortened(body)
  if (Array.isArray(body)) return body.length > 0 ? vendorCode(body[0], depth + 1) : undefined
  if (typeof body !== 'object' || body === null || depth > 3) return undefined
  const members = body as Record<string, unknown>
  const found = [first(members, codeKeys), first(members, messageKeys)].filter((part) => part !== undefined)
  for (const key of ['error', 'errors']) {
    const nested = vendorCode(members[key], depth + 1)
    if (nested !== undefined) return nested
  }
  return found.length > 0 ? shortened(found.join(': ')) : vendorCode(members.detail, depth + 1)
}

function first(members: Record<string, unknown>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = members[key]
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value)
  }
  return undefined
}

const shortened = (text: string): string | undefined => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return undefined
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line
}
