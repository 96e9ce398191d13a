import type { OutcomeKind } from '../../outcome'
import type { Health } from './overview'

export type SettingRow = {
  readonly key: string
  readonly label: string
  /** Masked where it is a secret. */
  readonly value: string
  /** `file`, `default`, or the name of an environment variable. */
  readonly origin: string
  readonly isSecret: boolean
}

export type SubscriptionRow = {
  readonly name: string
  readonly action: string
  readonly title: string
  readonly filter: string
  readonly isEnabled: boolean
  readonly fieldsFilled: number
  readonly fields: number
  readonly kinds: Readonly<Partial<Record<OutcomeKind, number>>>
  readonly lastMatch?: { readonly messageId: string; readonly at: string }
  readonly mapping: Readonly<Record<string, unknown>>
}

export type AuditEntry = {
  readonly at: string
  readonly who: string
  readonly what: string
  readonly count?: number
}

export type ConnectionDetail = Health & {
  readonly subscriptions: readonly SubscriptionRow[]
  readonly settings: readonly SettingRow[]
  readonly limits: { readonly concurrency?: number; readonly requestsPerSecond?: number }
  readonly block?: {
    readonly since: string
    readonly until?: string
    readonly status?: number
    readonly message: string
    /** Variables that hold the credentials. */
    readonly variables: readonly string[]
  }
  readonly pause?: { readonly since: string; readonly by: string }
  readonly authentication: {
    readonly canBeTested: boolean
    readonly scheme: string
    readonly last?: { readonly at: string; readonly ok: boolean; readonly message?: string }
    readonly expires?: string
  }
  readonly audit: readonly AuditEntry[]
}

export const laneStates = ['ready', 'retrying', 'held', 'joined'] as const
export type LaneState = (typeof laneStates)[number]

export type LaneRow = {
  /** Opaque. */
  readonly key: string
  readonly person: string
  readonly state: LaneState
  /** Of the first in line. */
  readonly event: string
  readonly why: string
  readonly events: number
  readonly nextTry?: string
  readonly since: string
}

export type Page<Item> = {
  readonly items: readonly Item[]
  readonly next?: string
  readonly count?: { readonly value: number; readonly exact: boolean }
  /** When it was counted: what came later is not in the count. */
  readonly asOf?: string
}

export type LanePage = Page<LaneRow> & {
  readonly totals: Readonly<Record<LaneState, number>>
  /** How many lanes wait how long: upper bounds in milliseconds. */
  readonly ages: readonly { readonly uptoMs?: number; readonly lanes: number }[]
}

export type LaneEvent = {
  readonly messageId: string
  readonly subscription: string
  readonly event: string
  readonly received: string
  readonly why: string
  readonly attempt: number
}

export type LaneDetail = LaneRow & { readonly list: readonly LaneEvent[] }
