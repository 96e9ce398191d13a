import * as fc from 'fast-check'

const { WAYBILL_LONG, WAYBILL_SEED } = process.env

/**
 * The usual run repeats the same cases, so that a change is judged by itself; the long run looks for new ones. A
 * failure names its seed, which `WAYBILL_SEED` sets again.
 */
if (WAYBILL_SEED || !WAYBILL_LONG) fc.configureGlobal({ seed: Number(WAYBILL_SEED ?? 20261123) })
