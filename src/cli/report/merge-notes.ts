import type { NoteGroup } from './tally'

/** The same note of one or several subscriptions of a connection. */
export type MergedNote = Omit<NoteGroup, 'subscription'> & {
  /** Most frequent first. */
  readonly subscriptions: readonly string[]
}

/** One note for all subscriptions of a connection that say the same; most frequent first. */
export function mergeNotes(notes: readonly NoteGroup[]): MergedNote[] {
  const merged = new Map<string, MergedNote & { subscriptions: string[] }>()
  for (const { subscription, ...note } of notes) {
    const key = JSON.stringify([note.connection, note.field, note.reason])
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { ...note, subscriptions: [subscription] })
    else {
      known.count += note.count
      known.subscriptions.push(subscription)
    }
  }
  return [...merged.values()].sort((one, other) => other.count - one.count)
}
