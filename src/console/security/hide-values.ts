const maxDepth = 64

/** What stands for a value that may not be seen: its type, so that shapes can still be read. */
export const hiddenValue = (value: unknown): unknown => {
  if (typeof value === 'string') return '‹text›'
  if (typeof value === 'number') return '‹number›'
  if (typeof value === 'boolean') return '‹true or false›'
  return value ?? null
}

/** The same keys with types in place of values. */
export function hideValues(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) return '‹deeper›'
  if (Array.isArray(value)) return value.map((item) => hideValues(item, depth + 1))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hideValues(item, depth + 1)]))
  return hiddenValue(value)
}

/** A body of a request: JSON keeps its keys, anything else is named as hidden. */
export function hideBody(body: string | undefined): string | undefined {
  if (body === undefined) return undefined
  try {
    return JSON.stringify(hideValues(JSON.parse(body)), undefined, 2)
  } catch {
    return `‹${body.length} characters›`
  }
}
