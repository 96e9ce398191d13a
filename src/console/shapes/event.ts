import type { OutcomeKind } from '../../outcome'

/** An outcome, or an attempt that will be made again. */
export type OutcomeRow = {
  readonly id: string
  readonly at: string
  readonly kind: OutcomeKind
  readonly messageId: string
  readonly event: string
  readonly type: string
  readonly person: string
  readonly connection: string
  readonly subscription: string
  readonly action: string
  /** The response in short: a status, a code, a sentence. */
  readonly response: string
  readonly nextTry?: string
  readonly durationMs?: number
}

export type Step = {
  readonly kind: 'queue' | 'lane' | 'batch' | 'attempt' | 'backoff' | 'hold'
  readonly label: string
  /** Milliseconds since the event was received. */
  readonly from: number
  readonly to?: number
  /** What stands at the right: a duration or a status. */
  readonly note?: string
  /** Id of the exchange of an attempt. */
  readonly attempt?: string
  readonly outcome?: OutcomeKind
}

export type Leg = {
  readonly connection: string
  readonly subscription: string
  readonly action: string
  readonly outcome?: OutcomeKind
  readonly state: 'ended' | 'waiting' | 'skipped' | 'dead'
  readonly durationMs?: number
  readonly nextTry?: string
  readonly why: readonly string[]
  readonly steps: readonly Step[]
  readonly changes: readonly {
    readonly path: string
    readonly kind: 'coerced' | 'dropped'
    readonly reason: string
  }[]
  readonly exchanges: readonly Exchange[]
  readonly deadId?: string
}

/** A request of an attempt and what came back, secrets masked, cut at 64 KB. */
export type Exchange = {
  readonly id: string
  readonly method: string
  readonly url: string
  readonly requestHeaders?: Readonly<Record<string, string>>
  readonly requestBody?: string
  readonly status?: number
  readonly responseHeaders?: Readonly<Record<string, string>>
  readonly responseBody?: string
  readonly error?: string
  readonly durationMs?: number
  readonly isCut: boolean
}

export type Journey = {
  readonly messageId: string
  readonly name: string
  readonly type: string
  readonly received: string
  /** One sentence of the end. */
  readonly summary: string
  /** Absent where it is not kept any more, or may not be seen. */
  readonly event?: unknown
  readonly source?: string
  readonly library?: string
  readonly person?: string
  readonly samePerson?: number
  readonly legs: readonly Leg[]
  /** Other events of the same id, newest first. */
  readonly others?: readonly { readonly received: string }[]
}
