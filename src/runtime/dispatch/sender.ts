import { unfinishedJob } from '../../delivery/job'
import type { Limiter } from '../../delivery/limit'
import type { Verdict } from '../../outcome'
import { limiterOf, limitersOf } from '../open/connection-limits'
import type { OpenConnection } from '../open/open-connection'
import { attemptBatch, attemptOne } from './attempt'
import type { ConnectionState } from './connection-state'
import { type BlockScope, type Decision, decide, type RetryRules } from './decide'
import type { DispatchContext } from './dispatcher'
import { followJob, type JobUnderWay } from './follow-job'
import type { AttemptNotes } from './notes'
import type { OpenDelivery } from './open-delivery'
import { outcomeOf } from './outcome-of'

/** Deliveries of one subscription that are sent by one call. */
export type Deliveries = readonly [OpenDelivery, ...OpenDelivery[]]

/** Where the sender hands deliveries on. */
export type SenderListener = {
  /** An attempt ended; `position`: the delivery's in its batch. */
  ended(
    delivery: OpenDelivery,
    verdict: Verdict,
    decision: Decision,
    notes: AttemptNotes,
    position: number,
  ): void
  /** The destination found the batch too large. */
  tooLarge(deliveries: Deliveries): void
  /** The destination asks to wait, or refuses: what waits may have to go. */
  slowed(): void
}

type Waiting = { readonly deliveries: Deliveries; start(): void }
type Job = {
  readonly open: Set<number>
  readonly deliveries: Deliveries
  underWay: JobUnderWay | undefined
  readonly notes: AttemptNotes
}

/** Sends the deliveries of one connection within its limits, and judges what comes back. */
export class Sender {
  private readonly jobs = new Set<Job>()

  constructor(
    private readonly connection: OpenConnection,
    private readonly state: ConnectionState,
    private readonly context: DispatchContext,
    private readonly listener: SenderListener,
  ) {}

  sendOne(delivery: OpenDelivery): void {
    const limiter = this.limiterFor(delivery)
    if (limiter.tryAcquire()) this.startOne(delivery)
    else this.waitForPlace(limiter, { deliveries: [delivery], start: () => this.startOne(delivery) })
  }

  sendBatch(deliveries: Deliveries): void {
    const limiter = this.limiterFor(deliveries[0])
    if (limiter.tryAcquire()) this.startBatch(deliveries)
    else this.waitForPlace(limiter, { deliveries, start: () => this.startBatch(deliveries) })
  }

  /** A delivery that could not be given new tokens ends with the refusal of its attempt. */
  conclude(delivery: OpenDelivery, verdict: Verdict, notes: AttemptNotes, position: number): void {
    this.listener.ended(delivery, verdict, this.judge(delivery, verdict), notes, position)
  }

  /** Takes out what waits for a place, or for a job, and passes the test; the latter ends as unknown. */
  take(test: (delivery: OpenDelivery) => boolean): OpenDelivery[] {
    for (const job of [...this.jobs]) this.takeFromJob(job, test)
    return limitersOf(this.connection).flatMap((limiter) => this.takeFromLine(limiter, test))
  }

  private takeFromLine(limiter: Limiter, test: (delivery: OpenDelivery) => boolean): OpenDelivery[] {
    const waiting = limiter.withdraw(
      (waiter) => (waiter as Waiting).deliveries?.some(test) ?? false,
    ) as Waiting[]
    const taken: OpenDelivery[] = []
    for (const { deliveries } of waiting) {
      const kept: OpenDelivery[] = []
      for (const delivery of deliveries) (test(delivery) ? taken : kept).push(delivery)
      if (isFilled(kept)) this.sendBatch(kept)
    }
    return taken
  }

  private limiterFor({ subscription }: OpenDelivery): Limiter {
    return limiterOf(this.connection, subscription.action)
  }

  private waitForPlace(limiter: Limiter, waiting: Waiting): void {
    // Near enough, and costs nothing.
    const { lastEndAt } = this.state
    for (const delivery of waiting.deliveries) if (delivery.waitsSince === 0) delivery.waitsSince = lastEndAt
    limiter.acquire(waiting)
  }

  private startOne(delivery: OpenDelivery): void {
    const { state } = this
    state.inFlight += 1
    delivery.begin()
    attemptOne(delivery, this.context, this.concludeOne)
    if (state.inFlight === 1 && state.retrying === 0 && delivery.attemptStartedAt > 0)
      state.progress.began(delivery.attemptStartedAt)
  }

  private readonly concludeOne = (delivery: OpenDelivery, verdict: Verdict, notes: AttemptNotes): void => {
    const decision = this.judge(delivery, verdict)
    this.state.inFlight -= 1
    this.limiterFor(delivery).release()
    this.listener.ended(delivery, verdict, decision, notes, 0)
  }

  private startBatch(deliveries: Deliveries): void {
    const limiter = this.limiterFor(deliveries[0])
    const { state } = this
    const now = this.context.clock.monotonic()
    if (state.inFlight === 0 && state.retrying === 0) state.progress.began(now)
    state.inFlight += deliveries.length
    for (const delivery of deliveries) {
      delivery.begin()
      delivery.startedAt(now)
    }
    attemptBatch(deliveries, this.context, (verdicts, notes, poll) => {
      if (isTooLarge(verdicts)) {
        this.state.inFlight -= deliveries.length
        limiter.release()
        this.listener.tooLarge(deliveries)
      } else if (poll === undefined)
        this.concludeBatch(deliveries, everyPosition(deliveries.length), verdicts, notes, () =>
          limiter.release(),
        )
      else {
        const decided = everyPosition(deliveries.length).filter(
          (position) => verdicts[position] !== undefined,
        )
        const open = everyPosition(deliveries.length).filter((position) => verdicts[position] === undefined)
        this.concludeBatch(deliveries, decided, verdicts, notes, () => undefined)
        this.follow({ open: new Set(open), deliveries, underWay: undefined, notes }, poll)
      }
    })
  }

