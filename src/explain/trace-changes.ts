import { isObject, typeName } from '../pipeline/mapping/type-name'

/** A difference between what a mapping gave and what an action gets. */
export type ValueChange = {
  /** Where in the payload: `products[0].price`. */
  readonly path: string
  readonly kind: 'coerced' | 'dropped'
  readonly from: unknown
  /** Absent for what was dropped. */
  readonly to?: unknown
  readonly reason: string
}

/** What became of a mapped value on its way into the payload: what was coerced, and what was left out, and why. */
export function traceChanges(path: string, mapped: unknown, payload: unknown): ValueChange[] {
  if (Object.is(mapped, payload) || mapped === undefined) return []
  if (payload === undefined) return [{ path, kind: 'dropped', from: mapped, reason: dropReason(mapped) }]
  if (isObject(mapped) && isObject(payload))
    return Object.keys(mapped).flatMap((key) => traceChanges(`${path}.${key}`, mapped[key], payload[key]))
  if (Array.isArray(mapped) && Array.isArray(payload) && mapped.length === payload.length)
    return mapped.flatMap((item, index) => traceChanges(`${path}[${index}]`, item, payload[index]))
  return [coercion(path, mapped, payload)]
}

function dropReason(mapped: unknown): string {
  if (mapped === null) return 'null counts as absent'
  if (mapped === '') return 'a blank text counts as absent'
  return 'the definition has no such field'
}

function coercion(path: string, mapped: unknown, payload: unknown): ValueChange {
  const [before, after] = [typeName(mapped), typeName(payload)]
  const reason = before === after ? `another ${after}` : `${before} to ${after}`
  return { path, kind: 'coerced', from: mapped, to: payload, reason }
}
