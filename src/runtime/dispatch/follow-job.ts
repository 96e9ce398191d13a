import { readPoll, unfinishedJob } from '../../delivery/job'
import { verdictOnError } from '../../delivery/perform'
import type { Verdict } from '../../outcome'
import { limiterOf, type OpenConnection } from '../open/open-connection'
import type { Clock } from '../options'

/** A job that an asynchronous action submitted. */
export type Job = {
  readonly connection: OpenConnection
  /** Slug of the action that submitted it. */
  readonly action: string
  /** Items that are part of it. */
  readonly count: number
  /** Calls the action's `performPoll` once. */
  readonly poll: () => Promise<unknown>
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
}

/**
 * Asks how a job stands until it has ended, the deadline has passed or the run is interrupted; then `conclude` gets a
 * verdict for each item, once. Between two questions the job holds no place of the action's limiter; when it
 * concludes it holds one, as every attempt does. A question that fails is put again, since that is safe.
 */
export function followJob(job: Job, conclude: (verdicts: readonly Verdict[]) => void): void {
  const { connection, count, clock, signal } = job
  const { credentials, polling } = connection
  const limiter = limiterOf(connection, job.action)
  const { classify } = connection.destination
  const submittedAt = clock.now()
  let isWaiting = false
  let stopWaiting = (): void => undefined
  /** The token that was renewed because of this job, until a question with it is answered. */
  let renewedToken: string | undefined

  const end = (verdicts: readonly Verdict[]): void => {
    signal?.removeEventListener('abort', interrupt)
    conclude(verdicts)
  }
  const endAll = (verdict: Verdict): void => end(Array<Verdict>(count).fill(verdict))

  const interrupt = (): void => {
    if (!isWaiting) return
    isWaiting = false
    stopWaiting()
    limiter.retake()
    endAll(unfinishedJob('the run was interrupted'))
  }

  function waitAndAsk(wishedMs: number, reason: string): void {
    const leftMs = submittedAt + polling.deadlineMs - clock.now()
    if (signal?.aborted) endAll(unfinishedJob('the run was interrupted'))
    else if (leftMs <= 0) endAll(unfinishedJob(reason))
    else {
      limiter.release()
      isWaiting = true
      stopWaiting = clock.after(Math.min(Math.max(wishedMs, polling.intervalMs), leftMs), () => {
        stopWaiting = limiter.acquire(() => {
          isWaiting = false
          ask()
        })
      })
    }
  }

  function ask(): void {
    const token = credentials.auth.accessToken
    job.poll().then(
      (answer) => {
        renewedToken = undefined
        const verdicts = readPoll(answer, count, classify, clock.now())
        if (verdicts === undefined) waitAndAsk(0, 'it went on at the deadline')
        else end(verdicts)
      },
      (error) => afterFailure(verdictOnError(error, classify, clock.now()), token),
    )
  }

  function afterFailure(verdict: Verdict, token: string | undefined): void {
    const isRefused = verdict.kind === 'blocked' && verdict.status === 401
    if (isRefused && credentials.canRefresh && renewedToken !== token) {
      const again = (): void => {
        renewedToken = credentials.auth.accessToken
        waitAndAsk(0, 'the credentials were refused')
      }
      credentials.refresh(token).then(again, again)
    } else if (verdict.kind === 'retry') waitAndAsk(verdict.afterMs ?? 0, verdict.message)
    else if (verdict.kind === 'unknown') waitAndAsk(0, verdict.message)
    else {
      const { message, status } = verdict as { message?: string; status?: number }
      endAll(unfinishedJob(message ?? 'performPoll failed', status))
    }
  }

  signal?.addEventListener('abort', interrupt, { once: true })
  waitAndAsk(0, '')
}
