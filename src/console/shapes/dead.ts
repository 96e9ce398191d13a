import type { OutcomeKind } from '../../outcome'

export type DeadGroup = {
  /** Opaque, the same for the same reason. */
  readonly id: string
  readonly kind: OutcomeKind
  readonly message: string
  readonly connection: string
  readonly subscription: string
  readonly action: string
  readonly code: string
  readonly count: number
  readonly last?: string
  readonly spark: readonly number[]
}

export type DeadGroups = {
  readonly groups: readonly DeadGroup[]
  readonly count: number
  readonly keptDays?: number
  readonly firstLeaves?: string
}

export type DeadRow = {
  readonly id: string
  readonly messageId: string
  readonly event: string
  readonly type: string
  readonly person: string
  readonly connection: string
  readonly subscription: string
  readonly why: string
  readonly tries: number
  readonly ended: string
}

/** Which dead letters: some, or everything that a filter selects as of a moment. */
export type Selection =
  | { readonly ids: readonly string[] }
  | {
      readonly filter: DeadQuery
      readonly asOf: string
      /** How many the person was shown; another number is refused. */
      readonly expected: number
    }

export type DeadQuery = {
  readonly group?: string
  readonly connection?: string
  /** A message id, a person, or FQL over the event. */
  readonly q?: string
  /** Milliseconds back from now. */
  readonly withinMs?: number
}

export type CheckResult = {
  readonly of: number
  readonly checked: number
  /** True where a sample was checked first. */
  readonly isSample: boolean
  readonly passes: number
  readonly invalid: readonly { readonly message: string; readonly count: number; readonly example: string }[]
  readonly unsubscribed: number
  readonly maybeArrived: number
}

export type Job = {
  readonly id: string
  readonly kind: 'check' | 'replay' | 'drop'
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  readonly done: number
  readonly of: number
  readonly startedBy: string
  readonly startedAt: string
  readonly result?: CheckResult | { readonly replayed: number } | { readonly dropped: number }
  readonly error?: string
}
