import { zaius } from 'waybill/destinations/zaius'
import { snapshotDestination } from 'waybill/testing'

snapshotDestination(zaius, { reference: true })
