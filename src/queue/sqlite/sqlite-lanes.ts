import { createLaneMap } from '../lane-map'
import { createLaneTurns } from '../lane-turns'
import type { Lane } from '../queue'
import { fromStoredText, toStoredText } from '../stored-text'
import type { Database } from './database'

/** A lane of the file, with what its owner knows of it. */
export type SqliteLane = Lane & {
  readonly id: number
  readonly connectionId: number
  /** Nothing of the lane is due before; it may be earlier than what really is. */
  nextAt: number
}

/** The lanes of a file; one that is asked for is made. */
export type SqliteLanes = {
  of(lane: Lane): SqliteLane
  byId(id: number): SqliteLane
  all(): Iterable<SqliteLane>
  readonly turns: ReturnType<typeof createLaneTurns<SqliteLane>>
  /** Reads what another process may have made since. */
  load(): void
}

const laneQuery = `SELECT lane.id, connection.id, connection.name, lane.subscription
  FROM lane JOIN connection ON connection.id = lane.connection`

/** The key of a person within a connection, as it stands in the file. */
export const personKey = (connectionId: number, person: string): string =>
  `${connectionId}:${toStoredText(person)}`

export const personOf = (key: string): string => fromStoredText(key.slice(key.indexOf(':') + 1))

export function createSqliteLanes(database: Database): SqliteLanes {
  const lanes = createLaneMap<SqliteLane>()
  const turns = createLaneTurns<SqliteLane>()
  const ids = new Map<number, SqliteLane>()

  function learn(id: number, connectionId: number, connection: string, subscription: string): SqliteLane {
    const known = ids.get(id)
    if (known !== undefined) return known
    const lane = {
      id,
      connectionId,
      connection: fromStoredText(connection),
      subscription: fromStoredText(subscription),
      nextAt: 0,
    }
    ids.set(id, lane)
    lanes.set(lane, lane)
    turns.add(lane)
    return lane
  }

  function create(connection: string, subscription: string): SqliteLane {
    const find = database.sql('SELECT id FROM connection WHERE name = ?')
    const [id, connectionId] = database.transaction(() => {
      if (find.all(connection).length === 0)
        database.sql('INSERT INTO connection (name) VALUES (?)').run(connection)
      const connectionId = Number(find.all(connection)[0]?.[0])
      const [lane] = database
        .sql('INSERT INTO lane (connection, subscription) VALUES (?, ?) RETURNING id')
        .all(connectionId, subscription)
      return [Number(lane?.[0]), connectionId]
    }) as [number, number]
    return learn(id, connectionId, connection, subscription)
  }

  function load(): void {
    for (const [id, connectionId, connection, subscription] of database.sql(laneQuery).all())
      learn(Number(id), Number(connectionId), String(connection), String(subscription))
  }
  load()

  return {
    turns,
    load,
    all: () => ids.values(),
    of: (lane) => lanes.get(lane) ?? create(toStoredText(lane.connection), toStoredText(lane.subscription)),
    byId(id) {
      if (!ids.has(id)) load()
      return ids.get(id) as SqliteLane
    },
  }
}
