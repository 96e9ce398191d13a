import type { DynamicFieldItem } from '@segment/actions-core'
import { type DynamicFieldTarget, dynamicFieldTarget } from '../../contract/dynamic-field'
import type { OpenConnection } from '../open/open-connection'
import { findAction, findHook, type HookName, notSupported } from './find'
import {
  badAnswer,
  type OperationContext,
  type OperationResult,
  runOperation,
  statedFailure,
} from './operation'

/** Which field's choices are asked for, and what the user has filled in so far. */
export type DynamicFieldRequest = {
  /** Slug of the action; absent for a setting of the connection. */
  readonly action?: string
  /**
   * `list` for a field; `object.member`, `object.__keys__`, `object.__values__`, `list.[0].member` for what is in it. A
   * member that has no choices of its own has those of `__values__`.
   */
  readonly field: string
  /** Names the hook whose input the field is. */
  readonly hook?: HookName
  readonly payload?: Readonly<Record<string, unknown>>
  readonly hookInputs?: Readonly<Record<string, unknown>>
  readonly audienceSettings?: Readonly<Record<string, unknown>>
  /** The `nextPage` of the answer before. */
  readonly page?: string
  /** What the user has typed to narrow the choices. */
  readonly query?: string
}

/** Choices of a dynamic field. */
export type DynamicFieldChoices = {
  readonly choices: readonly DynamicFieldItem[]
  /** Ask for the following choices with this `page`; absent on the last one. */
  readonly nextPage?: string
}

type Handler = (request: unknown, input: unknown) => unknown
type Found = { readonly handler: Handler; readonly context?: DynamicFieldTarget['context'] }

/**
 * Asks the destination for the choices of a field.
 * @throws ConfigurationError UNKNOWN_ACTION, or NOT_SUPPORTED when the field has no dynamic choices.
 */
export async function askDynamicField(
  connection: OpenConnection,
  during: OperationContext,
  request: DynamicFieldRequest,
): Promise<OperationResult<DynamicFieldChoices>> {
  const { handler, context } = findHandler(connection, request)
  const { payload = {}, page, query, audienceSettings, hookInputs } = request
  const dynamicFieldContext = query === undefined ? context : { ...context, query }
  const result = await runOperation({
    connection,
    during,
    input: {
      payload,
      ...(page !== undefined && { page }),
      ...(audienceSettings !== undefined && { audienceSettings }),
      ...(hookInputs !== undefined && { hookInputs }),
      ...(dynamicFieldContext !== undefined && { dynamicFieldContext }),
    },
    call: handler,
  })
  return result.ok ? choicesOf(result.value, connection) : result
}

function choicesOf(value: unknown, connection: OpenConnection): OperationResult<DynamicFieldChoices> {
  const { choices, nextPage, error } = (value ?? {}) as Record<string, unknown>
  if (typeof error === 'object' && error !== null) return statedFailure(error, connection)
  if (!Array.isArray(choices)) return badAnswer('the handler of the field returned no list of choices')
  return {
    ok: true,
    value: { choices, ...(typeof nextPage === 'string' && nextPage !== '' && { nextPage }) },
  }
}

function findHandler({ destination }: OpenConnection, request: DynamicFieldRequest): Found {
  const { action: slug, field, hook } = request
  if (slug === undefined) {
    const { dynamic } = destination.authentication?.fields[field] ?? {}
    if (typeof dynamic === 'function') return { handler: dynamic as Handler }
    throw notSupported(`the setting "${field}" has no dynamic choices`)
  }
  const action = findAction(destination, slug)
  if (hook !== undefined) {
    const dynamic = findHook(action, slug, hook).inputFields?.[field]?.dynamic
    if (typeof dynamic === 'function') return { handler: dynamic as unknown as Handler }
    throw notSupported(`the input "${field}" of the hook ${hook} has no dynamic choices`)
  }
  const handlers = action.dynamicFields as Record<string, unknown> | undefined
  const { handlerPath, context } = dynamicFieldTarget(field, handlers)
  const handler = handlerAt(handlers, handlerPath)
  if (handler === undefined) {
    const known = handlerPaths(handlers).join(', ') || 'none'
    throw notSupported(`the field "${field}" of ${slug} has no dynamic choices; there are ${known}`)
  }
  return { handler, ...(context !== undefined && { context }) }
}

const own = (holder: unknown, key: string): unknown =>
  typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Record<string, unknown>)[key]
    : undefined

function handlerAt(handlers: unknown, path: string): Handler | undefined {
  const [parent = '', ...rest] = path.split('.')
  const found = rest.length === 0 ? own(handlers, parent) : own(own(handlers, parent), rest.join('.'))
  return typeof found === 'function' ? (found as Handler) : undefined
}

const handlerPaths = (handlers: Record<string, unknown> | undefined): string[] =>
  Object.entries(handlers ?? {}).flatMap(([key, handler]) =>
    typeof handler === 'function'
      ? [key]
      : Object.keys((handler ?? {}) as object).map((member) => `${key}.${member}`),
  )
