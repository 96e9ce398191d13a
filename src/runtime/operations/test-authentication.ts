import type { ConnectionDispatcher } from '../dispatch/connection-dispatcher'
import { type OperationContext, type OperationFailure, type OperationResult, runOperation } from './operation'

/** `isTested` is false for a destination that offers no test: then the credentials may be good or bad. */
export type AuthenticationResult = { readonly isTested: boolean }

/**
 * Asks the destination whether the connection's credentials work. A success ends the pause of a connection whose
 * credentials were refused before.
 */
export async function testAuthentication(
  { connection, state }: ConnectionDispatcher,
  during: OperationContext,
): Promise<OperationResult<AuthenticationResult>> {
  const test = connection.destination.authentication?.testAuthentication
  if (test === undefined) return { ok: true, value: { isTested: false } }
  const result = await runOperation({
    connection,
    during,
    input: {},
    call: (request, input) => test(request as never, input as never),
  })
  if (!result.ok) return { ...result, message: explain(result) }
  state.blocks.lift()
  return { ok: true, value: { isTested: true } }
}

/** Says first whether it is the credentials that are at fault. */
function explain({ kind, message, code, status, vendorCode }: OperationFailure): string {
  const detail = vendorCode === undefined ? message : `${message}: ${vendorCode}`
  if (kind === 'blocked') return `the credentials are refused: ${detail}`
  if (kind === 'retry' || kind === 'unknown')
    return `the credentials could not be tested, since ${status === undefined ? `no answer came (${code})` : `the destination is not available`}: ${detail}`
  return `the test failed: ${detail}`
}
