import { type OutcomeKind, outcomeKinds, type SkipReason } from '../outcome'
import type { OpenConnection } from './open-connection'

/** How many events ended in which way, for one subscription. */
export type SubscriptionTotals = { [Kind in OutcomeKind]: number } & {
  skipReasons: Partial<Record<SkipReason, number>>
}

/** What became of a stream: per connection and subscription, outcomes by kind. */
export type Totals = {
  /** Events taken from the source. */
  events: number
  connections: Record<string, Record<string, SubscriptionTotals>>
}

/** Starts counting; every subscription has its row from the start, deletions from the first one on. */
export function createTotals(connections: readonly OpenConnection[]) {
  const value: Totals = { events: 0, connections: {} }
  for (const connection of connections) {
    const rows: Record<string, SubscriptionTotals> = {}
    for (const { name, isDeletion } of connection.subscriptions) if (!isDeletion) rows[name] = emptyRow()
    value.connections[connection.name] = rows
  }
  return {
    value,
    count(connection: string, subscription: string, kind: OutcomeKind, reason?: SkipReason): void {
      const rows = value.connections[connection]
      if (rows === undefined) return
      rows[subscription] ??= emptyRow()
      const row = rows[subscription]
      row[kind] += 1
      if (reason !== undefined) row.skipReasons[reason] = (row.skipReasons[reason] ?? 0) + 1
    },
  }
}

const emptyRow = (): SubscriptionTotals =>
  ({ ...Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])), skipReasons: {} }) as SubscriptionTotals
