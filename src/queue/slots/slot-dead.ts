import { QueueError } from '../../errors'
import type { DeadFilter, DeadLetter, DeadLetters, Queue } from '../queue'

/** `2/17`: number 17 of the third server. */
export const withServer = (server: number, id: string): string => `${server}/${id}`
export function readServer(name: string): { readonly server: number; readonly id: string } {
  const slash = name.indexOf('/')
  return { server: slash > 0 ? Number(name.slice(0, slash)) : -1, id: name.slice(slash + 1) }
}

/** Dead letters of several servers as one list. */
export function createSlotDead(servers: readonly Queue[]): DeadLetters {
  const filterOf = (filter: DeadFilter, server: number): DeadFilter =>
    filter.ids === undefined
      ? filter
      : {
          ...filter,
          ids: filter.ids
            .map(readServer)
            .filter((one) => one.server === server)
            .map(({ id }) => id),
        }
  const sum = async (ask: (dead: DeadLetters, server: number) => Promise<number>): Promise<number> => {
    const counts = await Promise.all(servers.map(({ dead }, server) => ask(dead, server)))
    return counts.reduce((total, count) => total + count, 0)
  }
  const count = (filter: DeadFilter) => sum((dead, server) => dead.count(filterOf(filter, server)))

  async function change(
    how: 'replay' | 'drop',
    filter: DeadFilter,
    expected: number | undefined,
  ): Promise<number> {
    const found = expected === undefined ? undefined : await count(filter)
    if (found !== expected)
      throw new QueueError(
        'DEAD_LETTERS_CHANGED',
        `there are ${found} dead letters now, not ${expected}; nothing was changed. Count them again.`,
      )
    return sum((dead, server) => dead[how](filterOf(filter, server)))
  }

  return {
    async list(filter, { limit = 100, after } = {}) {
      const cursors = after === undefined ? servers.map(() => '') : (JSON.parse(after) as string[])
      const pages = await Promise.all(
        servers.map(({ dead }, server) => {
          const cursor = cursors[server]
          return dead.list(filterOf(filter, server), { limit, ...(cursor && { after: cursor }) })
        }),
      )
      const all = pages
        .flatMap(({ letters }, server) => letters.map((letter): [number, DeadLetter] => [server, letter]))
        .sort(([, a], [, b]) => b.diedAt - a.diedAt)
      const page = all.slice(0, limit)
      for (const [server, { id }] of page) cursors[server] = id
      const isMore = all.length > page.length || pages.some(({ next }) => next !== undefined)
      return {
        letters: page.map(([server, letter]) => ({ ...letter, id: withServer(server, letter.id) })),
        ...(isMore && { next: JSON.stringify(cursors) }),
      }
    },
    count,
    reasons: async () => (await Promise.all(servers.map(({ dead }) => dead.reasons()))).flat(),
    replay: (filter, { expected } = {}) => change('replay', filter, expected),
    drop: (filter, { expected } = {}) => change('drop', filter, expected),
  }
}
