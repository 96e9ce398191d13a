import type { VendorInspection } from 'waybill/testing'
import { countByName } from '../count-by-name'
import { attributesOf } from './customers'
import type { ZaiusEmulator } from './index'

const shownEvents = 2_000

/** What ODP would show: customers, events, orders, and what it drops without a word. `begin` sets up an empty account. */
export const inspect = (emulator: ZaiusEmulator, begin: () => void): VendorInspection => ({
  emulator,
  tables: [
    {
      id: 'customers',
      title: 'Customers',
      columns: [
        { title: 'Customer', kind: 'id', value: 'zaius_id' },
        {
          title: 'User',
          kind: 'id',
          value: (row) => row.segment_user_id ?? row.customer_id ?? row.segment_anonymous_id,
        },
        { title: 'Email', value: 'email' },
        { title: 'Fields', kind: 'number', value: (row) => Object.keys(row).length },
      ],
      rows: () =>
        emulator.account.customers
          .all()
          .map((customer) => ({ zaius_id: customer.zaiusId, ...attributesOf(customer) })),
    },
    {
      id: 'events',
      title: 'Events',
      columns: [
        { title: 'Type', value: 'type' },
        { title: 'Action', value: 'action' },
        { title: 'Customer', kind: 'id', value: 'zaiusId' },
        { title: 'Time', kind: 'time', value: 'ts' },
      ],
      rows: () => emulator.account.events().slice(-shownEvents).reverse(),
    },
    {
      id: 'orders',
      title: 'Orders',
      columns: [
        { title: 'Order', kind: 'id', value: 'order_id' },
        { title: 'Status', value: 'status' },
        { title: 'Customer', kind: 'id', value: 'zaiusId' },
        { title: 'Subtotal', kind: 'number', value: 'subtotal' },
      ],
      rows: () => emulator.account.orders.all().slice(-shownEvents).reverse(),
    },
  ],
  thrownAway: () =>
    countByName(
      emulator.account.sideLog
        .filter(({ kind }) => kind !== 'repeated-idempotence-id')
        .map(({ object, name }) => `${object}.${name}`),
    ),
  empty() {
    emulator.reset()
    begin()
  },
})
