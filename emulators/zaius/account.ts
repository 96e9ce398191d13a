import { attributesOf, type Customer, createCustomers } from './customers'
import { type StoredEvent, storedEvent } from './events'
import { createLists } from './lists'
import { createOrders, linesOf } from './orders'
import { createSchema, type SchemaObject } from './schema'
import { createStanding } from './standing'
import { isIdentifierValue } from './validate-item'
import { isObject, readTime, type Values } from './values'

const maxTextLength = 1024

/** Something that ODP does without telling the sender. */
export type SideNote = {
  readonly kind:
    | 'unknown-field'
    | 'unknown-identifier'
    | 'nested-value'
    | 'long-text'
    | 'repeated-idempotence-id'
    | 'no-customer'
  readonly object: SchemaObject
  /** The field or identifier; for a repeated idempotence id, the id. */
  readonly name: string
}

/** A deletion, or an opt-out of the sale of data. */
export type ComplianceRequest = {
  readonly id: string
  readonly law: string
  readonly what: 'delete' | 'optout'
  readonly identifier: string
  readonly value: string
}

/** One ODP account: its schema, customers, events, orders and lists. Writes may be asked to lag. */
export function createAccount(visibleAfterMs: number) {
  const schema = createSchema()
  const customers = createCustomers((name) => schema.identifiers.get(name))
  const orders = createOrders()
  const events: StoredEvent[] = []
  const products = new Map<string, Record<string, unknown>>()
  const records = new Map<string, Map<string, Record<string, unknown>>>([['products', products]])
  const compliance: ComplianceRequest[] = []
  const metadata = new Map<string, { values: Values; updatedAt: number }>()
  const modules = new Set<string>()
  const sideLog: SideNote[] = []
  const idempotenceIds = new Set<unknown>()
  const delayed: { due: number; write: () => void }[] = []

  const note = (kind: SideNote['kind'], object: SchemaObject, name: string): void =>
    void sideLog.push({ kind, object, name })

  function add(event: StoredEvent): void {
    events.push(event)
  }
  const lists = createLists((type, action, fields, customer, now) =>
    add(storedEvent(type, action, fields, now, customer.zaiusId)),
  )
  const standing = createStanding((type, action, fields, customer, now) =>
    add(storedEvent(type, action, fields, now, customer.zaiusId)),
  )

  /** The identifiers that the account knows, of those that were sent. */
  function knownIdentifiers(given: Values, object: SchemaObject): Record<string, string> {
    const known: Record<string, string> = {}
    for (const [name, value] of Object.entries(given))
      if (!schema.identifiers.has(name)) note('unknown-identifier', object, name)
      else if (isIdentifierValue(value)) known[name] = value
    return known
  }

  /** What has a field and a value that a field can hold; the rest goes to the side log. */
  function storable(object: SchemaObject, values: Values): Record<string, unknown> {
    const { known, unknown } = schema.sort(object, values)
    for (const name of unknown) note('unknown-field', object, name)
    for (const [name, value] of Object.entries(known)) {
      if (typeof value === 'object' && value !== null) {
        note('nested-value', object, name)
        delete known[name]
      } else if (typeof value === 'string' && [...value].length > maxTextLength)
        note('long-text', object, name)
    }
    return known
  }

  function writeProfile({ attributes }: Values): void {
    const names = Object.entries(attributes as Values)
    const own = names.filter(([name]) => schema.identifiers.has(name))
    const customer = customers.resolve(knownIdentifiers(Object.fromEntries(own), 'customers'))
    const rest = names.filter(([name]) => !schema.identifiers.has(name))
    customers.write(customer, storable('customers', Object.fromEntries(rest)))
  }

  function writeEvent(item: Values, now: number): void {
    const { type, action, identifiers, data } = item as Values & { type: string; action?: string }
    const known = knownIdentifiers(identifiers as Values, 'events')
    if (Object.keys(known).length === 0) {
      note('no-customer', 'events', type)
      return
    }
    const { zaiusId } = customers.resolve(known)
    const { order, ...flat } = isObject(data) ? data : {}
    const id = flat.idempotence_id
    if (id !== undefined && idempotenceIds.has(id)) note('repeated-idempotence-id', 'events', String(id))
    idempotenceIds.add(id)
    const ts = readTime(flat.ts) ?? now
    const isOrder = type === 'order' && isObject(order)
    if (order !== undefined && !isOrder) note('unknown-field', 'events', 'order')
    if (isOrder) orders.record(action ?? '', order, zaiusId)
    for (const line of isOrder ? linesOf(order) : [{}])
      add(storedEvent(type, action, { ...storable('events', flat), ...line }, ts, zaiusId))
  }

  /** Lets a write happen now, or when the lag is over. */
  function schedule(now: number, write: () => void): void {
    if (visibleAfterMs <= 0) write()
    else delayed.push({ due: now + visibleAfterMs, write })
  }

  const currentId = (zaiusId: string): string => customers.current(zaiusId)?.zaiusId ?? zaiusId
  const allEvents = (): StoredEvent[] =>
    events.map((event) => ({ ...event, zaiusId: currentId(event.zaiusId) }))

  return {
    schema,
    customers,
    orders,
    products,
    /** Records of an object other than orders, by their keys. */
    recordsOf: (object: string): ReadonlyMap<string, Record<string, unknown>> =>
      records.get(object) ?? new Map(),
    /** Metadata of identifiers, by name and value with a line break between them. */
    metadata,
    /** Names of schema modules that are on. */
    modules,
    compliance: compliance as readonly ComplianceRequest[],
    /** Redacts a customer, or marks it as opted out of the sale of its data. */
    comply(law: string, what: ComplianceRequest['what'], name: string, value: string): string {
      const id = `request-${compliance.length + 1}`
      compliance.push({ id, law, what, identifier: name, value })
      const customer = customers.find(name, value)
      if (customer !== undefined && what === 'delete') customers.redact(customer)
      if (customer !== undefined && what === 'optout') customers.write(customer, { ccpa_opted_out: true })
      return id
    },
    lists,
    standing,
    sideLog: sideLog as readonly SideNote[],
    writeProfile: (item: Values, now: number) => schedule(now, () => writeProfile(item)),
    writeEvent: (item: Values, now: number) => schedule(now, () => writeEvent(item, now)),
    writeObject(name: string, key: string, record: Values, now: number): void {
      schedule(now, () => {
        if (name === 'orders') orders.update(record)
        else {
          const known = records.get(name) ?? new Map<string, Record<string, unknown>>()
          records.set(name, known)
          known.set(String(record[key]), { ...known.get(String(record[key])), ...record })
        }
      })
    },
    /** Lets the writes happen whose time has come. Every view calls it. */
    catchUp(now: number): void {
      while (delayed[0] !== undefined && delayed[0].due <= now) delayed.shift()?.write()
    },
    /** The customer that an identifier names, as the API shows it. */
    profile(name: string, value: string): Record<string, unknown> | undefined {
      const customer = customers.find(name, value)
      return customer && attributesOf(customer)
    },
    /** All events, each with the customer to whom it belongs now. */
    events: allEvents,
    /** The events of one customer, in the order in which they happened. */
    eventsOf: (customer: Customer | undefined): StoredEvent[] =>
      allEvents()
        .filter((event) => event.zaiusId === customer?.zaiusId)
        .sort((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0)),
  }
}

export type Account = ReturnType<typeof createAccount>
