import type { DestinationDefinition, ExecuteInput, RefreshAccessTokenResult } from '@segment/actions-core'
import type { DestinationExtensions } from '../definition/define'
import type { ActionState } from '../definition/execute-input'
import type { ProxyOptions } from '../delivery/request/proxy'
import type { TlsOptions } from '../delivery/request/transport'
import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import type { AttemptReport } from './dispatch/attempt-report'

/** When a batch is sent: at `maxCount` items, at `maxBytes` bytes of JSON, or `maxAgeMs` after its first item. */
export type BatchOptions = {
  /** Default: the mapping's `batch_size`, else 100. */
  readonly maxCount?: number
  /** Default: the mapping's `batch_bytes`, else no limit. */
  readonly maxBytes?: number
  /** Milliseconds. Default 1,000. */
  readonly maxAgeMs?: number
}

/** One rule: which events of a connection go through which action, and how the payload is made. */
export type SubscriptionConfiguration = {
  /** Default: the action's slug, with a number if several subscriptions use it. */
  readonly name?: string
  /** Slug of the action. Stored subscriptions of Segment call it `partnerAction`, which works too. */
  readonly action?: string
  readonly partnerAction?: string
  /** FQL. Stored subscriptions of Segment call it `subscribe`, which works too. */
  readonly filter?: string
  readonly subscribe?: string
  /** Default: the defaults of the action's fields. */
  readonly mapping?: Readonly<Record<string, unknown>>
  /** Default true. */
  readonly enabled?: boolean
  /** `false` sends event by event. Default: batches where the action and its mapping allow them. */
  readonly batch?: false | BatchOptions
  /** True for a subscription that comes from the definition. */
  readonly isPreset?: boolean
  /** Ids of a subscription stored at Segment; actions get them as `subscriptionMetadata`. */
  readonly ID?: string
  readonly ConfigID?: string
  readonly ActionID?: string
  readonly ProjectID?: string
}

/** A destination with settings and subscriptions. */
export type Connection = {
  /** Unique in the runtime. Default: the destination's slug or name. */
  readonly name?: string
  // biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ; they are checked at run time
  readonly destination: DestinationDefinition<any> & DestinationExtensions
  readonly settings: Readonly<Record<string, unknown>>
  /**
   * Values that nothing may show, beside those of settings that are secrets by their type or name (see `secretsOf`):
   * the command line adds what came from the environment.
   */
  readonly secrets?: readonly string[]
  /** How this connection reaches the network; goes over the runtime's. */
  readonly network?: NetworkOptions
  /** `presets`: all automatic presets of the destination. */
  readonly subscriptions: 'presets' | readonly SubscriptionConfiguration[]
  /** FQL over the whole connection: events that do not match are skipped. */
  readonly filter?: string
  /** Default true. */
  readonly enabled?: boolean
  /** Default: what the definition asks for, else `none`. */
  readonly ordering?: 'user' | 'none'
  /** How `waybill audience sync` tells who came into an audience and who left it. */
  readonly audiences?: {
    /** As a trait of the person, or as an event. Default `identify`. */
    readonly call?: 'identify' | 'track'
    /** Milliseconds before the first sync of an audience is sent. Default 0. */
    readonly startDelayMs?: number
    /** People per second. Default: no bound but that of requests. */
    readonly perSecond?: number
  }
  /** Limits of this connection's credentials; they go over the runtime's and the definition's. */
  readonly limits?: {
    readonly concurrency?: number
    readonly requestsPerSecond?: number
    readonly maxPending?: number
  }
}

export type Limits = {
  /** Requests in flight per connection. Default 16. */
  readonly concurrency?: number
  /** Requests started per second and connection. Default: what the definition says, else no limit. */
  readonly requestsPerSecond?: number
  /**
   * Deliveries of one connection that the runtime holds at a time, in flight or waiting. A source is slowed down while a
   * connection that makes progress has as many; what a connection that makes none cannot take any more ends as `retry`
   * with the code BACKLOG_FULL. Default 5,000.
   */
  readonly maxPending?: number
  /** Milliseconds from the first byte out to the last byte in; waiting for a free connection is not part of it. Default 10,000. */
  readonly timeoutMs?: number
  /**
   * Milliseconds after which an action, a token refresh, a poll or a hook that has not ended counts as failed; its
   * `signal` fires then. Default: 6 times `timeoutMs`, which is 60,000.
   */
  readonly actionTimeoutMs?: number
  /** Default 1 MiB. */
  readonly maxResponseBytes?: number
}

