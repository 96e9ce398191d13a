import type { SubscriptionTotals } from 'waybill'

/** Two numbers that have to be equal: what waybill counted, and what the vendor did. */
export type VendorCheck = { readonly what: string; readonly expected: number; readonly actual: number }

/** An emulated vendor that the demo delivers to. */
export type RunningVendor = {
  readonly name: string
  readonly url: string
  /** Variables that the example configuration refers to. */
  readonly environment: Readonly<Record<string, string>>
  /** Settings that point the connection at the emulator. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What the vendor holds now, for a person to read. */
  describe(): string
  /** Holds the vendor's own counts against what became of the events, by subscription. */
  checks(rows: Readonly<Record<string, SubscriptionTotals>>): readonly VendorCheck[]
  close(): Promise<void>
}

/** Starts a vendor on loopback. */
export type StartVendor = () => Promise<RunningVendor>

/** How many events a connection's subscriptions delivered, all or those of one name. */
export const deliveredBy = (
  rows: Readonly<Record<string, SubscriptionTotals>>,
  subscription?: string,
): number =>
  Object.entries(rows)
    .filter(([name]) => subscription === undefined || name === subscription)
    .reduce((sum, [, row]) => sum + row.delivered, 0)
