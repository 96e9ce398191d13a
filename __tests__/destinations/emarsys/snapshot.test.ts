import { emarsys } from 'waybill/destinations/emarsys'
import { snapshotDestination } from 'waybill/testing'

/** The usual run compares with the reference in `destinations.test.ts`. */
const isLong = process.env.WAYBILL_LONG !== undefined

snapshotDestination(emarsys, { reference: isLong, framework: { describe, test, expect } })
