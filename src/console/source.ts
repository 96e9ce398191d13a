import type { SegmentEvent } from '../event'
import type { DestinationManifest } from '../manifest/manifest'
import type { OutcomeKind } from '../outcome'
import type { Series, SeriesRange } from '../telemetry/series'
import type {
  AuditEntry,
  CheckResult,
  ConnectionDetail,
  DeadGroups,
  DeadQuery,
  DeadRow,
  DevState,
  ExplainResult,
  Health,
  Job,
  Journey,
  LaneDetail,
  LanePage,
  LaneState,
  Me,
  OutcomeRow,
  Overview,
  Page,
  Selection,
  VendorInfo,
  VendorRequests,
  VendorView,
} from './shapes'

/** Who asks. */
export type Caller = { readonly name: string }

export type PageQuery = { readonly limit: number; readonly after?: string }

export type OutcomeQuery = PageQuery & {
  readonly kinds?: readonly OutcomeKind[]
  readonly connection?: string
  readonly q?: string
}

export type ExplainRequest = {
  /** Slug of a destination, with its presets or `action`; or the name of a connection. */
  readonly destination?: string
  readonly connection?: string
  readonly subscription?: string
  readonly action?: string
  readonly filter?: string
  readonly mapping?: Readonly<Record<string, unknown>>
  readonly settings?: Readonly<Record<string, unknown>>
  readonly event: SegmentEvent
}

export type AuthenticationTest = { readonly ok: boolean; readonly message?: string; readonly at: string }

export type Fault = { readonly answer: '429' | '503' | 'nothing' | '200'; readonly times: number }

/** A live view of outcomes for one client. */
export type OutcomeFeed = {
  /** What came since the last call: all counted, at most six rows, failures first. */
  take(): { readonly seen: Record<OutcomeKind, number>; readonly rows: readonly OutcomeRow[] }
  close(): void
}

/**
 * Everything that the API asks for. The API knows HTTP, permissions and paging alone; what is behind this port knows
 * the runtime and the queue. Methods that are absent are features that are not there (`Me.features`).
 */
export interface ConsoleSource {
  about(): Omit<Me, 'permissions' | 'signedIn'>
  overview(range: SeriesRange): Promise<Overview>
  series(range: SeriesRange, connection?: string): Series
  /** Undefined where there is none of this name, as everywhere below. */
  connection(name: string): Promise<ConnectionDetail | undefined>
  readonly connectionNames: readonly string[]
  pause(name: string, caller: Caller): Promise<Health | undefined>
  resume(name: string, caller: Caller): Promise<Health | undefined>
  tryNow(name: string, caller: Caller): Promise<Health | undefined>
  testCredentials(name: string, caller: Caller): Promise<AuthenticationTest | undefined>
  lanes(
    name: string,
    query: PageQuery & { readonly state?: LaneState; readonly q?: string },
  ): Promise<LanePage | undefined>
  lane(name: string, key: string): Promise<LaneDetail | undefined>
  /** @throws ApiError 409 where it is no longer the first. */
  setAside(
    name: string,
    key: string,
    first: { readonly messageId: string; readonly subscription: string },
    caller: Caller,
  ): Promise<{ readonly deadId: string } | undefined>
  outcomes(query: OutcomeQuery): Promise<Page<OutcomeRow>>
  journey(messageId: string): Promise<Journey | undefined>
  findIds(q: string): Promise<{ readonly events: readonly string[]; readonly persons: readonly string[] }>
  deadGroups(): Promise<DeadGroups>
  dead(query: DeadQuery & PageQuery): Promise<Page<DeadRow>>
  deadLetter(id: string): Promise<(DeadRow & { readonly letter: unknown }) | undefined>
  /** Lines of NDJSON, as `waybill run --dead-letters` writes them. */
  exportDead(query: DeadQuery): AsyncIterable<string>
  /** `until`: milliseconds since the epoch; what died then or later does not count. */
  countDead(query: DeadQuery, until?: number): Promise<number>
  /** @throws ApiError 409 where the number is not the expected one. */
  startJob(kind: Job['kind'], selection: Selection, caller: Caller): Promise<Job>
  job(id: string): Job | undefined
  stopJob(id: string, caller: Caller): Job | undefined
  destinations(): Readonly<Record<string, DestinationManifest>>
  explain(request: ExplainRequest): Promise<ExplainResult>
  send(
    request: ExplainRequest & { readonly to: 'emulator' | 'connection' },
    caller: Caller,
  ): Promise<ExplainResult>
  samples(): readonly { readonly name: string; readonly event: SegmentEvent }[]
  vendors(): readonly VendorInfo[]
  vendorView(
    slug: string,
    view: string,
    query: PageQuery & { readonly q?: string },
  ): Promise<VendorView | undefined>
  vendorRequests(slug: string): Promise<VendorRequests | undefined>
  fault(slug: string, fault: Fault, caller: Caller): Promise<boolean>
  emptyVendor(slug: string, caller: Caller): Promise<boolean>
  /** Reads the configuration again: what changed, or every problem. */
  reload?(caller: Caller): Promise<{ readonly changed: readonly string[] }>
  /** Hands 100 sample events to ingestion; only where all targets are emulators. */
  sendSamples?(caller: Caller): Promise<{ readonly sent: number }>
  dev?(): DevState
  /** The last checks, so that a page that comes back finds its job. */
  readonly checks?: ReadonlyMap<string, CheckResult>
  audit(connection?: string): readonly AuditEntry[]
  feed(filter: OutcomeFeedFilter): OutcomeFeed
  /** Outcomes of the last full second. */
  perSecond(): Record<OutcomeKind, number>
  /** Calls back when something changed that is told at once; the result takes it off. */
  onChange(
    listener: (topic: 'overview' | 'dev' | `connection:${string}` | `job:${string}`) => void,
  ): () => void
}

export type OutcomeFeedFilter = {
  readonly kinds?: readonly OutcomeKind[]
  readonly connection?: string
  readonly q?: string
}
