import type { VendorInspection } from 'waybill/testing'
import { countByName } from '../count-by-name'
import type { EmarsysEmulator } from './index'
import { contactsOf, usersOf } from './views'

/** What the vendor's pages would show: the add-on's users table, contacts, and the programs that were started. */
export const inspect = (emulator: EmarsysEmulator): VendorInspection => ({
  emulator,
  tables: [
    {
      id: 'users',
      title: 'Users table',
      columns: [
        { title: 'Primary key', kind: 'id', value: 'primarykey' },
        { title: 'User', kind: 'id', value: 'userId' },
        { title: 'Last seen', kind: 'time', value: 'lastSeen' },
        { title: 'Anonymous ids', kind: 'number', value: 'anonymousId.length' },
        {
          title: 'Waiting values',
          kind: 'number',
          value: (row) => Object.keys(row.pending as object).length,
        },
      ],
      // Those with a key first: the others are visitors whom nobody has named yet.
      rows: () =>
        usersOf(emulator.account()).sort(
          (one, other) => Number(other.primarykey !== null) - Number(one.primarykey !== null),
        ),
    },
    {
      id: 'contacts',
      title: 'Contacts',
      columns: [
        { title: 'Key', kind: 'id', value: 'key' },
        { title: 'Since', kind: 'time', value: 'createdAt' },
        { title: 'Fields', kind: 'number', value: 'fields.length' },
      ],
      rows: () => contactsOf(emulator.account()),
    },
    {
      id: 'programs',
      title: 'Programs',
      columns: [
        { title: 'Program', kind: 'id', value: 'programId' },
        { title: 'Contact', kind: 'id', value: 'primaryKey' },
        { title: 'Event time', kind: 'time', value: 'eventTime' },
      ],
      rows: () => [...emulator.account().programs].reverse(),
    },
  ],
  thrownAway: () =>
    countByName(emulator.account().journal.flatMap(({ dropped }) => dropped.map(({ from }) => String(from)))),
  empty: () => emulator.account().reset(),
})
