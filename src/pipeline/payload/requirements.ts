import { fulfils } from './check-payload'
import type { PayloadSchema } from './payload-schema'

/** The properties of a payload before they are coerced, by key; those that nothing asks for may be missing. */
export type RawProperties = (keys: readonly string[]) => Record<string, unknown>

/** Whether conditional requirements are surely met; where not, the slow path says what is missing. */
export type AreMet = (payload: Readonly<Record<string, unknown>>, raw: RawProperties) => boolean

/** Compiles the conditional requirements of a payload's schema; undefined where it has none. */
export function compileRequirements(schema: PayloadSchema): AreMet | undefined {
  if (schema.allOf === undefined) return undefined
  const checks = schema.allOf.map(compileRequirement)
  return (payload, raw) => checks.every((isMet) => isMet(payload, raw))
}

function compileRequirement({ if: condition, then, properties }: PayloadSchema): AreMet {
  if (condition === undefined) {
    const keys = Object.keys(properties ?? {})
    return (payload) => keys.every((key) => payload[key] === undefined)
  }
  const isThere = presence(then)
  const keys = [...keysOf(condition)]
  const nulls = nullKeys(condition)
  return (payload, raw) => {
    if (nulls.length > 0 && Object.values(raw(nulls)).some(mayBecomeNull)) return false
    return isThere(payload) || !fulfils(condition, raw(keys))
  }
}

/** Whether what `then` asks for is there. Says no where it asks for more than presence. */
function presence(then: PayloadSchema | undefined): (value: unknown) => boolean {
  const [key] = then?.required ?? []
  if (key === undefined) return () => false
  const inner = then?.properties?.[key]
  const isInnerThere = inner === undefined ? undefined : presence(inner)
  return (value) => {
    const member = (value as Record<string, unknown>)[key]
    if (typeof value !== 'object' || value === null || member === undefined) return false
    return isInnerThere === undefined || isInnerThere(member)
  }
}

/** The properties of the payload that a condition looks at. */
function keysOf(condition: PayloadSchema): Set<string> {
  const inner = [
    ...(condition.allOf ?? []),
    ...(condition.anyOf ?? []),
    ...(condition.not ? [condition.not] : []),
  ]
  return new Set([
    ...(condition.required ?? []),
    ...Object.keys(condition.properties ?? {}),
    ...inner.flatMap((part) => [...keysOf(part)]),
  ])
}

/** The properties that the reference's conditions ask to be null, and turn into null where they are falsy. */
function nullKeys(condition: PayloadSchema): string[] {
  const inner = [
    ...(condition.allOf ?? []),
    ...(condition.anyOf ?? []),
    ...(condition.not ? [condition.not] : []),
  ]
  const own = Object.entries(condition.properties ?? {}).filter(([, member]) => member.type === 'null')
  return [...own.map(([key]) => key), ...inner.flatMap(nullKeys)]
}

const mayBecomeNull = (value: unknown): boolean => value !== undefined && (!value || Array.isArray(value))
