import { isDeepStrictEqual } from 'node:util'
import type { Connection } from 'waybill'

const nameOf = ({ name, destination }: Connection): string => name ?? destination.slug ?? destination.name

const parts = ['settings', 'subscriptions', 'filter', 'enabled', 'ordering', 'limits'] as const

/** What differs between two configurations, in words, by connection. */
export function connectionChanges(former: readonly Connection[], next: readonly Connection[]): string[] {
  const before = new Map(former.map((connection) => [nameOf(connection), connection]))
  const after = new Set(next.map(nameOf))
  const removed = [...before.keys()].filter((name) => !after.has(name)).map((name) => `${name} was removed`)
  const others = next.flatMap((connection) => {
    const name = nameOf(connection)
    const known = before.get(name)
    if (known === undefined) return [`${name} was added`]
    const changed = parts.filter((part) => !isDeepStrictEqual(known[part], connection[part]))
    return changed.length === 0 ? [] : [`${changed.join(', ')} of ${name}`]
  })
  return [...removed, ...others]
}
