import type { Confidence } from './schema'

/** Most values of one identifier that a customer keeps; the oldest go first. */
const maxValues = 25

export type Identifiers = Readonly<Record<string, string>>

/** A person as ODP knows them. */
export type Customer = {
  readonly zaiusId: string
  /** Position in the order of creation; the oldest survives a merge. */
  readonly age: number
  /** Values by identifier, oldest first. */
  readonly identifiers: Map<string, string[]>
  /** Fields with the number of the write, so that a merge keeps the newest. */
  readonly fields: Map<string, { readonly value: unknown; readonly write: number }>
}

const keyOf = (name: string, value: string): string => `${name}\n${value}`

/**
 * The customers of an account and who is who. Identifiers seen together are tied together:
 *
 * - Customers that meet through high-confidence identifiers become one; the oldest keeps its id.
 * - A low-confidence identifier (a cookie) never merges two people: it moves to the one that the high one names.
 *   But a customer known by low identifiers alone becomes that person, with everything done before.
 * - A new high identifier goes to the customer whom the low ones name, unless that one has a different value of the
 *   same kind: then it is somebody else on the same device.
 */
export function createCustomers(confidenceOf: (name: string) => Confidence | undefined) {
  const owners = new Map<string, Customer>()
  const successors = new Map<string, Customer>()
  const customers = new Set<Customer>()
  const byId = new Map<string, Customer>()
  let created = 0
  let writes = 0

  const isHigh = (name: string): boolean => confidenceOf(name) === 'high'
  const isAnonymous = (customer: Customer): boolean => ![...customer.identifiers.keys()].some(isHigh)

  function create(): Customer {
    created += 1
    const customer: Customer = {
      zaiusId: `zaius-${created}`,
      age: created,
      identifiers: new Map(),
      fields: new Map(),
    }
    customers.add(customer)
    byId.set(customer.zaiusId, customer)
    return customer
  }

  function attach(customer: Customer, name: string, value: string): void {
    const former = owners.get(keyOf(name, value))
    if (former !== undefined) detach(former, name, value)
    const values = customer.identifiers.get(name) ?? []
    values.push(value)
    customer.identifiers.set(name, values)
    owners.set(keyOf(name, value), customer)
    if (values.length > maxValues) detach(customer, name, values[0] as string)
  }

  function detach(customer: Customer, name: string, value: string): void {
    const values = (customer.identifiers.get(name) ?? []).filter((known) => known !== value)
    if (values.length === 0) customer.identifiers.delete(name)
    else customer.identifiers.set(name, values)
    owners.delete(keyOf(name, value))
  }

  function merge(survivor: Customer, other: Customer): void {
    if (survivor === other) return
    for (const [name, values] of [...other.identifiers])
      for (const value of values) attach(survivor, name, value)
    for (const [name, entry] of other.fields)
      if (entry.write > (survivor.fields.get(name)?.write ?? 0)) survivor.fields.set(name, entry)
    customers.delete(other)
    successors.set(other.zaiusId, survivor)
  }

  /** The customer whom identifiers of one call name, oldest first. */
  const ownersOf = (entries: readonly (readonly [string, string])[]): Customer[] =>
    [...new Set(entries.flatMap(([name, value]) => owners.get(keyOf(name, value)) ?? []))].sort(
      (a, b) => a.age - b.age,
    )

  function hasOther(customer: Customer, entries: readonly (readonly [string, string])[]): boolean {
    return entries.some(([name, value]) => {
      const values = customer.identifiers.get(name)
      return values !== undefined && !values.includes(value)
    })
  }

  /** Whom a call is about: merges and moves as the rules above say. */
  function resolve(identifiers: Identifiers): Customer {
    const entries = Object.entries(identifiers)
    const high = entries.filter(([name]) => isHigh(name))
    const named = ownersOf(high)
    const onDevice = ownersOf(entries.filter(([name]) => !isHigh(name)))
    const target =
      named[0] ??
      onDevice.find((customer) => !isAnonymous(customer) && !hasOther(customer, high)) ??
      onDevice.find((customer) => isAnonymous(customer)) ??
      create()
    for (const customer of named) merge(target, customer)
    for (const customer of onDevice) if (isAnonymous(customer)) merge(target, customer)
    for (const [name, value] of entries) attach(target, name, value)
    return target
  }

  return {
    resolve,
    /** Last write wins; null clears. */
    write(customer: Customer, values: Readonly<Record<string, unknown>>): void {
      writes += 1
      for (const [name, value] of Object.entries(values)) customer.fields.set(name, { value, write: writes })
    },
    /** Takes all that names a person from a customer; the identifiers come to nobody any more. */
    redact(customer: Customer): void {
      for (const [name, values] of [...customer.identifiers])
        for (const value of values) detach(customer, name, value)
      customer.fields.clear()
    },
    find: (name: string, value: string): Customer | undefined => owners.get(keyOf(name, value)),
    /** Who a customer id means now, after merges. */
    current(zaiusId: string): Customer | undefined {
      let customer = byId.get(zaiusId)
      while (customer !== undefined && !customers.has(customer)) customer = successors.get(customer.zaiusId)
      return customer
    },
    all: (): Customer[] => [...customers],
  }
}

export type Customers = ReturnType<typeof createCustomers>

/** A customer as `GET /v3/profiles` shows it: the last value of each identifier, the lists, the fields without nulls. */
export function attributesOf(customer: Customer): Record<string, unknown> {
  const attributes: Record<string, unknown> = { zaius_id: customer.zaiusId }
  for (const [name, values] of customer.identifiers) {
    attributes[name] = values.at(-1)
    attributes[`${name}s`] = [...values]
  }
  for (const [name, { value }] of customer.fields) if (value !== null) attributes[name] = value
  return attributes
}
