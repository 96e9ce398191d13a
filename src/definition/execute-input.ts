import type { ExecuteInput, RequestFn } from '@segment/actions-core'
import type { Verdict } from '../outcome'

/** How an action tells the operator what it left out. Ends up as `notes` of the outcome. */
export type DeliveryNotes = {
  /** A value was left out of the request: say which field of the vendor, and why. */
  dropped(field: string, reason: string, item?: number): void
  /** Nothing has to be sent for this event: its outcome is `skipped`, with this reason as a note. */
  nothingToSend(reason: string, item?: number): void
}

/**
 * Small values that a destination keeps beyond the event and, where the runtime has a store, beyond the process. The
 * `state` of a store is one.
 */
export type ActionState = {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
  /** Sets the value where the present one equals `before` (undefined: where there is none); false where it does not. */
  replace(key: string, before: string | undefined, value: string): Promise<boolean>
  delete(key: string): Promise<void>
  /** Keys that begin with the prefix, sorted. */
  keys(prefix: string): Promise<readonly string[]>
}

/**
 * What waybill adds to the reference's input of `perform`. Every member is optional, since the same definition
 * also runs on the reference's `Destination`, which knows none of them.
 */
export type WaybillInput = {
  /** Stable for an event, subscription and action through retries and regrouping. `perform` only. */
  readonly idempotencyKey?: string
  /** The same for each payload of a batch, in order. `performBatch` only. */
  readonly idempotencyKeys?: readonly string[]
  readonly notes?: DeliveryNotes
  /** What the destination remembers; absent where the runtime was given none (`context.state`). */
  readonly state?: ActionState
}

type RequestClient = Parameters<RequestFn<unknown, unknown>>[0]

/** `perform` as our definitions write it. */
export type Perform<Settings, Payload> = (
  request: RequestClient,
  input: ExecuteInput<Settings, Payload> & WaybillInput,
) => unknown

/** `performBatch` as our definitions write it: `input.payload` is a list. */
export type PerformBatch<Settings, Payload> = (
  request: RequestClient,
  input: ExecuteInput<Settings, Payload[]> & WaybillInput,
) => unknown

/** What `performBatch` of an asynchronous action returns. */
export type Submission = {
  /** Names the job for `performPoll`. Absent: everything is said already. */
  readonly jobId?: string
  /** HTTP status of the destination's answer. */
  readonly status: number
  /** The items that were refused before the job began; without a job, all items. */
  readonly multiStatusResponse?: unknown
}

/** What `performPoll` returns. */
export type JobReport = {
  readonly jobId: string
  /** HTTP status of the destination's answer. */
  readonly status: number
  readonly jobStatus: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'RETRYABLE_ERROR'
  /** Where items differ: an entry for each submitted item, in order. */
  readonly multiStatusResponse?: unknown
}

/** `performPoll` of an asynchronous action: `uploadCount` items were submitted as the job `jobId`. */
export type PerformPoll<Settings> = (
  request: RequestClient,
  input: ExecuteInput<Settings, { jobId: string; uploadCount: number }>,
) => JobReport | Promise<JobReport>

/** What a definition's `classify` is asked about. */
export type Failure = {
  /** HTTP status of the destination's answer, if there was one. */
  readonly status?: number
  /** The parsed JSON answer, else its text. */
  readonly data?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What `perform` threw. */
  readonly error?: unknown
}

/**
 * Refines what an answer means where the vendor's codes say more than the status. Returns the verdict, or
 * undefined to keep waybill's own.
 */
export type Classify = (failure: Failure, verdict: Verdict) => Verdict | undefined
