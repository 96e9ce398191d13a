import { type Outcome, type OutcomeKind, outcomeKinds, type SkipReason } from '../../outcome'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'

/** How many events ended in which way, for one subscription. */
export type SubscriptionTotals = { [Kind in OutcomeKind]: number } & {
  skipReasons: Partial<Record<SkipReason, number>>
}

/** What became of a stream: per connection and subscription, outcomes by kind. */
export type Totals = {
  /** Events taken from the source; of a queue, deliveries that ended. */
  events: number
  connections: Record<string, Record<string, SubscriptionTotals>>
}

/** Starts counting; every subscription has its row from the start, deletions from the first one on. */
export function createTotals(connections: readonly OpenConnection[]) {
  const value: Totals = { events: 0, connections: {} }
  const rows = new Map<OpenSubscription, SubscriptionTotals>()
  const addRow = (connection: OpenConnection, subscription: OpenSubscription): SubscriptionTotals => {
    const row = emptyRow()
    rows.set(subscription, row)
    value.connections[connection.name] ??= {}
    const named = value.connections[connection.name] as Record<string, SubscriptionTotals>
    named[subscription.name] = row
    return row
  }
  for (const connection of connections) {
    value.connections[connection.name] = {}
    for (const subscription of connection.subscriptions)
      if (!subscription.isDeletion) addRow(connection, subscription)
  }
  const byName = new Map(
    connections.flatMap((connection) =>
      connection.subscriptions.map(
        (subscription) => [`${connection.name}\n${subscription.name}`, { connection, subscription }] as const,
      ),
    ),
  )
  return {
    value,
    /** Counts a delivery by the names in its outcome. */
    countOutcome(this: void, outcome: Outcome): void {
      const found = byName.get(`${outcome.connection}\n${outcome.subscription}`)
      if (found === undefined) return
      value.events += 1
      const row = rows.get(found.subscription) ?? addRow(found.connection, found.subscription)
      add(row, outcome.kind, outcome.kind === 'skipped' ? outcome.reason : undefined)
    },
    count(
      connection: OpenConnection,
      subscription: OpenSubscription,
      kind: OutcomeKind,
      reason?: SkipReason,
    ): void {
      const row = rows.get(subscription) ?? addRow(connection, subscription)
      add(row, kind, reason)
    },
  }
}

function add(row: SubscriptionTotals, kind: OutcomeKind, reason: SkipReason | undefined): void {
  row[kind] += 1
  if (reason !== undefined) row.skipReasons[reason] = (row.skipReasons[reason] ?? 0) + 1
}

const emptyRow = (): SubscriptionTotals =>
  ({ ...Object.fromEntries(outcomeKinds.map((kind) => [kind, 0])), skipReasons: {} }) as SubscriptionTotals
