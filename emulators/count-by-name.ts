/** How often each of some names occurs, most frequent first. */
export function countByName(names: readonly string[]): { readonly what: string; readonly count: number }[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([what, count]) => ({ what, count })).sort((one, other) => other.count - one.count)
}
