import { testDestination } from 'waybill/testing'
import { exampleVendor } from '../../../destinations/example-vendor'

testDestination(exampleVendor)
