import type { Database, SqlRow, SqlValue } from './database'

/** How many rows one step looks at, so that no step stops the process for long. */
const windowSize = 10_000

/** Lets the process do something else between two steps. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export type Conditions = {
  readonly sql: readonly string[]
  readonly values: readonly SqlValue[]
  /** An index finds the rows, so that the whole table is one step. */
  readonly isIndexed?: boolean
}

export type Scan = {
  readonly table: 'job' | 'dead'
  readonly key: 'seq' | 'id'
  /** What is selected; the key is its first column. */
  readonly select: string
  /** Values of what is selected. */
  readonly selected?: readonly SqlValue[]
  readonly where: Conditions
  readonly direction: 'up' | 'down'
  /** Not this key and nothing before it. */
  readonly after?: number
  /** Appended after the conditions, for example to group. */
  readonly suffix?: string
  /** At most this many rows a step. */
  readonly limit?: number
}

/** Rows in the order of their key, window by window of the keys. What changes meanwhile may be seen or not. */
export async function* scan(
  database: Database,
  { table, key, select, where, selected = [], direction, after, suffix = '', limit }: Scan,
): AsyncGenerator<SqlRow[]> {
  const [edges] = database.sql(`SELECT min(${key}), max(${key}) FROM ${table}`).all()
  if (edges?.[0] == null || edges[1] == null) return
  let low = Number(edges[0])
  let high = Number(edges[1])
  if (after !== undefined) {
    if (direction === 'up') low = Math.max(low, after + 1)
    else high = Math.min(high, after - 1)
  }
  const conditions = [`${table}.${key} BETWEEN ? AND ?`, ...where.sql].join(' AND ')
  const order = suffix === '' ? `ORDER BY ${table}.${key} ${direction === 'up' ? 'ASC' : 'DESC'}` : suffix
  const statement = database.sql(
    `SELECT ${select} FROM ${table} WHERE ${conditions} ${order}${limit === undefined ? '' : ' LIMIT ?'}`,
  )
  while (low <= high) {
    const size = where.isIndexed ? Number.POSITIVE_INFINITY : windowSize
    const from = direction === 'up' ? low : Math.max(low, high - size + 1)
    const to = direction === 'up' ? Math.min(high, low + size - 1) : high
    const rows = statement.all(
      ...selected,
      from,
      to,
      ...where.values,
      ...(limit === undefined ? [] : [limit]),
    )
    yield rows
    if (limit !== undefined && rows.length === limit) {
      const last = Number(rows.at(-1)?.[0])
      if (direction === 'up') low = last + 1
      else high = last - 1
    } else if (direction === 'up') low = to + 1
    else high = from - 1
    await pause()
  }
}
