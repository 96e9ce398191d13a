import { readPoll, unfinishedJob } from '../../delivery/job'
import { verdictOnError } from '../../delivery/perform'
import type { Verdict } from '../../outcome'
import { limiterOf } from '../open/connection-limits'
import type { OpenConnection } from '../open/open-connection'
import type { RunningClock } from '../system-clock'
import type { Progress } from './progress'

/** A job that an asynchronous action submitted. */
export type Job = {
  readonly connection: OpenConnection
  /** Slug of the action that submitted it. */
  readonly action: string
  /** Deliveries that are part of it. */
  readonly count: number
  /** Calls the action's `performPoll` once, within its time limit. */
  readonly poll: () => Promise<unknown>
  readonly context: { readonly clock: RunningClock }
  readonly progress: Progress
  /** The job waits for the next question. */
  readonly waits: () => void
}

/** A job whose end is not known yet. */
export type JobUnderWay = {
  /** A question is under way. */
  readonly isAsking: boolean
  /** Asks no more, and concludes nothing. */
  stop(): void
}

/**
 * Asks how a job stands until it has ended or the deadline has passed; then `conclude` gets a verdict for each delivery,
 * once, and gives the job's place back. Begins with a place of the action's limiter, and holds none between two
 * questions. A question that fails is put again, since that is safe.
 */
export function followJob(
  { connection, count, poll, progress, context: { clock }, ...job }: Job,
  conclude: (verdicts: readonly Verdict[], release: () => void) => void,
): JobUnderWay {
  const { credentials, polling } = connection
  const limiter = limiterOf(connection, job.action)
  const { classify } = connection.destination
  const submittedAt = clock.monotonic()
  let isAsking = false
  let stopWaiting = (): void => undefined
  /** The token that was renewed because of this job, until a question with it is answered. */
  let renewedToken: string | undefined

  const end = (verdicts: readonly Verdict[]): void => conclude(verdicts, () => limiter.release())
  const endAll = (verdict: Verdict): void => end(Array<Verdict>(count).fill(verdict))

  function waitAndAsk(wishedMs: number, reason: string): void {
    isAsking = false
    const now = clock.monotonic()
    const leftMs = submittedAt + polling.deadlineMs - now
    if (leftMs <= 0) endAll(unfinishedJob(reason))
    else {
      limiter.release()
      const waitMs = Math.min(Math.max(wishedMs, polling.intervalMs), leftMs)
      progress.expectNothingBefore(now + waitMs)
      stopWaiting = clock.after(waitMs, () => {
        stopWaiting = limiter.acquire(ask)
      })
      job.waits()
    }
  }

  function read(response: unknown): readonly Verdict[] | undefined {
    try {
      return readPoll(response, count, classify, clock.now())
    } catch (error) {
      return Array<Verdict>(count).fill(verdictOnError(error, classify, clock.now()))
    }
  }

  function ask(): void {
    isAsking = true
    const token = credentials.auth.accessToken
    poll().then(
      (response) => {
        renewedToken = undefined
        const verdicts = read(response)
        if (verdicts === undefined) waitAndAsk(0, 'it went on at the deadline')
        else end(verdicts)
      },
      (error) => afterFailure(verdictOnError(error, classify, clock.now()), token),
    )
  }

  function afterFailure(verdict: Verdict, token: string | undefined): void {
    const isRefused = verdict.kind === 'blocked' && verdict.status === 401
    if (isRefused && credentials.canRenew && renewedToken !== token) {
      credentials.renew(token).then(() => {
        renewedToken = credentials.auth.accessToken
        waitAndAsk(0, 'the credentials were refused')
      })
    } else if (verdict.kind === 'retry') waitAndAsk(verdict.afterMs ?? 0, verdict.message)
    else if (verdict.kind === 'unknown') waitAndAsk(0, verdict.message)
    else {
      const { message, status } = verdict as { message?: string; status?: number }
      endAll(unfinishedJob(message ?? 'performPoll failed', status))
    }
  }

  waitAndAsk(0, '')
  return {
    get isAsking() {
      return isAsking
    },
    stop: () => stopWaiting(),
  }
}
