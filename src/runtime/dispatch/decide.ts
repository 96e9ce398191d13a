import { nextAttemptMs, type RetryPolicy } from '../../delivery/retry'
import type { Verdict } from '../../outcome'

/** How a caller's deliveries are tried again. */
export type RetryRules = RetryPolicy & {
  /** Send again what was sent without a response, even where the destination cannot tell. */
  readonly allowDuplicates: boolean
}

/** What else decides about a delivery. */
export type DeliveryPolicy = {
  readonly retry: RetryRules
  /** Whether the destination recognizes a repeated delivery. */
  readonly isIdempotent: boolean
  /** Whether a refusal of the credentials can be met by new tokens. */
  readonly canRenew: boolean
}

/** Where a delivery stands after an attempt; times by the monotonic clock. */
export type AttemptState = {
  readonly attempt: number
  readonly firstAttemptAt: number
  /** Whether its tokens were renewed because of it before. */
  readonly hasRenewed: boolean
}

/** What a block covers: everything that uses the credentials, or one action that they do not allow. */
export type BlockScope = 'connection' | 'action'

/** What follows from a verdict. */
export type Decision =
  | { readonly step: 'settle' }
  /** Try again after so many milliseconds. */
  | { readonly step: 'putBack'; readonly afterMs: number }
  /** Try again with new tokens. */
  | { readonly step: 'renew' }
  /** The destination refuses; whether the delivery itself waits is the caller's to say. */
  | { readonly step: 'block'; readonly scope: BlockScope }

const settle: Decision = { step: 'settle' }
const renew: Decision = { step: 'renew' }

/** What to do after an attempt: pure, so that it is the same in memory and through a store. `now` by the monotonic clock. */
export function decide(
  verdict: Verdict,
  delivery: AttemptState,
  policy: DeliveryPolicy,
  now: number,
  random: number,
): Decision {
  switch (verdict.kind) {
    case 'blocked':
      if (verdict.status === 401 && policy.canRenew && !delivery.hasRenewed) return renew
      return { step: 'block', scope: verdict.status === 403 ? 'action' : 'connection' }
    case 'unknown':
      if (!policy.isIdempotent && !policy.retry.allowDuplicates) return settle
      return again(delivery, policy, now, random, undefined)
    case 'retry':
      return again(delivery, policy, now, random, verdict.afterMs)
    default:
      return settle
  }
}

function again(
  { attempt, firstAttemptAt }: AttemptState,
  { retry }: DeliveryPolicy,
  now: number,
  random: number,
  afterMs: number | undefined,
): Decision {
  const waitMs = nextAttemptMs(retry, { attempt, elapsedMs: now - firstAttemptAt, afterMs, random })
  return waitMs === undefined ? settle : { step: 'putBack', afterMs: waitMs }
}
