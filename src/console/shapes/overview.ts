import type { SeriesRange } from '../../telemetry/series'

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
