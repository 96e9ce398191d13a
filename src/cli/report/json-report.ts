import type { SubscriptionTotals } from 'waybill'
import { type DeliveryResult, exitCodeOf } from '../run/delivery-result'

/** Adds up the rows of all subscriptions. */
const sumOf = (rows: readonly SubscriptionTotals[]) => {
  const sums: Record<string, number> = {}
  for (const { skipReasons: _reasons, ...kinds } of rows)
    for (const [kind, count] of Object.entries(kinds)) sums[kind] = (sums[kind] ?? 0) + count
  return sums
}

/** The report of a run for programs: `--report FILE`. Members are only ever added. */
export function jsonReport(result: DeliveryResult, version: string): Record<string, unknown> {
  const { totals, tally, deadLetters } = result
  const { isFile: _isFile, ...input } = result.input
  const rows = Object.values(totals.connections).flatMap((connection) => Object.values(connection))
  return {
    waybill: version,
    startedAt: result.startedAt,
    durationMs: Math.round(result.durationMs),
    exitCode: exitCodeOf(result),
    interrupted: result.isInterrupted,
    input: {
      ...input,
      events: totals.events,
      malformed: result.malformed,
      ...(result.firstMalformed !== undefined && { firstMalformed: result.firstMalformed }),
      ...(result.inputError !== undefined && { error: result.inputError.message }),
      ...(result.skip !== undefined && { skip: result.skip }),
    },
    outcomes: sumOf(rows),
    repeatedAttempts: tally.repeats,
    connections: totals.connections,
    failures: tally.failures,
    notes: tally.notes,
    deadLetters: {
      count: deadLetters.count,
      ...(deadLetters.count > 0 && { path: deadLetters.path }),
      ...(deadLetters.lost > 0 && { lost: deadLetters.lost }),
      ...(deadLetters.failure !== undefined && { error: deadLetters.failure.message }),
    },
  }
}
