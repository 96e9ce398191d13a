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
  /** A connection that takes the place of another goes on with its rows. */
  const rowOf = (connection: string, subscription: string): SubscriptionTotals => {
    value.connections[connection] ??= {}
    const named = value.connections[connection] as Record<string, SubscriptionTotals>
    named[subscription] ??= emptyRow()
    return named[subscription]
  }
  for (const { name, subscriptions } of connections) {
    value.connections[name] = {}
    for (const subscription of subscriptions)
      if (!subscription.isDeletion) rows.set(subscription, rowOf(name, subscription.name))
  }
  return {
    value,
    /** Counts a delivery by the names in its outcome. */
    countOutcome(this: void, outcome: Outcome): void {
      value.events += 1
      const row = rowOf(outcome.connection, String(outcome.subscription))
      add(row, outcome.kind, outcome.kind === 'skipped' ? outcome.reason : undefined)
    },
    count(
      connection: OpenConnection,
      subscription: OpenSubscription,
      kind: OutcomeKind,
      reason?: SkipReason,
    ): void {
      let row = rows.get(subscription)
      if (row === undefined) {
        row = rowOf(connection.name, subscription.name)
        rows.set(subscription, row)
      }
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
