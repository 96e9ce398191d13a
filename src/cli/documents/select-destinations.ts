import { join } from 'node:path'
import { listDestinations } from 'waybill/destinations'
import type { Definition } from 'waybill/manifest'
import { findDestination } from '../configuration/find-destination'
import type { Terminal } from '../terminal'

/**
 * The destinations that a user names (slugs, or `module#export` as seen from the working directory), or all of this
 * package.
 * @throws ConfigurationError UNKNOWN_DESTINATION.
 */
export const selectDestinations = (
  names: readonly string[] | undefined,
  { workingDirectory }: Terminal,
): Promise<Definition[]> =>
  Promise.all(
    (names ?? listDestinations()).map((name) =>
      findDestination(name, join(workingDirectory, 'package.json')),
    ),
  )
