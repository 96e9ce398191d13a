/** Enough to move parts of the load later, few enough to write them down. */
export const slotCount = 1024

/** FNV-1a: the same in every process and version, since what is stored depends on it. */
export function slotOf(name: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash % slotCount
}
