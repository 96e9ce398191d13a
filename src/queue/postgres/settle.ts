import type { Settlement } from '../queue'
import { toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { createGather } from './gather'
import { type PostgresCore, readLease } from './postgres-core'

const kinds = { done: 0, again: 1, dead: 2, release: 3 } as const

/** The columns of the statement: seq, lease, kind, delay, unknown, record, reason, outcome. */
function toRow(item: Settlement): readonly unknown[] {
  const { seq, token } = readLease(item.lease) ?? { seq: '0', token: '0' }
  const afterMs = item.kind === 'again' || item.kind === 'release' ? timeAfter(0, item.afterMs) : 0
  const isUnknown =
    item.kind === 'again' ? item.unknown : item.kind === 'dead' && item.outcome.kind === 'unknown'
  const isDead = item.kind === 'dead'
  return [
    ...[seq, token, kinds[item.kind], afterMs, isUnknown],
    item.kind === 'again' ? JSON.stringify(item.record) : null,
    isDead ? toStoredText(item.reason) : null,
    isDead ? JSON.stringify(item.outcome) : null,
  ]
}

/** Ends claims; see `Queue.settle`. */
export function createSettle({ postgres: { query }, s, wake, tell }: PostgresCore) {
  const statement = `SELECT ${s}.settle($1,$2,$3,$4,$5,$6,$7,$8) AS seq`

  async function send(items: readonly Settlement[]): Promise<boolean[]> {
    const rows = items.map(toRow)
    const columns = Array.from({ length: 8 }, (_, column) => rows.map((row) => row[column]))
    const settled = new Set((await query<{ seq: number }>(statement, columns)).map(({ seq }) => String(seq)))
    return items.map(({ lease }) => settled.has(readLease(lease)?.seq ?? ''))
  }
  const gather = createGather(withoutRepeats(send))

  return async (items: readonly Settlement[]): Promise<{ late: string[] }> => {
    if (items.length === 0) return { late: [] }
    const settled = await gather(items)
    wake.wake()
    if (items.some(({ kind }) => kind !== 'done')) tell()
    return { late: items.filter((_, index) => !settled[index]).map(({ lease }) => lease) }
  }
}

/** A lease that is settled twice at once is late the second time; another claim of the same delivery is kept apart. */
function withoutRepeats(send: (items: readonly Settlement[]) => Promise<boolean[]>) {
  return async (items: readonly Settlement[]): Promise<boolean[]> => {
    const results = items.map(() => false)
    let rest = items.map((item, index) => ({ item, index, seq: readLease(item.lease)?.seq ?? '' }))
    while (rest.length > 0) {
      const seqs = new Set<string>()
      const now = rest.filter(({ seq }) => !seqs.has(seq) && seqs.add(seq))
      const later = rest.filter((one) => !now.includes(one))
      const sent = await send(now.map(({ item }) => item))
      now.forEach(({ index }, position) => {
        results[index] = sent[position] ?? false
      })
      rest = later
    }
    return results
  }
}
