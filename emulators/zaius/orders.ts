import { isObject, numberOr0, type Values } from './values'

/** The summary of an order. */
export type OrderRecord = {
  readonly order_id: string
  readonly zaiusId: string | undefined
  readonly fields: Record<string, unknown>
  /** What is left of the subtotal after returns, refunds and cancellations. */
  subtotal: number
  /** What is left of the total. Tax and shipping are not computed: the last word about them counts. */
  total: number
  /** The actions that came, in their order. */
  readonly actions: string[]
  readonly status: 'open' | 'partly given back' | 'given back'
}

const givesBack = new Set(['return', 'refund', 'cancel'])

const lines = (order: Values): Values[] => (Array.isArray(order.items) ? order.items.filter(isObject) : [])

/** (price - discount) * quantity, unless the line says it itself. */
export function lineSubtotal(item: Values): number {
  if (item.subtotal !== undefined) return numberOr0(item.subtotal)
  const quantity = item.quantity === undefined ? 1 : numberOr0(item.quantity)
  return (numberOr0(item.price) - numberOr0(item.discount)) * quantity
}

/** The fields that each line of an order adds to its own event; one empty line for an order without items. */
export function linesOf(order: Values): Values[] {
  const items = lines(order)
  const shared = { order_id: order.order_id }
  return items.length === 0
    ? [shared]
    : items.map((item) => ({ ...shared, ...item, subtotal: lineSubtotal(item) }))
}

function subtotalOf(order: Values): number {
  if (order.subtotal !== undefined) return numberOr0(order.subtotal)
  const items = lines(order)
  if (items.length > 0) return items.reduce((sum, item) => sum + lineSubtotal(item), 0)
  return numberOr0(order.total)
}

/** Purchases add; of what is given back, 30 and -30 are the same. Whole cents in, whole cents out. */
const running = (left: number, amount: number, action: string): number =>
  Math.round((left + (givesBack.has(action) ? -Math.abs(amount) : amount)) * 10_000) / 10_000

/** The orders of an account. What comes twice counts twice. */
export function createOrders() {
  const orders = new Map<string, Omit<OrderRecord, 'status'>>()

  function ensure(id: string, zaiusId: string | undefined): Omit<OrderRecord, 'status'> {
    const known = orders.get(id)
    if (known !== undefined) return known
    const made = { order_id: id, zaiusId, fields: {}, subtotal: 0, total: 0, actions: [] }
    orders.set(id, made)
    return made
  }

  const view = (record: Omit<OrderRecord, 'status'>): OrderRecord => {
    const isTouched = record.actions.some((action) => givesBack.has(action))
    const status = !isTouched ? 'open' : record.subtotal > 0 ? 'partly given back' : 'given back'
    return { ...record, status }
  }

  return {
    /** An order event: purchases add, the other actions subtract, with the same result for 30 and -30. */
    record(action: string, order: Values, zaiusId: string): void {
      const record = ensure(String(order.order_id), zaiusId)
      record.subtotal = running(record.subtotal, subtotalOf(order), action)
      record.total = running(record.total, numberOr0(order.total), action)
      record.actions.push(action)
      const { items: _items, subtotal: _subtotal, total, ...fields } = order
      Object.assign(record.fields, fields, total === undefined ? {} : { total: record.total })
    },
    /** `POST /v3/objects/orders`: changes the summary and makes no event. */
    update({ subtotal, total, ...fields }: Values): void {
      const record = ensure(String(fields.order_id), undefined)
      Object.assign(record.fields, fields)
      if (subtotal !== undefined) record.subtotal = numberOr0(subtotal)
      if (total !== undefined) {
        record.total = numberOr0(total)
        record.fields.total = record.total
      }
    },
    find: (id: string): OrderRecord | undefined => {
      const record = orders.get(id)
      return record && view(record)
    },
    all: (): OrderRecord[] => [...orders.values()].map(view),
  }
}
