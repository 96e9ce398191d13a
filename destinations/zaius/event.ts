import { type FieldsOf, PayloadValidationError, readTime } from 'waybill'
import type { ObjectContext } from './api'
import type { eventFields, identifierFields } from './fields'
import { identifiers } from './identifiers'
import type { ZaiusSettings } from './settings'
import { type Dropped, type NameSettings, type Plain, plainValue, plainValues } from './values'

/** What every action that sends an event takes. */
export type EventPayload = FieldsOf<typeof identifierFields & typeof eventFields>

/** Type and action of an event, and the fields that its action decides. `action` undefined: none is sent. */
export type EventKind = {
  readonly type: string
  readonly action?: string
  readonly own?: Readonly<Record<string, unknown>>
  /** Goes over the identifier of the same name. */
  readonly identifiers?: Readonly<Record<string, unknown>>
  /** Properties that `own` takes care of: not passed on, and no word about it. */
  readonly taken?: readonly string[]
}

/**
 * One object of `POST /v3/events`. Of several sources of a field the closest one wins: the action's own, the
 * mapped fields, the properties, the context.
 * @throws PayloadValidationError without an identifier, or where ODP demands a product or an order and there is none.
 */
export function eventObject(kind: EventKind, payload: EventPayload, context: ObjectContext) {
  const { settings, key, dropped } = context
  const ts = readTime(payload.timestamp)?.toISOString()
  if (ts === undefined && payload.timestamp !== undefined)
    dropped('ts', 'no time that can be read; ODP uses the time of receipt')
  const data: Record<string, unknown> = {
    ...contextFields(payload.context, settings, dropped),
    ...plainValues(
      withoutMembers(payload.properties, payload.excluded_properties, kind.taken),
      settings,
      dropped,
    ),
    ...contextFields(payload.fields, settings, dropped),
    ...kind.own,
    ...(ts === undefined ? {} : { ts }),
    ...(key === undefined ? {} : { idempotence_id: key }),
  }
  demandWhatTheTypeNeeds(kind.type, data)
  return {
    type: kind.type,
    ...(kind.action === undefined ? {} : { action: kind.action }),
    identifiers: identifiers(
      { ...payload.further_identifiers, ...payload.identifiers, ...kind.identifiers },
      settings,
      dropped,
    ),
    data,
  }
}

function withoutMembers(
  values: EventPayload['properties'],
  ...names: readonly (readonly string[] | undefined)[]
): Readonly<Record<string, unknown>> {
  const left = new Set(names.flatMap((list) => list ?? []))
  if (values === undefined || left.size === 0) return values ?? {}
  return Object.fromEntries(Object.entries(values).filter(([name]) => !left.has(name)))
}

/** Mapped fields: blanks say nothing, and of the address of a page only the host is kept. */
function contextFields(
  values: EventPayload['context'],
  settings: NameSettings,
  dropped: Dropped,
): Record<string, Plain> {
  const fields = plainValues(values ?? {}, settings, dropped)
  for (const [name, value] of Object.entries(fields))
    if (typeof value === 'string' && value.trim() === '') delete fields[name]
  if (typeof fields.hostname === 'string') fields.hostname = hostname(fields.hostname)
  return fields
}

/** ODP answers 400 for these, and refuses the whole batch with them. */
function demandWhatTheTypeNeeds(type: string, data: Readonly<Record<string, unknown>>): void {
  if (type === '') throw new PayloadValidationError('An event needs a type.')
  if (type === 'product' && (data.product_id === undefined || data.product_id === ''))
    throw new PayloadValidationError('ODP takes an event of the type "product" only with a product_id.')
  if (type === 'order' && typeof data.order !== 'object')
    throw new PayloadValidationError('ODP takes an event of the type "order" only with an order.')
}

/** The host of an address; a text that is no address stays as it is. */
export function hostname(text: string): string {
  try {
    return new URL(text).hostname || text
  } catch {
    return text
  }
}

export type EmailSettings = Pick<ZaiusSettings, 'spamReportAction' | 'hardBounceAction'>

/** The action of an email event in the spelling of the account. A bounce that is called soft is a soft one. */
export function emailAction(action: string, bounceType: string | undefined, settings: EmailSettings): string {
  if (action === 'spamreport' || action === 'spam_report') return settings.spamReportAction || 'spam_report'
  if (action !== 'hard_bounce') return action
  return /soft/i.test(bounceType ?? '') ? 'soft_bounce' : settings.hardBounceAction || 'hard_bounce'
}

/**
 * The cart as ODP's own shop modules send it: `cart_json` and, for addresses, `cart_param`. Lines without a product are
 * left out; undefined where there is no list.
 */
export function cartContents(
  properties: EventPayload['properties'],
): { cart_json: string; cart_param: string } | undefined {
  const { products } = (properties ?? {}) as { products?: unknown }
  if (!Array.isArray(products)) return undefined
  const items = products.flatMap((product: unknown) => {
    const { product_id, sku, quantity } = (product ?? {}) as Record<string, unknown>
    const id = plainValue(product_id) || plainValue(sku)
    return id === undefined || id === '' ? [] : [{ product_id: String(id), quantity: Number(quantity) || 1 }]
  })
  return {
    cart_json: JSON.stringify({ items }),
    cart_param: items.map(({ product_id, quantity }) => `${product_id}:${quantity}`).join(','),
  }
}
