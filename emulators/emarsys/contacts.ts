import type { FieldValue } from './convert-value'

/** A value on its way into a field; null clears it. */
export type FieldWrite = {
  readonly fieldId: number
  readonly value: FieldValue | null
  /** When the message happened, in milliseconds since the epoch, and in which order it arrived. */
  readonly time: number
  readonly arrival: number
}

/** A contact of the account. */
export type Contact = {
  /** Value of the key field, as first written. */
  readonly key: string
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly createdAt: number
  readonly fields: ReadonlyMap<number, FieldValue>
}

/** The newest write of each field: messages come out of order, and an old value must not hide a new one. */
export type FieldWrites = Map<number, FieldWrite>

/** Takes a write unless a newer one is there. */
export function addWrite(writes: FieldWrites, write: FieldWrite): void {
  const known = writes.get(write.fieldId)
  if (known === undefined || isNewer(write, known)) writes.set(write.fieldId, write)
}

const isNewer = (a: FieldWrite, b: FieldWrite): boolean =>
  a.time > b.time || (a.time === b.time && a.arrival > b.arrival)

type Entry = { readonly key: string; readonly createdAt: number; readonly writes: FieldWrites }

/** The contacts that the add-on has written, by primary key, and the segment in which the vendor shows them. */
export function createContacts(keyFieldId: () => number, comparable: (key: string) => string) {
  const entries = new Map<string, Entry>()

  function ensure(key: string, now: number): Entry {
    const known = entries.get(comparable(key))
    if (known !== undefined) return known
    const entry: Entry = { key, createdAt: now, writes: new Map() }
    entries.set(comparable(key), entry)
    return entry
  }

  function contactOf({ key, createdAt, writes }: Entry): Contact {
    const fields = new Map<number, FieldValue>()
    for (const { fieldId, value } of writes.values()) if (value !== null) fields.set(fieldId, value)
    // The key field is always written, whatever is mapped to it.
    return { key, createdAt, fields: fields.set(keyFieldId(), key) }
  }

  return {
    /** Creates the contact if it is not there, and writes what is newer than what it has. */
    write(key: string, writes: Iterable<FieldWrite>, now: number): void {
      const entry = ensure(key, now)
      for (const write of writes) addWrite(entry.writes, write)
    },
    remove: (key: string): boolean => entries.delete(comparable(key)),
    get(key: string): Contact | undefined {
      const entry = entries.get(comparable(key))
      return entry && contactOf(entry)
    },
    all: (): Contact[] => [...entries.values()].map(contactOf),
  }
}
