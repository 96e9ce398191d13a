import type { Verdict } from '../../outcome'
import { pauseUntil, resume } from '../open/connection-limits'
import type { OpenConnection } from '../open/open-connection'
import type { RunningClock } from '../system-clock'
import { type Blocks, createBlocks } from './blocks'
import type { BlockScope, Decision } from './decide'
import type { OpenDelivery } from './open-delivery'
import { createProgress, type Progress } from './progress'
import { connectionHeld, connectionPaused, interrupted } from './runtime-verdicts'

/** However far away a destination puts the next request, it is asked again after a day. */
const maxPauseMs = 86_400_000

/** Why a delivery is not sent now. */
export type Refusal = {
  readonly verdict: Verdict
  /** Milliseconds after which a queue may bring it again; what a hold keeps back needs none. */
  readonly afterMs: number
}

/** Where a connection stands: what it holds, and whether it may send. */
export class ConnectionState {
  /** Deliveries that have no outcome yet. */
  pending = 0
  /** Deliveries that an attempt is under way for. */
  inFlight = 0
  /** Deliveries that wait for their next attempt. */
  retrying = 0
  /** By the monotonic clock; 0 before the first. */
  lastSuccessAt = 0
  /** By the monotonic clock: when an attempt ended last. */
  lastEndAt = 0
  /** By the monotonic clock: the destination asked to send nothing before; Infinity: the operator did. */
  pausedUntil = 0
  pausedSince = 0
  /** Who paused the connection, where somebody did. */
  heldBy: string | undefined = undefined
  /** Refusals for the rate in a row that named no time; those during a pause count as one. */
  private unnamedWaits = 0
  /** False: everything may be sent, and nothing else need be asked. */
  isGuarded = false
  readonly blocks: Blocks
  readonly progress: Progress

  constructor(
    private readonly connection: OpenConnection,
    private readonly clock: RunningClock,
  ) {
    this.blocks = createBlocks(clock)
    this.progress = createProgress(connection.gapMs)
  }

  /** Whether nothing gets done: no attempt may be made, or those of late all failed or hang. */
  get isStuck(): boolean {
    const now = this.clock.monotonic()
    if (this.pausedUntil > now || this.blocks.isConnectionBlocked) return true
    return this.inFlight + this.retrying > 0 && this.progress.isStuck(now)
  }

  /** Whether it holds as much as it may, and that will not get less soon. */
  get isOverfull(): boolean {
    const { maxPending } = this.connection
    return this.pending >= maxPending && (this.retrying * 2 > maxPending || this.isStuck)
  }

  /** A delivery arrived: what it used is not refused. The result tells whether that lifted a block. */
  succeeded(delivery: OpenDelivery): boolean {
    const { attemptStartedAt, attemptEndedAt } = delivery
    this.unnamedWaits = 0
    if (attemptEndedAt > 0) {
      this.lastSuccessAt = attemptEndedAt
      this.lastEndAt = attemptEndedAt
      this.progress.stepped(attemptStartedAt, attemptEndedAt)
    }
    if (!this.isGuarded) return false
    const hasLifted = this.blocks.succeeded(delivery.subscription.action)
    this.isGuarded = this.blocks.isAny || this.pausedUntil > 0
    return hasLifted
  }

  /** By the monotonic clock: until when nothing is sent, of an action or (undefined) at all; 0 where something is. */
  closedUntil(action: string | undefined): number {
    if (!this.isGuarded) return 0
    return Math.max(this.pausedUntil, this.blocks.until(action))
  }

  /** Why nothing is sent, in one line. */
  get because(): string {
    if (this.heldBy !== undefined) return `paused by ${this.heldBy}`
    const [block] = this.blocks.list()
    return block === undefined ? 'the destination asked to wait' : `${block.code}: ${block.message}`
  }

  /** A refusal; the result tells whether it began a block. */
  refused(verdict: Verdict, scope: BlockScope, action: string): boolean {
    this.isGuarded = true
    return this.blocks.refuse(verdict, scope, action)
  }

  /** The destination asked to wait; the result tells whether the pause got longer. */
  pause(afterMs: number): boolean {
    const now = this.clock.monotonic()
    const until = now + Math.min(afterMs, maxPauseMs)
    if (until <= this.pausedUntil) return false
    if (this.pausedUntil <= now) this.pausedSince = now
    this.pausedUntil = until
    this.isGuarded = true
    pauseUntil(this.connection, until)
    return true
  }

  /**
   * The destination is asked too often and does not say how long to wait: the whole connection waits, twice as long each
   * time, with half of it left to chance. The result tells whether that began a pause.
   */
  backOff({ minMs, maxMs }: { readonly minMs: number; readonly maxMs: number }, random: number): boolean {
    if (this.pausedUntil > this.clock.monotonic()) return false
    const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(this.unnamedWaits, 30))
    this.unnamedWaits += 1
    return this.pause(Math.ceil(ceiling * (0.5 + random / 2)))
  }

  /** The operator wants nothing to be sent. */
  hold(by: string | undefined): void {
    this.heldBy = by ?? 'the operator'
    this.pausedSince = this.clock.monotonic()
    this.pausedUntil = Number.POSITIVE_INFINITY
    this.isGuarded = true
    pauseUntil(this.connection, Number.POSITIVE_INFINITY)
  }

  /** Ends every pause; a block lets one delivery through. */
  tryNow(): void {
    this.blocks.tryNow()
    this.heldBy = undefined
    this.pausedUntil = 0
    resume(this.connection)
  }

  /**
   * Why a delivery may not be sent now; undefined where it may, or where it waits for a pause to end: one that ends
   * beyond the time within which the delivery is tried is not waited for.
   */
  refusal(delivery: OpenDelivery): Refusal | undefined {
    if (delivery.caller.isInterrupted) return { verdict: interrupted, afterMs: 0 }
    const refused = this.blocks.isAny ? this.blocks.check(delivery.subscription.action) : undefined
    if (refused !== undefined) return { verdict: refused.verdict, afterMs: 0 }
    return this.pausedUntil === 0 ? undefined : this.pauseTooLong(delivery)
  }

  private pauseTooLong(delivery: OpenDelivery): Refusal | undefined {
    const now = this.clock.monotonic()
    if (this.pausedUntil <= now) {
      this.pausedUntil = 0
      return undefined
    }
    const { caller, attempt, firstAttemptAt } = delivery
    if (delivery.waitsSince === 0) delivery.waitsSince = now
    const since = attempt > 0 ? firstAttemptAt : delivery.waitsSince
    if (caller.store === undefined && this.pausedUntil <= since + caller.retry.forMs) return undefined
    const afterMs = this.pausedUntil - now
    return {
      verdict: afterMs === Number.POSITIVE_INFINITY ? connectionHeld : connectionPaused(afterMs),
      afterMs: 0,
    }
  }

  /**
   * Milliseconds after which a delivery is tried again; undefined where it is not. One that is blocked waits in its store
   * until somebody puts that right, as long as it is tried at all.
   */
  waitOf({ caller, firstAttemptAt, subscription }: OpenDelivery, decision: Decision): number | undefined {
    if (decision.step === 'putBack') return decision.afterMs
    if (decision.step !== 'block' || caller.store === undefined) return undefined
    const isTooLate = this.clock.monotonic() - firstAttemptAt > caller.retry.forMs
    return isTooLate ? undefined : this.blocks.check(subscription.action)?.afterMs
  }
}
