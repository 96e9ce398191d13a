/**
 * The plain values of a JSON body, each with the key under which it stands, as `email: "a@example.com"`; of any other
 * body the text itself.
 */
export function leavesOf(body: string | undefined): string[] {
  if (body === undefined || body === '') return []
  try {
    return leaves('', JSON.parse(body))
  } catch {
    return [body]
  }
}

function leaves(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(key, item))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => leaves(name, member))
  return [key === '' ? JSON.stringify(value) : `${key}: ${JSON.stringify(value)}`]
}
