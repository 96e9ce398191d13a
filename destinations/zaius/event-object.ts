import { type FieldsOf, PayloadValidationError } from 'waybill'
import type { BodyContext } from './deliver'
import { eventTime } from './rules/event-time'
import { hostname } from './rules/hostname'
import { identifiers } from './rules/identifiers'
import { type Dropped, type Plain, plainValues } from './rules/plain-values'
import type { eventFields, identifierFields } from './shared-fields'

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
export function eventObject(kind: EventKind, payload: EventPayload, context: BodyContext) {
  const { settings, key, dropped } = context
  const isCut = settings.truncateText === true
  const ts = eventTime(payload.timestamp)
  if (ts === undefined && payload.timestamp !== undefined)
    dropped('ts', 'no time that can be read; ODP uses the time of receipt')
  const data: Record<string, unknown> = {
    ...contextFields(payload.context, isCut, dropped),
    ...plainValues(
      withoutMembers(payload.properties, payload.excluded_properties, kind.taken),
      isCut,
      dropped,
    ),
    ...contextFields(payload.fields, isCut, dropped),
    ...kind.own,
    ...(ts === undefined ? {} : { ts }),
    ...(key === undefined ? {} : { idempotence_id: key }),
  }
  demandWhatTheTypeNeeds(kind.type, data)
  return {
    type: kind.type,
    ...(kind.action === undefined ? {} : { action: kind.action }),
    identifiers: identifiers({ ...payload.identifiers, ...kind.identifiers }, settings, dropped),
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
  isCut: boolean,
  dropped: Dropped,
): Record<string, Plain> {
  const fields = plainValues(values ?? {}, isCut, dropped)
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
