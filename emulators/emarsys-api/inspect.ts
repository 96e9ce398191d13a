import type { VendorInspection } from 'waybill/testing'
import type { EmarsysApiEmulator } from './index'

const email = 3
const shownEvents = 2_000

/** What the vendor's pages would show: contacts with their fields by name, and the external events that were triggered. */
export const inspect = (emulator: EmarsysApiEmulator): VendorInspection => {
  const { account } = emulator
  const nameOf = (id: number): string => account.fields.get(id)?.name ?? String(id)
  const emailOf = (id: number): unknown => account.contacts.get(id)?.values.get(email)
  return {
    emulator,
    tables: [
      {
        id: 'contacts',
        title: 'Contacts',
        columns: [
          { title: 'Email', kind: 'id', value: 'email' },
          { title: 'Id', value: 'id' },
          { title: 'Fields', kind: 'number', value: (row) => Object.keys(row.fields as object).length },
        ],
        rows: () =>
          [...account.contacts.values()].map(({ id, uid, values }) => ({
            email: values.get(email),
            id,
            uid,
            fields: Object.fromEntries([...values].map(([field, value]) => [nameOf(field), value])),
          })),
      },
      {
        id: 'events',
        title: 'External events',
        columns: [
          { title: 'Event', value: (row) => account.events.get(row.eventId as number)?.name ?? row.eventId },
          { title: 'Contact', kind: 'id', value: 'email' },
        ],
        rows: () =>
          account.triggered
            .slice(-shownEvents)
            .reverse()
            .map((event) => ({ ...event, email: emailOf(event.contact) })),
      },
    ],
  }
}
