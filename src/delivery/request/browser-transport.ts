import { createFetchTransport } from './fetch-transport'
import type { Transport } from './transport'

/**
 * Stands in the place of `undici-transport` in bundles for browsers (field `browser` of package.json), where there
 * are no sockets to pool.
 */
export const createUndiciTransport = (): Transport => createFetchTransport(() => globalThis.fetch)
