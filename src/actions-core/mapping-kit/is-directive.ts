import { isObject } from '../internal/real-type-of'

/** Whether a value is a directive: an object whose keys start with `@`, apart from `_metadata`. */
export function isDirective(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  let isMarked = false
  for (const key of Object.keys(value))
    if (key.startsWith('@')) isMarked = true
    else if (key !== '_metadata') return false
  return isMarked
}
