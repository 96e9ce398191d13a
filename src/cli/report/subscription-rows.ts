import { type OutcomeKind, outcomeKinds, type SubscriptionTotals } from 'waybill'

type Counts = Readonly<Record<OutcomeKind, number>>

/** A line of the summary: a subscription, or all those that are not shown. */
export type SubscriptionRow = { readonly name: string; readonly row: Counts }

const shown = 10

const hasFailed = (row: Counts) =>
  outcomeKinds.some((kind) => kind !== 'delivered' && kind !== 'skipped' && row[kind] > 0)

const sum = (rows: readonly Counts[]) =>
  Object.fromEntries(
    outcomeKinds.map((kind) => [kind, rows.reduce((total, row) => total + row[kind], 0)]),
  ) as Counts

/**
 * The subscriptions of a connection for the summary, in their order. Of more than ten, those that delivered most and
 * all in which something failed; the others are summed up in one line.
 */
export function subscriptionRows(
  subscriptions: Readonly<Record<string, SubscriptionTotals>>,
): SubscriptionRow[] {
  const rows = Object.entries(subscriptions).map(([name, row]) => ({ name, row }))
  if (rows.length <= shown) return rows
  const byDelivered = [...rows].sort((one, other) => other.row.delivered - one.row.delivered)
  const chosen = new Set([...byDelivered.slice(0, shown - 1), ...rows.filter(({ row }) => hasFailed(row))])
  const others = rows.filter((row) => !chosen.has(row))
  if (others.length < 2) return rows
  return [
    ...rows.filter((row) => chosen.has(row)),
    { name: `… ${others.length} others`, row: sum(others.map(({ row }) => row)) },
  ]
}
