import type { Account } from './account'
import { type CustomField, fieldName } from './contact-fields'
import type { Contact } from './contacts'
import type { Person } from './person'
import type { Row } from './users-table'

/** A row of the users table as the control plane shows it, with the column names of the vendor. */
export type UserView = {
  readonly id: number
  readonly anonymousId: readonly string[]
  readonly userId: string | null
  readonly primarykey: string | null
  readonly previousPrimaryKeys: readonly string[]
  /** ISO 8601. */
  readonly firstSeen: string
  readonly lastSeen: string
  /** Values that wait for the primary key, by field id; null clears the field. */
  readonly pending: Readonly<Record<string, unknown>>
  /** How many program runs wait for the primary key. */
  readonly waitingPrograms: number
}

/** A contact as the control plane shows it. */
export type ContactView = {
  readonly key: string
  readonly createdAt: string
  readonly fields: readonly { readonly id: number; readonly name: string; readonly value: unknown }[]
}

const userView = (row: Row<Person>): UserView => ({
  id: row.id,
  anonymousId: [...row.anonymousIds],
  userId: row.userId ?? null,
  primarykey: row.primaryKey ?? null,
  previousPrimaryKeys: row.previousPrimaryKeys,
  firstSeen: new Date(row.firstSeen).toISOString(),
  lastSeen: new Date(row.lastSeen).toISOString(),
  pending: Object.fromEntries([...row.state.pending].map(([id, { value }]) => [id, value])),
  waitingPrograms: row.state.waiting.length,
})

const contactView = (contact: Contact, fields: readonly CustomField[]): ContactView => ({
  key: contact.key,
  createdAt: new Date(contact.createdAt).toISOString(),
  fields: [...contact.fields].map(([id, value]) => ({ id, name: fieldName(id, fields), value })),
})

/** The users table, by age of the row. */
export const usersOf = ({ users }: Account): UserView[] => [...users.rows].map(userView)

/** All contacts that the add-on has written. */
export const contactsOf = ({ contacts, configuration }: Account): ContactView[] =>
  contacts.all().map((contact) => contactView(contact, configuration.fields ?? []))

/** Emarsys shows the contacts of the add-on in a segment of its own. */
export const segmentsOf = ({ contacts }: Account): Record<string, string[]> => ({
  'segment.com': contacts.all().map(({ key }) => key),
})
