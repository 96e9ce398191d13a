export { migratePostgresStore, openPostgresStore, type PostgresStoreOptions } from './open-postgres-store'
export type { PostgresOptions, TlsOptions } from './postgres-options'
