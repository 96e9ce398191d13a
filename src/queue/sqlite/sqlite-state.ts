import type { State } from '../store'
import { fromStoredText, toStoredText } from '../stored-text'
import type { Database } from './database'
import type { GroupCommit } from './group-commit'

/** Reads the state of a store, for the owner and for readers. */
export function createStateReader(database: Database): Pick<State, 'get' | 'keys'> {
  return {
    async get(key) {
      const [row] = database.sql('SELECT value FROM state WHERE key = ?').all(toStoredText(key))
      return row === undefined ? undefined : fromStoredText(String(row[0]))
    },
    async keys(prefix) {
      const rows = database.sql('SELECT key FROM state WHERE key >= ? ORDER BY key').all(toStoredText(prefix))
      return rows.map(([key]) => fromStoredText(String(key))).filter((key) => key.startsWith(prefix))
    },
  }
}

/** State of an owned store; what is set in the tick of a put is in the same commit. */
export function createSqliteState(database: Database, group: GroupCommit, refuse: () => void): State {
  const find = database.sql('SELECT value FROM state WHERE key = ?')
  const set = database.sql(
    'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const remove = database.sql('DELETE FROM state WHERE key = ?')
  return {
    ...createStateReader(database),
    async set(key, value) {
      refuse()
      await group.add(() => set.run(toStoredText(key), toStoredText(value)), 1)
    },
    async replace(key, before, value) {
      refuse()
      const [stored, wanted] = [toStoredText(key), before === undefined ? undefined : toStoredText(before)]
      return group.add(() => {
        const isSame = find.all(stored)[0]?.[0] === wanted
        if (isSame) set.run(stored, toStoredText(value))
        return isSame
      }, 1)
    },
    async delete(key) {
      refuse()
      await group.add(() => remove.run(toStoredText(key)), 1)
    },
  }
}
