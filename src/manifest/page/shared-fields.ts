import { isSame } from '../difference/change'
import type { DestinationManifest, FieldManifest, FieldsManifest } from '../manifest'

/** What so many actions have in common is told once. */
const minimumActions = 3

/** Fields that at least three actions have in the same words and with the same default. */
export function sharedFields({ actions }: DestinationManifest): FieldsManifest {
  const all = Object.values(actions).map(({ fields }) => fields)
  const shared: Record<string, FieldManifest> = {}
  for (const fields of all)
    for (const [key, field] of Object.entries(fields)) {
      const count = all.filter((other) => isSame(other[key], field)).length
      if (count >= minimumActions) shared[key] ??= field
    }
  return shared
}

/** The fields of an action that are its own, and the keys of those that are shared. */
export function splitFields(fields: FieldsManifest, shared: FieldsManifest) {
  const isShared = ([key, field]: [string, FieldManifest]): boolean => isSame(shared[key], field)
  const entries = Object.entries(fields)
  return {
    own: Object.fromEntries(entries.filter((entry) => !isShared(entry))) as FieldsManifest,
    sharedKeys: entries.filter(isShared).map(([key]) => key),
  }
}
