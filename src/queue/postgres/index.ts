export type { PostgresOptions } from './connect'
export { migratePostgresStore, openPostgresStore, type PostgresStoreOptions } from './open-postgres-store'
