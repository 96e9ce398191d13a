import { listDestinations, loadDestination } from 'waybill/destinations'
import { testDestination } from 'waybill/testing'

/** The folder is the registration: a destination that is there is held to every promise. */
for (const slug of listDestinations()) testDestination(loadDestination(slug), { reference: true })
