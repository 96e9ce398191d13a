import { zendeskConnect } from 'waybill/destinations/zendesk-connect'
import { snapshotDestination } from 'waybill/testing'

snapshotDestination(zendeskConnect, { reference: true })
