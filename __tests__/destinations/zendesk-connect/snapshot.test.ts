import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import { snapshotDestination } from 'waybill/testing'

/** Zendesk Connect answered with nothing but the status. */
snapshotDestination(zendeskConnect, {
  reference: true,
  replies: [{ url: '/v2/', reply: { status: 200, body: '' } }],
})
