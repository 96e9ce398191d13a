import { createHash } from 'node:crypto'
import { createFields, emailField, type Field, type OwnField } from './fields'

export type Contact = {
  readonly id: number
  readonly uid: string
  readonly values: Map<number, string | string[]>
}

/** A trigger that was taken: what the journal of events holds. */
export type TriggeredEvent = {
  readonly eventId: number
  /** Internal id of the contact. */
  readonly contact: number
  readonly externalId: string
  readonly data: unknown
  readonly triggerId?: string
  readonly eventTime?: string
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
}

export type ExternalEvent = {
  readonly id: number
  readonly name: string
  /** Whether anything is attached to it. Default true. */
  readonly isUsed?: boolean
}

export type ContactList = {
  readonly id: number
  readonly name: string
  readonly created: string
  readonly members: Set<number>
}

export type AccountOptions = {
  readonly fields?: readonly OwnField[]
  readonly events?: readonly ExternalEvent[]
  readonly lists?: readonly { readonly id: number; readonly name: string }[]
  readonly interactions?: boolean
}

/** How a key is given: a field, or one of the two ids of the vendor. */
export type Key = Field | 'id' | 'uid'

const uidOf = (id: number): string =>
  createHash('sha1').update(`contact ${id}`).digest('base64url').slice(0, 10)

/** One account: its fields, contacts, lists and events. */
export function createAccount(options: AccountOptions) {
  const fields = createFields(options.fields ?? [])
  const events = new Map((options.events ?? []).map((event) => [event.id, event]))
  const lists = new Map<number, ContactList>(
    (options.lists ?? []).map(({ id, name }) => [
      id,
      { id, name, created: '2024-01-01 00:00:00', members: new Set<number>() },
    ]),
  )
  const contacts = new Map<number, Contact>()
  /** Contacts by field and comparable value, for the fields that were asked for. */
  const indexes = new Map<number, Map<string, Set<number>>>()
  const triggered: TriggeredEvent[] = []
  const triggerIds = new Set<string>()
  const unsubscriptions: { contact: number; campaign: string }[] = []
  let nextId = 1000

  const comparable = (field: number, value: string | string[]): string =>
    field === emailField ? String(value).toLowerCase() : String(value)

  function indexOf(field: number): Map<string, Set<number>> {
    const known = indexes.get(field)
    if (known !== undefined) return known
    const made = new Map<string, Set<number>>()
    indexes.set(field, made)
    for (const contact of contacts.values()) addToIndex(made, field, contact)
    return made
  }

  function addToIndex(index: Map<string, Set<number>>, field: number, { id, values }: Contact): void {
    const value = values.get(field)
    if (value === undefined) return
    const key = comparable(field, value)
    index.set(key, (index.get(key) ?? new Set()).add(id))
  }

  function write(contact: Contact, field: number, value: string | string[] | null): void {
    const index = indexes.get(field)
    const former = contact.values.get(field)
    if (index !== undefined && former !== undefined) index.get(comparable(field, former))?.delete(contact.id)
    if (value === null || value === '') contact.values.delete(field)
    else contact.values.set(field, value)
    if (index !== undefined) addToIndex(index, field, contact)
  }

  return {
    fields,
    events,
    lists,
    contacts: contacts as ReadonlyMap<number, Contact>,
    triggered: triggered as readonly TriggeredEvent[],
    unsubscriptions,
    interactions: options.interactions === true,
    /** The key that a request names by number, name or string id; undefined when there is none. */
    keyOf(given: unknown): Key | undefined {
      const text = String(given)
      if (text === 'id' || text === 'uid') return text
      for (const field of fields.values())
        if (String(field.id) === text || (text !== '' && (field.stringId === text || field.name === text)))
          return field
      return undefined
    },
    find(key: Key, value: string): Contact[] {
      if (key === 'id') return [contacts.get(Number(value))].filter((contact) => contact !== undefined)
      if (key === 'uid') return [...contacts.values()].filter(({ uid }) => uid === value)
      const ids = indexOf(key.id).get(comparable(key.id, value)) ?? []
      return [...ids].flatMap((id) => contacts.get(id) ?? [])
    },
    create(): Contact {
      const id = nextId++
      const contact = { id, uid: uidOf(id), values: new Map() }
      contacts.set(id, contact)
      return contact
    },
    write,
    remove({ id, values }: Contact): void {
      contacts.delete(id)
      for (const [field, value] of values) indexes.get(field)?.get(comparable(field, value))?.delete(id)
      for (const list of lists.values()) list.members.delete(id)
    },
    addList(name: string, created: string): ContactList {
      const id = Math.max(0, ...lists.keys()) + 1
      const list = { id, name, created, members: new Set<number>() }
      lists.set(id, list)
      return list
    },
    /** Records a trigger; one whose id was seen for the event is not processed again. */
    trigger(event: TriggeredEvent): void {
      const { triggerId, eventId } = event
      if (triggerId !== undefined) {
        const seen = `${eventId} ${triggerId}`
        if (triggerIds.has(seen)) return
        triggerIds.add(seen)
      }
      triggered.push(event)
    },
  }
}

export type Account = ReturnType<typeof createAccount>