/** How requests reach the network. Without effect where `fetch` sends them. */
export type NetworkOptions = {
  /**
   * Proxies by the protocol of the request, as `http://user:password@host:port`, and the hosts that are reached without
   * one, as in the variable `NO_PROXY`. Default: none; the command line takes `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`.
   */
  readonly proxy?: ProxyOptions
  /** Certificates to trust, and the client's own: PEM, as in `node:tls`. */
  readonly tls?: TlsOptions
  /**
   * False: nothing is sent to an address within a private network or this machine, whatever a setting, a redirect or
   * the answer of a name server says. For hosts that let others write the settings. With a proxy the proxy resolves
   * names, so that only addresses that are written as numbers are checked. Default true.
   */
  readonly allowPrivateAddresses?: boolean
}

export type RetryOptions = {
  /**
   * Milliseconds, from an item's first attempt, within which it is tried again. Default 0: one attempt, and the
   * outcome `retry` tells the caller.
   */
  readonly forMs?: number
  /** Most attempts. Default: no limit within the window. */
  readonly maxAttempts?: number
  /** First back-off in milliseconds. Default 1,000. */
  readonly minMs?: number
  /** Longest back-off in milliseconds. Default 300,000. */
  readonly maxMs?: number
  /** Send again what was sent without an answer, even where the vendor cannot tell. Default false. */
  readonly allowDuplicates?: boolean
}

/** How the jobs of asynchronous actions (`performPoll`) are followed. */
export type PollingOptions = {
  /** Milliseconds between two questions. Default 10,000. */
  readonly intervalMs?: number
  /** Milliseconds after which a job that has not ended counts as unknown. Default 3,600,000. */
  readonly deadlineMs?: number
}

/** Where the runtime gets time from; replaced in tests. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds that never run backwards, whoever sets the clock: waits and rates go by them. Default: `now`. */
  monotonic?(): number
  /** Calls `task` after `ms` milliseconds; the result cancels it. */
  after(ms: number, task: () => void): () => void
}

export type RuntimeListeners = {
  /** Every final outcome but skips, with its event. */
  outcome?(outcome: Outcome, event: SegmentEvent): void
  /** An attempt that will be made again after `afterMs` milliseconds. */
  retry?(outcome: Outcome, afterMs: number): void
  /** The credentials of a connection were refused; nothing more is sent until `retryAfterMs` have passed. */
  connectionBlocked?(connection: string, outcome: Outcome): void
  /** Every attempt, with its requests; costs nothing where nobody listens. */
  attempt?(report: AttemptReport): void
  /** New tokens of an OAuth connection, to be stored; requests with them wait until it has resolved, but not longer than an action may take. */
  tokenRefresh?(connection: string, tokens: RefreshAccessTokenResult): void | Promise<void>
  /** A filter failed on an event, which therefore did not match. */
  filterError?(connection: string, subscription: string | undefined, error: unknown): void
  /** A queue failed; what it holds stays there, and it is tried again. Default: it is written to standard error. */
  storeError?(error: unknown): void
  /**
   * Something in a connection works, but perhaps not as it was meant; told when it opens. Default: it is written to
   * standard error.
   */
  warning?(connection: string, message: string): void
  /**
   * Another listener threw or rejected, which changes nothing; told once for each. Default: it is written to standard
   * error.
   */
  listenerError?(listener: string, error: unknown): void
}

/** What the runtime passes through to actions as it is. */
export type ActionContext = Pick<
  ExecuteInput<unknown, unknown>,
  'features' | 'statsContext' | 'logger' | 'engageDestinationCache' | 'transactionContext' | 'stateContext'
> & {
  /** What destinations remember, such as tokens and who is who: the `state` of a store. Default: nothing is kept. */
  readonly state?: ActionState
}

export type RuntimeOptions = {
  readonly connections: readonly Connection[]
  /** Sends all requests through this function (recorders, own HTTP stacks). Default: pooled connections. */
  readonly fetch?: typeof fetch
  readonly clock?: Clock
  /** A number from 0 up to 1, for the jitter of retries. Default `Math.random`. */
  readonly random?: () => number
  readonly network?: NetworkOptions
  readonly limits?: Limits
  readonly retry?: RetryOptions
  readonly polling?: PollingOptions
  /**
   * Called before the tokens of a connection are renewed, once for all who wait for them: the place to take a lock
   * that several processes share. Tokens that it resolves with (another process has renewed them meanwhile) are
   * taken, and nothing is renewed.
   */
  readonly synchronizeRefreshAccessToken?: (
    connection: string,
  ) => Promise<RefreshAccessTokenResult | undefined>
  readonly on?: RuntimeListeners
  readonly context?: ActionContext
  /** Reads filters and mappings as `@segment/actions-core` does, defects included. Default false. */
  readonly compatibility?: boolean
  /**
   * Whether busy filters and mappings may be turned into generated code, where the platform allows that. False: they
   * stay closures, with the same results at a fifth of the speed. Default true.
   */
  readonly codeGeneration?: boolean
}
