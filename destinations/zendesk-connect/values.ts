import { PayloadValidationError } from 'waybill'

/**
 * Brings free-form values into the form that JSON can carry: dates as ISO 8601 in UTC, bigints as text. Functions,
 * symbols and undefined go silently; an invalid date, NaN and Infinity go with a word, since JSON would turn them
 * into null and wipe what is stored.
 * @throws PayloadValidationError for a value that contains itself.
 */
export function jsonValues(
  members: Readonly<Record<string, unknown>>,
  path: string,
  dropped: (field: string, reason: string) => void,
): Record<string, unknown> {
  return convert(members, path, dropped, []) as Record<string, unknown>
}

/** Deeper values are no data but a mistake. */
const maxDepth = 200

function convert(
  value: unknown,
  path: string,
  dropped: (field: string, reason: string) => void,
  parents: readonly object[],
): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value === 'number' && !Number.isFinite(value)) return drop(`${value} is no JSON number`)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? drop('the date is invalid') : value.toISOString()
  if (parents.length === maxDepth) throw new PayloadValidationError(`${path} is nested too deeply.`)
  if (parents.includes(value)) throw new PayloadValidationError(`${path} contains itself.`)
  const inside = [...parents, value]
  if (Array.isArray(value))
    return value.map((item, index) => convert(item, `${path}[${index}]`, dropped, inside) ?? null)
  const result: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    const converted = convert(member, `${path}.${key}`, dropped, inside)
    if (converted !== undefined) result[key] = converted
  }
  return result

  function drop(reason: string): undefined {
    dropped(path, reason)
    return undefined
  }
}

/** An id that is there: a text that is not blank, or a finite number. Connect stores ids as text; 1 and "1" are one user. */
export function identifier(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** The first id that is there. */
export function firstIdentifier(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const id = identifier(value)
    if (id !== undefined) return id
  }
  return undefined
}

/** Whether an id looks like an e-mail address: something, @, a domain with a dot. */
export const isEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
