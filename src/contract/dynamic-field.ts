import type { DynamicFieldContext } from '@segment/actions-core/destination-kit/types'

/** Which handler answers for a field, and what the handler is told of it. */
export type DynamicFieldTarget = {
  readonly handlerPath: string
  readonly context?: DynamicFieldContext
}

const inList = /(.*)\.\[(\d+)\]\.(.*)/
const inObject = /(.*)\.(.*)/

/**
 * `list.[0].property` asks the handler `list.property` with the position; `object.key` asks `object.key` where there is
 * one, else `object.__values__` with the key.
 */
export function dynamicFieldTarget(
  field: string,
  handlers: Readonly<Record<string, unknown>> | undefined,
): DynamicFieldTarget {
  const [, parent, second, child] = (inList.exec(field) ?? inObject.exec(field) ?? []) as string[]
  if (parent === undefined || second === undefined) return { handlerPath: field }
  if (child)
    return {
      handlerPath: `${parent}.${child}`,
      context: { selectedArrayIndex: Number.parseInt(second, 10) },
    }
  const handler = handlers?.[parent]
  return handler && !(second in (handler as object))
    ? { handlerPath: `${parent}.__values__`, context: { selectedKey: second } }
    : { handlerPath: field }
}
