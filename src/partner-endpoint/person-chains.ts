import type { PartnerMessage } from './partner-request'

const isId = (id: unknown): id is string | number =>
  (typeof id === 'string' && id !== '') || typeof id === 'number'

/**
 * Splits messages into chains of positions. Messages that share a user id or anonymous id, directly or through
 * others, are in one chain and keep their order there; chains may be sent side by side.
 */
export function personChains(messages: readonly PartnerMessage[]): number[][] {
  const parents = messages.map((_, position) => position)
  const rootOf = (position: number): number => {
    const parent = parents[position] ?? position
    if (parent === position) return position
    const root = rootOf(parent)
    parents[position] = root
    return root
  }
  const firstWith = new Map<string, number>()
  messages.forEach(({ userId, anonymousId }, position) => {
    for (const id of [userId, anonymousId].filter(isId).map(String)) {
      const first = firstWith.get(id)
      if (first === undefined) firstWith.set(id, position)
      // The smaller position becomes the root, so that paths stay short.
      else {
        const [a, b] = [rootOf(first), rootOf(position)]
        parents[Math.max(a, b)] = Math.min(a, b)
      }
    }
  })
  const chains = new Map<number, number[]>()
  messages.forEach((_, position) => {
    const root = rootOf(position)
    const chain = chains.get(root)
    if (chain === undefined) chains.set(root, [position])
    else chain.push(position)
  })
  return [...chains.values()]
}
