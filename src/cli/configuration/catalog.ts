import type { Connection } from 'waybill'

type Definition = Connection['destination']

/** A destination of a package that holds many. */
export type CatalogEntry = {
  /** Its id in the package's manifest. */
  readonly id: string
  /** The names it is found by, the one to show first: its folder or slug, then the others. */
  readonly names: readonly string[]
  readonly definition: Definition
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const prefix = 'actions-'

function entryOf(id: string, value: unknown): CatalogEntry | undefined {
  if (!isObject(value) || !isObject(value.definition) || !isObject(value.definition.actions)) return undefined
  const { slug } = value.definition
  const names = [value.directory, slug, typeof slug === 'string' && slug.replace(prefix, ''), id]
  return {
    id,
    names: [...new Set(names.filter((name) => typeof name === 'string' && name !== ''))] as string[],
    definition: value.definition as unknown as Definition,
  }
}

/**
 * The destinations of a package that exports a `manifest` of them by id, as `@segment/action-destinations` does;
 * undefined for any other module.
 */
export function catalogOf(loaded: unknown): readonly CatalogEntry[] | undefined {
  const manifest = isObject(loaded) ? loaded.manifest : undefined
  if (!isObject(manifest)) return undefined
  const entries = Object.entries(manifest).flatMap(([id, value]) => entryOf(id, value) ?? [])
  return entries.length === 0 ? undefined : entries
}

/** The entry of a name: of its slug, folder or id; a name that is the slug of one wins over the folder of another. */
export function findInCatalog(catalog: readonly CatalogEntry[], name: string): CatalogEntry | undefined {
  return (
    catalog.find(({ id, definition }) => id === name || definition.slug === name) ??
    catalog.find(({ names }) => names.includes(name))
  )
}
