import type { Classify } from '../definition/execute-input'
import type { Verdict } from '../outcome'
import { classifyStatus, isAccepted } from './classify'
import { isMultiStatus, verdictsOnBatchResult } from './perform'

/** What submitting a batch came to: the items that are decided already, and the job that decides the others. */
export type Submission = {
  /** Absent: there is no job to ask about, and every item is decided. */
  readonly jobId?: string
  /** By position in the batch; undefined for an item that is part of the job. */
  readonly verdicts: readonly (Verdict | undefined)[]
}

type SubmissionAnswer = { readonly jobId?: unknown; readonly status?: unknown; multiStatusResponse?: unknown }
type PollAnswer = { readonly jobStatus?: unknown; readonly status?: unknown; multiStatusResponse?: unknown }

const members = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/**
 * Reads what `performBatch` of an asynchronous action returned: `{ jobId, status, multiStatusResponse }`. With a job,
 * only refusals are final: what the destination took, it has not yet worked on.
 */
export function readSubmission(
  result: unknown,
  count: number,
  classify: Classify | undefined,
  now: number,
): Submission {
  const { jobId, status, multiStatusResponse: items } = members(result) as SubmissionAnswer
  if ((typeof jobId === 'string' && jobId !== '') || typeof jobId === 'number') {
    const known = isMultiStatus(items) ? verdictsOnBatchResult(items, count, classify, now) : []
    const verdicts = Array.from({ length: count }, (_, position) => {
      const verdict = hasItem(items, position) ? known[position] : undefined
      return verdict?.kind === 'delivered' ? undefined : verdict
    })
    return { jobId: String(jobId), verdicts }
  }
  if (isMultiStatus(items)) return { verdicts: verdictsOnBatchResult(items, count, classify, now) }
  if (!('headers' in members(result)) && typeof status === 'number' && !isAccepted(status))
    return { verdicts: Array<Verdict>(count).fill(refusal(status)) }
  return { verdicts: verdictsOnBatchResult(result, count, classify, now) }
}

const hasItem = (items: unknown, position: number): boolean =>
  isMultiStatus(items) && items.getResponseAtIndex(position) !== undefined

const refusal = (status: number): Verdict =>
  classifyStatus(status, {
    code: `HTTP_${status}`,
    message: `performBatch returned the status ${status} and no job`,
  })

/**
 * Reads what `performPoll` returned: undefined while the job goes on, else a verdict for each of its `count` items,
 * in the order in which they were submitted.
 */
export function readPoll(
  answer: unknown,
  count: number,
  classify: Classify | undefined,
  now: number,
): Verdict[] | undefined {
  const { jobStatus, status, multiStatusResponse: items } = members(answer) as PollAnswer
  const hasItems = isMultiStatus(items) && items.length() > 0
  const itemVerdicts = hasItems ? verdictsOnBatchResult(items, count, classify, now) : []
  switch (jobStatus) {
    case 'IN_PROGRESS':
      return undefined
    case 'SUCCEEDED':
      return hasItems ? itemVerdicts : Array<Verdict>(count).fill(succeeded(status))
    case 'FAILED':
    case 'RETRYABLE_ERROR':
      return Array.from({ length: count }, (_, position) =>
        hasItem(items, position) ? (itemVerdicts[position] as Verdict) : failed(jobStatus, status),
      )
    default:
      return Array<Verdict>(count).fill(unreadable)
  }
}

const succeeded = (status: unknown): Verdict => ({
  kind: 'delivered',
  ...(typeof status === 'number' && isAccepted(status) ? { status } : {}),
})

const failed = (jobStatus: 'FAILED' | 'RETRYABLE_ERROR', status: unknown): Verdict => ({
  ...(jobStatus === 'FAILED'
    ? { kind: 'rejected', code: 'JOB_FAILED', message: 'the destination says that the job failed' }
    : { kind: 'retry', code: 'JOB_RETRYABLE', message: 'the destination asks to submit the job again' }),
  owner: 'destination',
  ...(typeof status === 'number' && !isAccepted(status) ? { status } : {}),
})

const unreadable: Verdict = {
  kind: 'unknown',
  owner: 'destination',
  code: 'NOT_ATTRIBUTABLE',
  message:
    'performPoll returned no jobStatus; return IN_PROGRESS, SUCCEEDED, FAILED or RETRYABLE_ERROR, and a MultiStatusResponse where items differ',
}

/** A job whose end is not known: its items may or may not have arrived. */
export const unfinishedJob = (reason: string, status?: number): Verdict => ({
  kind: 'unknown',
  owner: 'destination',
  code: 'JOB_UNFINISHED',
  message: `the job was submitted, but its end is not known: ${reason}`,
  ...(status === undefined ? {} : { status }),
})
