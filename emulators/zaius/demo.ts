import { deliveredBy, type StartDemoVendor, type VendorView } from 'waybill/testing'
import { formatCount, plural } from '../format'
import { startZaiusEmulator } from './index'
import { inspect } from './inspect'

/** What Engage computes in the examples; the account has customer fields for it. */
const audience = 'big_spenders'
const computedTrait = 'total_spent_90_days'

const shownEvents = 8
const shownFields = 5

/** How often each of some names occurs, most frequent first. */
function frequencies(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}

/** `7 more names`, as a list: an empty one when all are shown. */
const theRest = (all: readonly unknown[], shown: number, what: string): string[] =>
  all.length > shown ? [`${formatCount(all.length - shown)} more ${what}`] : []

/** Zaius for the demo: an account with the fields that it came with, and two for Engage. */
export const startDemoVendor: StartDemoVendor = async () => {
  const emulator = await startZaiusEmulator()
  const addFields = (): void => {
    const { schema } = emulator.account
    schema.addField('customers', audience, 'boolean')
    schema.addField('customers', computedTrait, 'number')
  }
  addFields()

  function customersView(): VendorView {
    const customers = emulator.account.customers.all()
    const known = customers.filter(({ identifiers }) => identifiers.has('email')).length
    const values = customers.map(({ fields }) => fields.get(audience)?.value)
    const count = (value: boolean) => formatCount(values.filter((member) => member === value).length)
    const lines = [
      `${plural(customers.length, 'customer')}: ${formatCount(known)} known by email address, ${formatCount(customers.length - known)} still anonymous`,
      `Audience "${audience}", a customer field: true for ${count(true)}, false for ${count(false)} who left it`,
    ]
    return { title: 'Customers', lines }
  }

  function eventsView(): VendorView {
    const kinds = frequencies(
      emulator.account.events().map(({ type, action }) => [type, action].filter(Boolean).join(' / ')),
    )
    return {
      title: 'Events',
      table: {
        columns: ['type / action', 'events'],
        rows: kinds.slice(0, shownEvents),
        hiddenRows: Math.max(0, kinds.length - shownEvents),
      },
    }
  }

  function ordersView(): VendorView {
    const orders = emulator.account.orders.all()
    const given = orders.filter(({ status }) => status !== 'open').length
    const left = orders.reduce((sum, { subtotal }) => sum + subtotal, 0)
    const line = `${plural(orders.length, 'order')} over ${formatCount(left)} in all, ${formatCount(given)} of them refunded or canceled; each line is an event`
    return { title: 'Orders', lines: [line] }
  }

  function droppedView(): VendorView {
    const names = emulator.account.sideLog.flatMap(({ kind, name }) =>
      kind === 'unknown-field' ? [name] : [],
    )
    const fields = frequencies(names)
    const shown = fields.slice(0, shownFields).map(([name, count]) => `${name} (${formatCount(count)})`)
    const list = [...shown, ...theRest(fields, shownFields, 'names')].join(', ')
    return {
      title: 'Thrown away',
      lines: [`Dropped by Zaius without a word, for want of a field of that name: ${list}`],
    }
  }

  /** Lines of an order are events of their own, with the id of the call that they came with. */
  const storedCalls = () => new Set(emulator.account.events().map(({ fields }) => fields.idempotence_id)).size
  const acceptedObjects = () =>
    emulator.requests
      .filter(({ status }) => status === 202)
      .reduce((sum, { body }) => sum + (JSON.parse(body.toString()) as unknown[]).length, 0)

  return {
    name: 'Zaius',
    url: emulator.url,
    environment: { ZAIUS_TRACKING_ID: emulator.publicKey },
    settings: { endpoint: emulator.url },
    inspection: inspect(emulator, addFields),
    views: () => [customersView(), ordersView(), eventsView(), droppedView()],
    checks: (totals) => [
      { what: 'objects accepted', expected: deliveredBy(totals), actual: acceptedObjects() },
      {
        what: 'events stored',
        expected: deliveredBy(totals) - deliveredBy(totals, 'Customers'),
        actual: storedCalls(),
      },
    ],
    close: () => emulator.close(),
  }
}
