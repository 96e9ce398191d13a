import { zaius } from 'waybill/destinations/zaius'
import { snapshotDestination } from 'waybill/testing'

/** The usual run compares with the reference in `destinations.test.ts`. */
const isLong = process.env.WAYBILL_LONG !== undefined

const accepted = { title: 'Accepted', status: 202, timestamp: '2022-06-30T20:59:52.046Z' }

snapshotDestination(zaius, {
  reference: isLong,
  replies: [{ url: '/v3/', reply: { status: 202, body: accepted } }],
})
