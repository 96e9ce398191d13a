/** The type of a value by its class, in lower case: `object`, `array`, `null`, `date`, `string` ... */
export function realTypeOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1).toLowerCase()
}

/** Whether a value is an object that is no list, date or other special object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && realTypeOf(value) === 'object'
}

/** Whether a value is a list. */
export function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value)
}

/** Whether a value is a text. */
export function isString(value: unknown): value is string {
  return typeof value === 'string'
}
