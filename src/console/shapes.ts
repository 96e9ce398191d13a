import type { Explanation } from '../explain/explain'
import type { OutcomeKind } from '../outcome'
import type { SeriesRange } from '../telemetry/series'

// What the API of the console gives. Times are ISO 8601 unless a name says otherwise; spans are milliseconds.

export const permissions = ['read', 'payloads', 'operate', 'send'] as const
/** `payloads`: sees values of events. `operate`: pauses, replays, drops. `send`: sends to real connections. */
export type Permission = (typeof permissions)[number]

export type Me = {
  readonly version: string
  /** `local`, `production`: a name that the operator gives. */
  readonly environment: string
  readonly store: { readonly kind: string; readonly bytes?: number; readonly durable: boolean }
  readonly permissions: readonly Permission[]
  /** `dev`: an author's package is watched. `vendors`: emulators run. `reload`: the configuration can be read again. */
  readonly features: readonly string[]
  /** Where SDKs send to, and a write key to show in examples. */
  readonly ingest?: { readonly url: string; readonly writeKey?: string }
  /** True where a session can be ended. */
  readonly signedIn: boolean
}

export const connectionStates = [
  'blocked',
  'behind',
  'retrying',
  'paused',
  'failing',
  'delivering',
  'idle',
  'disabled',
] as const
/** The state of a connection, worst first. */
export type ConnectionState = (typeof connectionStates)[number]

export type Health = {
  readonly name: string
  readonly destination: { readonly slug: string; readonly name: string }
  readonly state: ConnectionState
  /** One line: why it is in this state. */
  readonly reason: string
  /** Deliveries a second, now. */
  readonly perSecond: number
  /** Share (0 to 1) of what ended in the range and was not skipped; absent where nothing ended. */
  readonly delivered?: number
  readonly waiting: number
  /** When the oldest that waits was received. */
  readonly oldest?: string
  readonly p95Ms?: number
  readonly dead: number
  /** Deliveries in equal steps over the range, oldest first. */
  readonly spark: readonly number[]
  readonly ordered: boolean
}

export type CauseKind = 'blocked' | 'rejected' | 'behind' | 'invalid' | 'store' | 'retrying'

/** Something that needs a person, with everything that it makes wait. */
export type Cause = {
  /** The same as long as the cause is the same; muting goes by it. */
  readonly id: string
  readonly kind: CauseKind
  readonly connection?: string
  readonly destination?: string
  readonly action?: string
  readonly title: string
  /** What happens, since when, how many wait, what comes next. */
  readonly details: readonly string[]
  readonly since?: string
  readonly nextTry?: string
  readonly events: number
  readonly people?: number
  /** The group of dead letters that it made. */
  readonly group?: string
  /** A message id to open in the tester. */
  readonly example?: string
}

export type Figures = {
  readonly receivedPerSecond: number
  /** The busiest second of the range, averaged over one step. */
  readonly peakPerSecond: number
  readonly deliveredPerSecond: number
  readonly deliveredShare?: number
  readonly waiting: number
  readonly waitingPaused: number
  /** Of connections that are neither paused nor disabled. */
  readonly oldest?: { readonly received: string; readonly connection: string }
  readonly dead: number
  readonly deadLastDay: number
  readonly deadLastHour: number
}

/** Something that happened to a connection, for the chart. */
export type Mark = {
  readonly at: string
  readonly connection: string
  readonly text: string
  readonly kind: CauseKind | 'paused' | 'resumed' | 'mended'
}

export type Overview = {
  readonly asOf: string
  readonly range: SeriesRange
  readonly figures: Figures
  readonly causes: readonly Cause[]
  readonly connections: readonly Health[]
  readonly marks: readonly Mark[]
  /** True until the first event has come since the store was made. */
  readonly isEmpty: boolean
}

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

/** An explanation, with what the event has in place of what a field looked for. */
export type ExplainResult = Explanation & {
  readonly durationMs: number
  /** By field: the path of the event that is nearest to one that is missing. */
  readonly nearest: Readonly<Record<string, string>>
}

export type VendorColumn = {
  readonly key: string
  readonly title: string
  readonly kind: 'id' | 'text' | 'number' | 'time'
}

export type VendorInfo = {
  readonly slug: string
  readonly name: string
  readonly url: string
  readonly views: readonly { readonly id: string; readonly title: string; readonly count: number }[]
  readonly accepted: number
  readonly refused: number
}

export type VendorView = {
  readonly id: string
  readonly columns: readonly VendorColumn[]
  readonly rows: readonly {
    readonly key: string
    readonly cells: readonly (string | number | null)[]
    readonly card: unknown
  }[]
  readonly count: number
}

export type VendorRequests = {
  readonly requests: readonly {
    readonly at: string
    readonly method: string
    readonly path: string
    readonly status?: number
    readonly about: string
    readonly durationMs: number
    readonly body: string
    readonly answer?: string
  }[]
  readonly thrownAway: readonly { readonly what: string; readonly count: number }[]
}

/** What authors see while they edit (`waybill dev`). */
export type DevState = {
  readonly folder: string
  readonly loadedAt: string
  readonly destinations: readonly string[]
  readonly problems: readonly {
    readonly file: string
    readonly line?: number
    readonly message: string
    readonly kind: 'types' | 'load' | 'snapshot'
  }[]
  readonly isChecking: boolean
}

/** What `GET /api/stream` sends, by topic. */
export type StreamMessages = {
  readonly hello: { readonly asOf: string; readonly every: number; readonly version: string }
  readonly overview: Overview
  readonly bucket: {
    readonly connection?: string
    readonly start: number
    readonly received: number
    readonly kinds: Readonly<Record<OutcomeKind, number>>
  }
  readonly outcomes: {
    readonly seen: Readonly<Record<OutcomeKind, number>>
    readonly rows: readonly OutcomeRow[]
    /** Outcomes of the last second, of all kinds. */
    readonly perSecond: Readonly<Record<OutcomeKind, number>>
  }
  readonly connection: ConnectionDetail
  readonly job: Job
  readonly dev: DevState
  readonly bye: { readonly reason: string }
}
export type StreamTopic = keyof StreamMessages
