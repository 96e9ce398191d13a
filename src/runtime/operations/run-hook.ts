import type { JSONObject } from '@segment/actions-core'
import { InvalidPayload } from '../../pipeline/prepare'
import type { OpenConnection } from '../open/open-connection'
import { hookOutputs, internalKeys } from '../open/open-subscription'
import { checkValues } from '../open/settings'
import { findAction, findHook, type HookName } from './find'
import {
  invalidInput,
  type OperationContext,
  type OperationResult,
  runOperation,
  statedFailure,
} from './operation'

/** Which hook runs, for which mapping, with what the user has filled in. */
export type HookRequest = {
  /** Slug of the action. */
  readonly action: string
  readonly hook: HookName
  /** Values of the hook's input fields. Their defaults fill what is missing. */
  readonly inputs?: Readonly<Record<string, unknown>>
  /** The mapping that is saved; it is not changed. Default: empty. */
  readonly mapping?: Readonly<Record<string, unknown>>
  readonly payload?: Readonly<Record<string, unknown>>
  readonly audienceSettings?: Readonly<Record<string, unknown>>
}

/** What a hook came to. */
export type HookValue = {
  /** What the destination says to the user. */
  readonly message?: string
  readonly outputs: Readonly<Record<string, unknown>>
  /** The mapping with inputs and outputs under the hook's name: store this one. `perform` gets them as `hookOutputs`. */
  readonly mapping: Readonly<Record<string, unknown>>
}

/**
 * Runs a hook, and stores what it gives in the mapping.
 * @throws ConfigurationError UNKNOWN_ACTION or NOT_SUPPORTED.
 */
export async function runHook(
  connection: OpenConnection,
  during: OperationContext,
  request: HookRequest,
): Promise<OperationResult<HookValue>> {
  const action = findAction(connection.destination, request.action)
  const hook = findHook(action, request.action, request.hook)
  const mapping = (request.mapping ?? {}) as JSONObject
  const inputs = checkValues(hook.inputFields ?? {}, request.inputs ?? {})
  if (inputs instanceof InvalidPayload) return invalidInput(inputs)
  const { payload = {}, audienceSettings = {} } = request
  const result = await runOperation({
    connection,
    during,
    input: {
      mapping,
      payload,
      hookInputs: inputs,
      hookOutputs: hookOutputs(action, mapping),
      audienceSettings,
      ...internalKeys(action, mapping),
    },
    call: (client, input) => hook.performHook(client as never, input as never),
  })
  if (!result.ok) return result
  const { savedData, successMessage, error } = (result.value ?? {}) as Record<string, unknown>
  if (typeof error === 'object' && error !== null) return statedFailure(error, connection)
  const outputs = (savedData ?? {}) as Record<string, unknown>
  return {
    ok: true,
    value: {
      ...(typeof successMessage === 'string' && { message: successMessage }),
      outputs,
      mapping: { ...mapping, [request.hook]: { inputs, outputs } },
    },
  }
}
