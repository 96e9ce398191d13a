/** A copy of an object without the given keys. */
export function omit<T extends object, K extends PropertyKey[]>(
  object: T | null | undefined,
  keys: K,
): { [Key in Exclude<keyof T, K[number]>]: T[Key] } {
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object ?? {})) if (!keys.includes(key)) result[key] = value
  return result as { [Key in Exclude<keyof T, K[number]>]: T[Key] }
}
