import type { Outcome } from '../../outcome'
import type { RuntimeContext } from '../runtime-context'
import {
  type AudienceId,
  createAudience,
  type ExistingAudience,
  getAudience,
  type NewAudience,
} from './audiences'
import { deletePerson, type Person } from './delete-person'
import { askDynamicField, type DynamicFieldChoices, type DynamicFieldRequest } from './dynamic-field'
import { findConnection } from './find-connection'
import type { OperationResult } from './operation'
import { type HookRequest, type HookValue, runHook } from './run-hook'
import { type AuthenticationResult, testAuthentication } from './test-authentication'

/**
 * What can be asked of a connection beside delivering events. All of it shares the tokens, the limits and the
 * redaction of the connection. What the destination says is a value; only what the definition does not have, and a
 * closed runtime, is an error.
 */
export type ConnectionOperations = {
  readonly name: string
  /** Whether the credentials work. */
  testAuthentication(): Promise<OperationResult<AuthenticationResult>>
  /** The choices of a field that the destination knows. */
  dynamicField(request: DynamicFieldRequest): Promise<OperationResult<DynamicFieldChoices>>
  /** Runs a hook of an action, and gives the mapping to store. */
  runHook(request: HookRequest): Promise<OperationResult<HookValue>>
  createAudience(audience: NewAudience): Promise<OperationResult<AudienceId>>
  getAudience(audience: ExistingAudience): Promise<OperationResult<AudienceId>>
  /** Deletes what the destination holds of a person (`onDelete`). */
  delete(person: Person): Promise<Outcome>
}

/** Runs something while the runtime is open; rejects with `ClosedError` after. */
export type Track = <Result>(run: () => Promise<Result>) => Promise<Result>

/**
 * The operations of one connection.
 * @throws ConfigurationError UNKNOWN_CONNECTION, with the names that exist.
 */
export function connectionOperations(
  context: RuntimeContext,
  name: string,
  track: Track,
): ConnectionOperations {
  const found = findConnection(context.dispatcher, name)
  const { connection } = found
  return {
    name,
    testAuthentication: () => track(() => testAuthentication(found, context)),
    dynamicField: (request) => track(() => askDynamicField(connection, context, request)),
    runHook: (request) => track(() => runHook(connection, context, request)),
    createAudience: (audience) => track(() => createAudience(connection, context, audience)),
    getAudience: (audience) => track(() => getAudience(connection, context, audience)),
    delete: (person) => track(() => deletePerson(context, connection, person)),
  }
}
