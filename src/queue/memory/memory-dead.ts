import { QueueError } from '../../errors'
import { isOfDeadFilter } from '../dead-filter'
import type { DeadCount, DeadFilter, DeadLetter, DeadLetters } from '../queue'

/** Dead letters in memory; `onReplay` puts one back, `onGone` is told of each that goes. */
export type MemoryDead = {
  readonly letters: DeadLetters
  add(letter: Omit<DeadLetter, 'id'>): void
  of(filter: DeadFilter): DeadLetter[]
}

export function createMemoryDead(options: {
  readonly onReplay: (letter: DeadLetter) => void
  readonly onGone: (letter: DeadLetter) => void
}): MemoryDead {
  const byId = new Map<string, DeadLetter>()
  let lastId = 0

  const of = (filter: DeadFilter): DeadLetter[] =>
    [...byId.values()].filter((letter) => isOfDeadFilter(filter, letter))

  function takeOut(filter: DeadFilter, expected: number | undefined): DeadLetter[] {
    const letters = of(filter)
    if (expected !== undefined && letters.length !== expected)
      throw new QueueError(
        'DEAD_LETTERS_CHANGED',
        `there are ${letters.length} dead letters now, not ${expected}; nothing was changed. Count them again.`,
      )
    for (const letter of letters) {
      byId.delete(letter.id)
      options.onGone(letter)
    }
    return letters
  }

  return {
    of,
    add(letter) {
      lastId += 1
      byId.set(String(lastId), { id: String(lastId), ...letter })
    },
    letters: {
      async list(filter, { limit = 100, after } = {}) {
        const older = of(filter)
          .filter(({ id }) => after === undefined || Number(id) < Number(after))
          .reverse()
        const letters = older.slice(0, limit)
        const last = letters.at(-1)
        return { letters, ...(older.length > letters.length && last && { next: last.id }) }
      },
      count: async (filter) => of(filter).length,
      async reasons() {
        const counts = new Map<string, DeadCount>()
        for (const { delivery, reason } of byId.values()) {
          const { connection, subscription } = delivery
          const name = JSON.stringify([connection, subscription, reason])
          const count = (counts.get(name)?.count ?? 0) + 1
          counts.set(name, { connection, subscription, reason, count })
        }
        return [...counts.values()]
      },
      async replay(filter, { expected } = {}) {
        const letters = takeOut(filter, expected)
        for (const letter of letters) options.onReplay(letter)
        return letters.length
      },
      drop: async (filter, { expected } = {}) => takeOut(filter, expected).length,
    },
  }
}
