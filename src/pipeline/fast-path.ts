import type { MappingNode } from './mapping/node'
import { isObject } from './mapping/type-name'
import { acceptProperties, bailOut, compileAccept, type Standing } from './payload/accept'
import { arrifyFields, removeEmptyValues } from './payload/empty-values'
import { type PayloadSchema, propertySchema } from './payload/payload-schema'
import { compileRequirements, type RawProperties } from './payload/requirements'

/** The fast path from an event to its payload: the same payload as the slow path, or `bailOut`. */
export type FastPath = (event: unknown) => Record<string, unknown> | typeof bailOut

/** What the fast path is made of. */
export type FastPathParts = {
  readonly root: MappingNode
  readonly schema: PayloadSchema
  readonly standing: Standing
  readonly compatibility: boolean
}

/** The mapping's part of a field: what counts as mapped to a payload. */
export type Step = { readonly key: string; readonly node: MappingNode; readonly schema: PayloadSchema }

/** Properties that are put back unchecked after the check; a mapping that has one always takes the slow path. */
export const exemptKey = 'dynamicAuthSettings'

/**
 * The steps of a mapping that gives one value per field; undefined where the fast path cannot be taken. Parts that name
 * no field are left out, since their values are dropped, unless an event may fail on them.
 */
export function stepsOf({ root, schema }: FastPathParts): Step[] | undefined {
  if (root.kind !== 'record') return undefined
  const steps: Step[] = []
  for (const [key, node] of root.entries) {
    const member = propertySchema(schema, key)
    if (key === exemptKey) return undefined
    if (member !== undefined) steps.push({ key, node, schema: member })
    else if (node.canThrow) return undefined
  }
  return steps
}

/** The fast path as closures. */
export const closureFastPath = (parts: FastPathParts, steps: readonly Step[] | undefined): FastPath =>
  steps === undefined ? wholeFastPath(parts) : fieldFastPath(parts, steps)

function fieldFastPath({ schema, standing }: FastPathParts, steps: readonly Step[]): FastPath {
  const runs = steps.map(({ key, node, schema: member }) => ({
    key,
    resolve: node.resolve,
    accept: compileAccept(member, { ...standing, isRoot: true }),
  }))
  const isComplete = compileComplete(schema, steps, standing)
  return (event) => {
    if (!isObject(event)) return bailOut
    const payload: Record<string, unknown> = {}
    for (const { key, resolve, accept } of runs) {
      const accepted = accept(resolve(event))
      if (accepted === bailOut) return bailOut
      if (accepted !== undefined) payload[key] = accepted
    }
    return isComplete(payload, event) ? payload : bailOut
  }
}

/** Whether a payload has all that is required of it, always or under conditions. */
export function compileComplete(
  schema: PayloadSchema,
  steps: readonly Step[],
  standing: Standing,
): (payload: Record<string, unknown>, event: unknown) => boolean {
  const required = schema.required ?? []
  const areMet = compileRequirements(schema)
  const byKey = new Map(steps.map((step) => [step.key, step]))
  const hasRequired = (payload: Record<string, unknown>): boolean =>
    required.every((key) => Object.hasOwn(payload, key))
  if (areMet === undefined) return hasRequired
  const rawProperties =
    (event: unknown): RawProperties =>
    (keys) => {
      const raw: Record<string, unknown> = {}
      for (const key of keys) {
        const value = byKey.get(key)?.node.produce(event)
        if (value !== undefined) raw[key] = value
      }
      const cleaned = removeEmptyValues(raw, schema, !standing.keepsBlank) as Record<string, unknown>
      arrifyFields(cleaned, schema)
      return cleaned
    }
  return (payload, event) => hasRequired(payload) && areMet(payload, rawProperties(event))
}

/** A root directive makes the whole payload at once. */
function wholeFastPath({ root, schema, standing }: FastPathParts): FastPath {
  if (schema.allOf !== undefined) return () => bailOut
  const accept = acceptProperties(schema, standing, true)
  return (event) => {
    if (!isObject(event)) return bailOut
    const mapped = root.resolve(event)
    if (!isObject(mapped) || Object.hasOwn(mapped, exemptKey)) return bailOut
    return accept(mapped) as Record<string, unknown> | typeof bailOut
  }
}
