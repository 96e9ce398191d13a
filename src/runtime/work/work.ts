import type { SegmentEvent } from '../../event'
import type { Outcome } from '../../outcome'
import type { AttemptRecord } from '../../queue/delivery'
import type { Claimed, Queue } from '../../queue/queue'
import type { RetryRules } from '../dispatch/decide'
import { type Ticket, TicketCaller } from '../dispatch/ticket'
import { createTotals, type Totals } from '../dispatch/totals'
import { guarded } from '../listeners'
import type { RuntimeContext } from '../runtime-context'
import { stoppable } from '../stoppable'
import { type ClaimLanes, createClaimLanes } from './claim-lanes'
import { createHolds } from './holds'
import { createSettler, type Settler } from './settler'

/** What `work` is told besides the queue. */
export type WorkOptions = {
  /** Claims nothing more: what is in flight ends, what waits goes back to the queue, then `work` resolves. */
  readonly signal?: AbortSignal
  /** Milliseconds for which a claim is this worker's unless it is prolonged. Default 60,000. */
  readonly leaseMs?: number
  /** Called once for each delivery that ends, skips left out. `attempts` are those before the last. */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent, attempts: readonly AttemptRecord[]) => void
}

const defaultLeaseMs = 60_000
/** Milliseconds after which a lane that this worker does not know is looked at again. */
const unknownLaneMs = 60_000
/** Milliseconds between two claims at a queue that fails. */
const queueBackOffMs = 1_000

/**
 * Delivers what a queue holds until the signal fires: claims as much as the connections can take, prolongs its leases, and
 * settles. Never rejects because of a delivery.
 */
export async function workOn(
  context: RuntimeContext,
  queue: Queue,
  retry: RetryRules,
  { signal, leaseMs = defaultLeaseMs, onOutcome }: WorkOptions,
): Promise<Totals> {
  const { dispatcher, clock } = context
  const caller = new TicketCaller(context, retry)
  const lanes = createClaimLanes(dispatcher)
  const settler = createSettler(queue, leaseMs, context.storeError)
  const holds = createHolds(queue, dispatcher, clock, context.storeError)
  const leases = new Set<string>()
  const totals = createTotals(dispatcher.connections.map(({ connection }) => connection))
  const tell = guarded('onOutcome', onOutcome, context.report)
  const stopping = stoppable(signal, context.calls, true)
  const waker = createWaker(stopping.signal)
  const stopListening = dispatcher.onChange(() => {
    holds.update()
    waker.wake()
  })
  const extending = setInterval(() => {
    if (leases.size > 0) queue.extend([...leases], leaseMs).catch(context.storeError)
  }, leaseMs / 3)

  const ended = (claimed: Claimed): void => {
    leases.delete(claimed.lease)
    if (lanes.ended(claimed.delivery)) waker.wake()
  }
  const ticketOf = (claimed: Claimed): Ticket =>
    ticketFor(claimed, settler, {
      ended: () => ended(claimed),
      outcome(outcome) {
        totals.countOutcome(outcome)
        if (outcome.kind !== 'skipped') tell?.(outcome, claimed.delivery.event, claimed.delivery.history)
      },
    })

  const take = (claims: readonly Claimed[]): void => {
    for (const claimed of claims) {
      leases.add(claimed.lease)
      lanes.taken(claimed.delivery)
      const ticket = ticketOf(claimed)
      if (caller.accept(ticket)) continue
      lanes.leave(claimed.delivery)
      ticket.release(unknownLaneMs)
    }
    dispatcher.flushSoon()
  }

  holds.update()
  try {
    while (!stopping.signal.aborted) {
      const plan = lanes.plan(clock.monotonic())
      const claims = await claimOnce(
        queue,
        plan,
        leaseMs,
        waker.next(plan.changesAt - clock.monotonic()),
        context,
      )
      take(claims)
    }
  } finally {
    stopListening()
    await caller.stop()
    await settler.flush()
    clearInterval(extending)
    stopping.release()
  }
  return totals.value
}

/** Claims what a plan allows; waits until the signal fires where that is nothing. */
async function claimOnce(
  queue: Queue,
  { max, perLane, heldLanes }: ReturnType<ClaimLanes['plan']>,
  leaseMs: number,
  signal: AbortSignal,
  { storeError }: RuntimeContext,
): Promise<readonly Claimed[]> {
  if (max === 0) {
    await fired(signal)
    return []
  }
  try {
    return await queue.claim({ max, perLane, heldLanes, leaseMs, signal })
  } catch (error) {
    storeError(error)
    if ((error as { code?: unknown }).code === 'QUEUE_CLOSED') throw error
    await Promise.race([fired(signal), new Promise((resolve) => setTimeout(resolve, queueBackOffMs))])
    return []
  }
}

type TicketListener = { ended(): void; outcome(outcome: Outcome): void }

/** The ticket of a claim: each end is a settlement. */
function ticketFor(claimed: Claimed, settler: Settler, listener: TicketListener): Ticket {
  const { lease, delivery, maybeDone } = claimed
  return {
    delivery,
    maybeDone,
    settle(outcome) {
      const isDone = outcome.kind === 'delivered' || outcome.kind === 'skipped'
      settler.add(
        isDone
          ? { lease, kind: 'done', outcome }
          : { lease, kind: 'dead', reason: (outcome as { code?: string }).code ?? outcome.kind, outcome },
      )
      listener.ended()
      listener.outcome(outcome)
    },
    putBack(outcome, afterMs, record) {
      settler.add({ lease, kind: 'again', afterMs, unknown: outcome.kind === 'unknown', record })
      listener.ended()
    },
    release(afterMs) {
      settler.add({ lease, kind: 'release', afterMs: Math.min(afterMs, longestReleaseMs) })
      listener.ended()
    },
  }
}

/** A delivery that could not be attempted is looked at again after a day, whatever held it up. */
const longestReleaseMs = 86_400_000

/** A signal for each claim, which fires when another plan is due, or when everything stops. */
function createWaker(stop: AbortSignal) {
  let current = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const wake = (): void => {
    clearTimeout(timer)
    current.abort()
  }
  stop.addEventListener('abort', wake)
  return {
    wake,
    /** For the next claim; fires after so many milliseconds at the latest. */
    next(ms: number): AbortSignal {
      clearTimeout(timer)
      current = new AbortController()
      if (stop.aborted) current.abort()
      else if (ms < Number.POSITIVE_INFINITY) timer = setTimeout(wake, Math.min(Math.max(1, ms), 60_000))
      return current.signal
    },
  }
}

const fired = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
