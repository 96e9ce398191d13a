import { emarsysApi } from 'waybill/destinations/emarsys-api'
import { snapshotDestination } from 'waybill/testing'
import { forgetPeople } from '../../../destinations/emarsys-api/people/people'
import { emarsysApiOptions } from './harness-options'

/** The usual run compares with the reference in `destinations.test.ts`. */
const isLong = process.env.WAYBILL_LONG !== undefined

// Without a store, people are kept in the process: each case begins with none.
beforeEach(forgetPeople)

snapshotDestination(emarsysApi, { reference: isLong, ...emarsysApiOptions })
