import type { SubscriptionTotals } from 'waybill'
import type { Emulator } from './emulator-types'

/** Two numbers that have to be equal: what waybill counted, and what the vendor did. */
export type VendorCheck = { readonly what: string; readonly expected: number; readonly actual: number }

/** A part of what a vendor holds, for people to read: sentences, a table, or both. */
export type VendorView = {
  readonly title: string
  readonly lines?: readonly string[]
  readonly table?: {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly (string | number)[])[]
    /** How many rows there are beyond those shown. */
    readonly hiddenRows?: number
  }
}

/** A table of what a vendor holds, described as data: what shows it needs to know nothing of the vendor. */
export type VendorTable = {
  readonly id: string
  readonly title: string
  readonly columns: readonly {
    readonly title: string
    /** How it is shown. Default `text`. */
    readonly kind?: 'id' | 'text' | 'number' | 'time'
    /** Where it stands in a row, with dots; or what makes it of a row. */
    readonly value: string | ((row: Readonly<Record<string, unknown>>) => unknown)
  }[]
  /** Plain data, newest or most important first. */
  rows(): readonly unknown[]
}

/** A vendor from the inside: its server, what it holds, and what it took and did not keep. */
export type VendorInspection = {
  readonly emulator: Emulator
  readonly tables: readonly VendorTable[]
  /** What was accepted and thrown away without a word, most frequent first. */
  thrownAway?(): readonly { readonly what: string; readonly count: number }[]
  /** Forgets what the vendor holds. Absent: it cannot be emptied. */
  empty?(): void
}

/** An emulated vendor with the data of the demo. */
export type DemoVendor = {
  readonly name: string
  readonly url: string
  /** Variables that the example configuration refers to. */
  readonly environment: Readonly<Record<string, string>>
  /** Settings that point the connection at the emulator. */
  readonly settings: Readonly<Record<string, unknown>>
  /** For the console. */
  readonly inspection?: VendorInspection
  /** What the vendor holds now. */
  views(): readonly VendorView[]
  /** Holds the vendor's own counts against what became of the events, by subscription. */
  checks(rows: Readonly<Record<string, SubscriptionTotals>>): readonly VendorCheck[]
  close(): Promise<void>
}

/** Starts a vendor on loopback. */
export type StartDemoVendor = () => Promise<DemoVendor>

/** How many events a connection's subscriptions delivered, all or those of one name. */
export const deliveredBy = (
  rows: Readonly<Record<string, SubscriptionTotals>>,
  subscription?: string,
): number =>
  Object.entries(rows)
    .filter(([name]) => subscription === undefined || name === subscription)
    .reduce((sum, [, row]) => sum + row.delivered, 0)
