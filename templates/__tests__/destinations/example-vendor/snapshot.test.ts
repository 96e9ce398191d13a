import { snapshotDestination } from 'waybill/testing'
import { exampleVendor } from '../../../destinations/example-vendor'

snapshotDestination(exampleVendor)
