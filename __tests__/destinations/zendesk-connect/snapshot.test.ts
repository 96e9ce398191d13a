import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import { snapshotDestination } from 'waybill/testing'

/** The usual run compares with the reference in `destinations.test.ts`. */
const isLong = process.env.WAYBILL_LONG !== undefined

/** Zendesk Connect answered with nothing but the status. */
snapshotDestination(zendeskConnect, {
  reference: isLong,
  replies: [{ url: '/v2/', reply: { status: 200, body: '' } }],
})
