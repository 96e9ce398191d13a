/**
 * How deep lists and objects may stand inside one another where waybill copies, compares or prints them, in levels.
 * Real events have about ten; JSON text can have any number, and what follows it level by level would end the process.
 */
export const maxNesting = 1_000

/** Whether lists and objects stand inside one another on more than `levels` levels. Never recurses. */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const open: { readonly holder: object; readonly level: number }[] = [{ holder: value, level: 1 }]
  const seen = new Map<object, number>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { holder, level } = next
    if (level > levels) return true
    // A holder that stands in several places is followed once for each greater depth: a circle goes on to the limit.
    if ((seen.get(holder) ?? 0) >= level) continue
    seen.set(holder, level)
    for (const member of Object.values(holder))
      if (typeof member === 'object' && member !== null) open.push({ holder: member, level: level + 1 })
  }
  return false
}