  /** Judges all first: a wish to wait, or a refusal, must hold before the place is given to the next. */
  private concludeBatch(
    deliveries: Deliveries,
    positions: readonly number[],
    verdicts: readonly (Verdict | undefined)[],
    notes: AttemptNotes,
    release: () => void,
  ): void {
    // One for all, so that they come back together.
    const random = this.context.random()
    const decisions: Decision[] = []
    for (const position of positions)
      decisions.push(this.judge(deliveries[position] as OpenDelivery, verdicts[position] as Verdict, random))
    this.state.inFlight -= positions.length
    release()
    for (let at = 0; at < positions.length; at++) {
      const position = positions[at] as number
      this.listener.ended(
        deliveries[position] as OpenDelivery,
        verdicts[position] as Verdict,
        decisions[at] as Decision,
        notes,
        position,
      )
    }
  }

  private follow(job: Job, poll: () => Promise<unknown>): void {
    const { state, context, connection } = this
    const { deliveries, open, notes } = job
    const { action } = deliveries[0].subscription
    this.jobs.add(job)
    state.progress.stepped(deliveries[0].attemptStartedAt, context.clock.monotonic())
    const order = [...open]
    const takeInterrupted = (): void => this.takeFromJob(job, ({ caller }) => caller.isInterrupted)
    job.underWay = followJob(
      {
        connection,
        action,
        count: open.size,
        poll,
        context,
        progress: state.progress,
        waits: takeInterrupted,
      },
      (found, release) => {
        this.jobs.delete(job)
        const verdicts: Verdict[] = []
        order.forEach((position, at) => {
          verdicts[position] = found[at] as Verdict
        })
        this.concludeBatch(deliveries, [...open], verdicts, notes, release)
      },
    )
    takeInterrupted()
  }

  private takeFromJob(job: Job, test: (delivery: OpenDelivery) => boolean): void {
    const { open, deliveries, underWay, notes } = job
    // A question that is under way is waited for.
    if (underWay === undefined || underWay.isAsking) return
    const taken = [...open].filter((position) => test(deliveries[position] as OpenDelivery))
    for (const position of taken) open.delete(position)
    if (open.size === 0) {
      this.jobs.delete(job)
      underWay.stop()
    }
    const verdict = unfinishedJob('the run was interrupted')
    this.concludeBatch(
      deliveries,
      taken,
      Array<Verdict>(deliveries.length).fill(verdict),
      notes,
      () => undefined,
    )
  }

  /** What follows from a verdict, for the delivery and for its connection. */
  private judge(delivery: OpenDelivery, verdict: Verdict, random?: number): Decision {
    const { state, context } = this
    const { kind } = verdict
    if (kind === 'delivered') {
      if (state.succeeded(delivery)) context.changed()
      return settle
    }
    const now = context.clock.monotonic()
    const { connection, caller } = delivery
    if (delivery.attemptStartedAt === 0) delivery.startedAt(now)
    state.lastEndAt = now
    if (kind !== 'retry' && kind !== 'unknown' && kind !== 'blocked')
      state.progress.stepped(delivery.attemptStartedAt, now)
    const policy = {
      retry: caller.retry,
      isIdempotent: connection.destination.idempotent === true,
      canRenew: connection.credentials.canRenew,
    }
    const decision = decide(verdict, delivery, policy, now, random ?? context.random())
    if (decision.step === 'block') this.block(delivery, verdict, decision.scope)
    else if (kind === 'retry' && this.isSlowedBy(verdict, decision, caller.retry)) this.listener.slowed()
    return decision
  }

  /** Whether the connection has to wait because of a verdict. Who is not tried again decides alone about a wait that nobody named. */
  private isSlowedBy({ afterMs, status }: RetryVerdict, decision: Decision, retry: RetryRules): boolean {
    if (afterMs !== undefined) return this.state.pause(afterMs)
    return status === 429 && decision.step === 'putBack' && this.state.backOff(retry, this.context.random())
  }

  private block(delivery: OpenDelivery, verdict: Verdict, scope: BlockScope): void {
    if (!this.state.refused(verdict, scope, delivery.subscription.action)) return
    this.context.on.connectionBlocked?.(this.connection.name, outcomeOf(delivery, verdict, undefined))
    this.listener.slowed()
  }
}

type RetryVerdict = Extract<Verdict, { readonly kind: 'retry' }>

const settle: Decision = { step: 'settle' }

/** Whether one response refuses a whole batch for its size. */
function isTooLarge(verdicts: readonly (Verdict | undefined)[]): boolean {
  const [first] = verdicts
  return (
    (first as { status?: number } | undefined)?.status === 413 &&
    verdicts.length > 1 &&
    verdicts.every((verdict) => verdict === first)
  )
}

const everyPosition = (count: number): number[] => Array.from({ length: count }, (_, position) => position)

export const isFilled = (deliveries: readonly OpenDelivery[]): deliveries is Deliveries =>
  deliveries.length > 0
