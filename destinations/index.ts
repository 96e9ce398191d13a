import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DestinationDefinition } from '@segment/actions-core'
import { ConfigurationError, type DestinationExtensions } from 'waybill'

/** A destination of the catalog: the reference's definition and what waybill adds to it. */
export type CatalogDestination = DestinationDefinition & DestinationExtensions & { slug: string }

/** The slugs of all destinations of this package, in alphabetical order. A folder beside this file is one. */
export function listDestinations(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isDestinationFolder(entry.name))
    .map((entry) => entry.name)
    .sort()
}

/**
 * Loads one destination by its slug (`zendesk-connect`).
 * @throws ConfigurationError UNKNOWN_DESTINATION, with the slugs that exist.
 */
export function loadDestination(slug: string): CatalogDestination {
  if (!/^[a-z0-9-]+$/.test(slug) || !isDestinationFolder(slug))
    throw new ConfigurationError(
      'UNKNOWN_DESTINATION',
      `there is no destination "${slug}" in this package; there are ${listDestinations().join(', ')}`,
    )
  const exported = Object.values(require(`./${slug}`) as Record<string, unknown>)
  const definition = exported.find((value) => (value as { slug?: unknown } | undefined)?.slug === slug)
  if (definition === undefined)
    throw new ConfigurationError(
      'UNKNOWN_DESTINATION',
      `destinations/${slug} exports no definition with the slug "${slug}"`,
    )
  return definition as CatalogDestination
}

const isDestinationFolder = (name: string): boolean =>
  ['index.js', 'index.ts'].some((file) => existsSync(join(__dirname, name, file)))
