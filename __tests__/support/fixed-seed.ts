import * as fc from 'fast-check'

/** The usual run repeats the same cases, so that a change is judged by itself; the long run looks for new ones. */
if (!process.env.WAYBILL_LONG) fc.configureGlobal({ seed: 20261123 })
