export { openSqliteReader } from './open-sqlite-reader'
export { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store'
