import { emarsys } from 'waybill/destinations/emarsys'
import { snapshotDestination } from 'waybill/testing'

snapshotDestination(emarsys, { reference: true, framework: { describe, test, expect } })
