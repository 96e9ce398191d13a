import { isObject, type Values } from './values'

/** The texts of the first two come from the vendor's answers; the others are in its style. */
const missing = (field: string): string => `Missing required field \`${field}\``
const noType = "missing 'type' field"

/** Why ODP refuses an event, or undefined. */
export function eventProblem(item: unknown): string | undefined {
  if (!isObject(item)) return 'an event is an object'
  const { type, identifiers, data = {} } = item
  if (typeof type !== 'string' || type === '') return noType
  if (!isObject(identifiers) || Object.keys(identifiers).length === 0) return missing('identifiers')
  const wrong = Object.entries(identifiers).find(([, value]) => !isIdentifierValue(value))
  if (wrong !== undefined) return `the identifier \`${wrong[0]}\` is not a text`
  if (!isObject(data)) return '`data` is not an object'
  if (type === 'product' && isBlank(data.product_id)) return missing('product_id')
  return type === 'order' ? orderProblem(data) : undefined
}

function orderProblem({ order }: Values): string | undefined {
  if (!isObject(order)) return missing('order')
  if (isBlank(order.order_id)) return missing('order_id')
  const items = order.items ?? []
  if (!Array.isArray(items)) return '`items` is not a list'
  return items.some((item) => !isObject(item) || isBlank(item.product_id)) ? missing('product_id') : undefined
}

/** Why ODP refuses a profile, or undefined. `identifiers`: the names that the account knows. */
export function profileProblem(item: unknown, identifiers: ReadonlyMap<string, unknown>): string | undefined {
  if (!isObject(item) || !isObject(item.attributes)) return missing('attributes')
  const named = Object.entries(item.attributes).filter(([name]) => identifiers.has(name))
  return named.some(([, value]) => isIdentifierValue(value)) ? undefined : 'a profile needs an identifier'
}

/** Identifiers are texts and not blank. */
export const isIdentifierValue = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== ''

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === ''
