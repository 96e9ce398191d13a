import type { VendorInspection } from 'waybill/testing'
import { countByName } from '../count-by-name'
import type { ZendeskConnectEmulator } from './index'

const shownEvents = 2_000

/** What the vendor's pages would show: people, events, messages. `begin` sets up an empty environment. */
export const inspect = (emulator: ZendeskConnectEmulator, begin: () => void): VendorInspection => ({
  emulator,
  tables: [
    {
      id: 'people',
      title: 'People',
      columns: [
        { title: 'User', kind: 'id', value: 'id' },
        { title: 'Email', value: 'fields.email' },
        { title: 'Time zone', value: 'fields.timezone' },
        { title: 'Tokens', kind: 'number', value: 'tokens.length' },
        { title: 'Events', kind: 'number', value: 'events' },
      ],
      rows: () =>
        [...emulator.environment().users.all.values()]
          .map(({ events, unsubscribedCampaigns, ...user }) => ({
            ...user,
            unsubscribedCampaigns: [...unsubscribedCampaigns],
            events: events.length,
            lastEvents: events.slice(-5).map(({ name, at }) => ({ name, at: new Date(at).toISOString() })),
          }))
          .sort((one, other) => other.events - one.events),
    },
    {
      id: 'events',
      title: 'Events',
      columns: [
        { title: 'Event', value: 'event' },
        { title: 'In the last day', value: (row) => (row.seen_in_last_24_hours ? 'yes' : 'no') },
        { title: 'Times seen', kind: 'number', value: 'times_seen' },
      ],
      rows: () => emulator.environment().events.rows(Date.now()),
    },
    {
      id: 'messages',
      title: 'Messages',
      columns: [
        { title: 'User', kind: 'id', value: 'user' },
        { title: 'Campaign', value: 'campaign' },
        { title: 'Text', value: 'text' },
      ],
      rows: () => emulator.environment().deliveries.slice(-shownEvents).reverse(),
    },
  ],
  thrownAway: () =>
    countByName(emulator.environment().warnings.map((warning) => warning.replace(': unknown key ', '.'))),
  empty() {
    emulator.reset()
    begin()
  },
})
