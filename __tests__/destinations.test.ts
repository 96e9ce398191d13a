import { listDestinations, loadDestination } from 'waybill/destinations'
import { type HarnessOptions, testDestination } from 'waybill/testing'
import { emarsysApiOptions } from './destinations/emarsys-api/harness-options'

/** What the kit cannot know of a destination, by slug. */
const optionsOf: Readonly<Record<string, HarnessOptions>> = { 'emarsys-api': emarsysApiOptions }

/** The folder is the registration: a destination that is there is held to every promise. */
for (const slug of listDestinations())
  testDestination(loadDestination(slug), { reference: true, ...optionsOf[slug] })
