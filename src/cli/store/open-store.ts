import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import type { Store, StoreReader } from 'waybill/queue'
import { findConfiguration } from '../configuration/find-configuration'
import type { Terminal } from '../terminal'

/** Which store a command is about. */
export type StoreOptions = {
  /** A file, or the address of a PostgreSQL database. Default: `.waybill/waybill.db` beside the configuration. */
  readonly store?: string
  readonly config?: string
  /** How long dead letters are kept, in milliseconds. Default 30 days. */
  readonly keepDead?: number
}

type PostgresModule = {
  openPostgresStore(options: { url: string; deadMs?: number }): Promise<Store>
}

const isDatabase = (store: string): boolean => /^postgres(ql)?:\/\//.test(store)

/** Where deliveries wait that belong to a configuration. */
export const defaultStoreFile = (configurationFile: string): string =>
  join(dirname(configurationFile), '.waybill', 'waybill.db')

/** The store of a command: its file as an absolute path, or the address of its database. */
export function storeOf({ store, config }: StoreOptions, { workingDirectory }: Terminal): string {
  if (store !== undefined) return isDatabase(store) ? store : resolve(workingDirectory, store)
  return defaultStoreFile(resolve(workingDirectory, findConfiguration(config, workingDirectory)))
}

/** An address without its credentials, a file as it is. */
export const storeName = (store: string): string =>
  isDatabase(store) ? store.replace(/\/\/[^@/]*@/, '//') : store

/**
 * Opens the store to put and to work, as its owner where it is a file.
 * @throws QueueError QUEUE_IN_USE, QUEUE_VERSION, QUEUE_UNAVAILABLE, QUEUE_FULL, QUEUE_NOT_DURABLE.
 */
export async function openStore(options: StoreOptions, terminal: Terminal): Promise<Store> {
  const store = storeOf(options, terminal)
  const retention = options.keepDead === undefined ? {} : { deadMs: options.keepDead }
  if (isDatabase(store)) {
    const { openPostgresStore } = require('waybill/queue/postgres') as PostgresModule
    return openPostgresStore({ url: store, ...retention })
  }
  const { openSqliteStore } = require('waybill/queue/sqlite') as typeof import('waybill/queue/sqlite')
  return openSqliteStore({ file: store, ...retention })
}

/**
 * Opens the store to look, beside whoever works on it.
 * @throws ConfigurationError INVALID_CONFIGURATION where there is no such file; QueueError as `openStore`.
 */
export async function openStoreReader(options: StoreOptions, terminal: Terminal): Promise<StoreReader> {
  const store = storeOf(options, terminal)
  if (isDatabase(store)) return readerOf(await openStore(options, terminal))
  if (!existsSync(store))
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `there is no store ${store}; "waybill run" and "waybill work" make one, and --store names another`,
    )
  const { openSqliteReader } = require('waybill/queue/sqlite') as typeof import('waybill/queue/sqlite')
  return openSqliteReader({ file: store })
}

const readerOf = ({ queue, waiting, state, journey, close }: Store): StoreReader => ({
  dead: queue.dead,
  waiting,
  state,
  stats: () => queue.stats(),
  journey,
  close,
})
