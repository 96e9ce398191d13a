import { createLaneMap } from '../lane-map'
import type { Lane } from '../queue'
import { fromStoredText, toStoredText } from '../stored-text'
import type { Postgres } from './connect'

export type PostgresLane = Lane & { readonly id: number; readonly connectionId: number }

/** The lanes of a store; other processes may make some at any time. */
export type PostgresLanes = {
  /** Makes those that are missing. */
  of(lanes: readonly Lane[]): Promise<PostgresLane[]>
  known(lane: Lane): PostgresLane | undefined
  byIds(ids: Iterable<number>): Promise<ReadonlyMap<number, PostgresLane>>
  all(): Promise<readonly PostgresLane[]>
}

type Row = { id: number; connection: number; name: string; subscription: string }

export function createPostgresLanes({ query }: Postgres, s: string): PostgresLanes {
  const lanes = createLaneMap<PostgresLane>()
  const ids = new Map<number, PostgresLane>()
  const everyLane = `SELECT l.id, l.connection, c.name, l.subscription FROM ${s}.lane l JOIN ${s}.connection c ON c.id = l.connection`

  function learn({ id, connection, name, subscription }: Row): void {
    if (ids.has(id)) return
    const lane = {
      id,
      connectionId: connection,
      connection: fromStoredText(name),
      subscription: fromStoredText(subscription),
    }
    ids.set(id, lane)
    lanes.set(lane, lane)
  }

  async function load(): Promise<void> {
    for (const row of await query<Row>(everyLane)) learn(row)
  }

  async function create({ connection, subscription }: Lane): Promise<void> {
    const values = [toStoredText(connection), toStoredText(subscription)]
    await query(`INSERT INTO ${s}.connection (name) VALUES ($1) ON CONFLICT DO NOTHING`, values.slice(0, 1))
    await query(
      `INSERT INTO ${s}.lane (connection, subscription) SELECT id, $2 FROM ${s}.connection WHERE name = $1
       ON CONFLICT DO NOTHING`,
      values,
    )
    for (const row of await query<Row>(`${everyLane} WHERE c.name = $1 AND l.subscription = $2`, values))
      learn(row)
  }

  return {
    known: (lane) => lanes.get(lane),
    async of(wanted) {
      for (const lane of wanted) if (lanes.get(lane) === undefined) await create(lane)
      return wanted.map((lane) => lanes.get(lane) as PostgresLane)
    },
    async byIds(wanted) {
      for (const id of wanted)
        if (!ids.has(id)) {
          await load()
          break
        }
      return ids
    },
    async all() {
      await load()
      return [...ids.values()]
    },
  }
}
