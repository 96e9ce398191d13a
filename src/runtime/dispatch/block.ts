import type { Outcome, Verdict } from '../../outcome'
import type { OpenConnection } from '../open/open-connection'
import type { RuntimeListeners } from '../options'

/** Milliseconds for which refused credentials are not tried again. */
const blockMs = 60_000

/**
 * Pauses a connection whose credentials were refused, and says so once. Events that come meanwhile are not sent;
 * they get the outcome `blocked`, so that their owner keeps them.
 */
export function blockConnection(
  connection: OpenConnection,
  verdict: Verdict,
  now: number,
  on: RuntimeListeners,
  outcome: () => Outcome,
): void {
  const isNews = blockedVerdict(connection, now) === undefined
  connection.block = { until: now + blockMs, verdict }
  if (isNews) on.connectionBlocked?.(connection.name, outcome())
}

/** The verdict on everything that a paused connection would send; undefined when it is not paused. */
export function blockedVerdict({ block }: OpenConnection, now: number): Verdict | undefined {
  if (block === undefined || block.until <= now || block.verdict.kind !== 'blocked') return undefined
  return {
    ...block.verdict,
    code: 'CONNECTION_BLOCKED',
    message: `not sent, since the credentials were refused before: ${block.verdict.message}`,
  }
}
