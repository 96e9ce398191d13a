import { randomUUID } from 'node:crypto'
import { createReplayJudge, type ReplayVerdict } from '../../explain/replay-judge'
import type { DeadLetter, DeadLetters } from '../../queue/queue'
import type { Connection } from '../../runtime/options'
import { ApiError } from '../api-error'
import type { CheckResult, Job, Selection } from '../shapes'
import type { Caller } from '../source'
import type { DeadView } from './dead-letters'

const sampleAbove = 10_000
const sampleSize = 2_000
const replayChunk = 100
const maxJobs = 200

type Judge = (letter: DeadLetter) => ReplayVerdict

/** Judges letters by today's configuration, as delivery would. */
export function judgeOf(connections: readonly Connection[], compatibility: boolean): Judge {
  const judge = createReplayJudge(connections, compatibility)
  return ({ delivery, outcome }) => judge({ ...delivery, kind: outcome.kind })
}

export type DeadJobs = {
  start(kind: Job['kind'], selection: Selection, caller: Caller): Promise<Job>
  get(id: string): Job | undefined
  stop(id: string): Job | undefined
  readonly running: number
}

type Running = { job: Job; isStopped: boolean }

type Options = {
  readonly dead: DeadLetters
  readonly view: DeadView
  readonly judge: () => Judge
  readonly onChange: (id: string) => void
}

/** Checks, replays and drops of any number of dead letters, with progress, that can be stopped. */
export function createDeadJobs({ dead, view, judge, onChange }: Options): DeadJobs {
  const jobs = new Map<string, Running>()

  const change = (running: Running, part: Partial<Job>): void => {
    running.job = { ...running.job, ...part }
    onChange(running.job.id)
  }

  async function* lettersOf(selection: Selection): AsyncGenerator<DeadLetter> {
    if (!('ids' in selection)) {
      yield* view.all(selection.filter, Date.parse(selection.asOf))
      return
    }
    for (let start = 0; start < selection.ids.length; start += replayChunk)
      yield* (
        await dead.list({ ids: selection.ids.slice(start, start + replayChunk) }, { limit: replayChunk })
      ).letters
  }

  /** Counts verdicts; gives the ids that pass, oldest first. */
  async function check(
    running: Running,
    selection: Selection,
    most: number,
  ): Promise<{ result: CheckResult; ids: string[] }> {
    const verdict = judge()
    const invalid = new Map<string, { count: number; example: string }>()
    const ids: string[] = []
    let [checked, passes, unsubscribed, maybeArrived] = [0, 0, 0, 0]
    for await (const letter of lettersOf(selection)) {
      if (running.isStopped || checked === most) break
      const found = verdict(letter)
      checked += 1
      if (found === 'passes') {
        passes += 1
        ids.push(letter.id)
      } else if (found === 'unsubscribed') unsubscribed += 1
      else if (found === 'maybe') maybeArrived += 1
      else {
        const known = invalid.get(found.invalid) ?? {
          count: 0,
          example: letter.delivery.event.messageId ?? '',
        }
        known.count += 1
        invalid.set(found.invalid, known)
      }
      if (checked % 200 === 0) {
        change(running, { done: checked })
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const result = {
      of: running.job.of,
      checked,
      isSample: checked < running.job.of,
      passes,
      invalid: [...invalid]
        .map(([message, each]) => ({ message, ...each }))
        .sort((one, other) => other.count - one.count),
      unsubscribed,
      maybeArrived,
    }
    return { result, ids: ids.reverse() }
  }

  async function runCheck(running: Running, selection: Selection): Promise<void> {
    if (running.job.of > sampleAbove) {
      const { result } = await check(running, selection, sampleSize)
      change(running, { result, done: result.checked })
    }
    if (running.isStopped) return
    const { result } = await check(running, selection, Number.POSITIVE_INFINITY)
    change(running, { result, done: result.checked })
  }

  /** Puts back what passes today, and nothing else: what would be invalid again stays where it is. */
  async function runReplay(running: Running, selection: Selection): Promise<void> {
    const { ids } = await check(running, selection, Number.POSITIVE_INFINITY)
    change(running, { done: 0, of: ids.length })
    let replayed = 0
    for (let start = 0; start < ids.length && !running.isStopped; start += replayChunk) {
      replayed += await dead.replay({ ids: ids.slice(start, start + replayChunk) })
      change(running, { done: Math.min(ids.length, start + replayChunk), result: { replayed } })
    }
    change(running, { result: { replayed } })
  }

  async function runDrop(running: Running, selection: Selection): Promise<void> {
    const expected = running.job.of
    let dropped = 0
    const ids: string[] = []
    for await (const letter of lettersOf(selection)) ids.push(letter.id)
    if (ids.length !== expected) throw changed(ids.length, expected)
    for (let start = 0; start < ids.length && !running.isStopped; start += replayChunk) {
      dropped += await dead.drop({ ids: ids.slice(start, start + replayChunk) })
      change(running, { done: Math.min(ids.length, start + replayChunk), result: { dropped } })
    }
    change(running, { result: { dropped } })
  }

  const runs = { check: runCheck, replay: runReplay, drop: runDrop }

  return {
    get running() {
      return [...jobs.values()].filter(({ job }) => job.state === 'running').length
    },
    async start(kind, selection, caller) {
      const of =
        'ids' in selection
          ? selection.ids.length
          : await view.count(selection.filter, Date.parse(selection.asOf))
      if (!('ids' in selection) && of !== selection.expected) throw changed(of, selection.expected)
      const running: Running = {
        isStopped: false,
        job: {
          id: randomUUID(),
          kind,
          state: 'running',
          done: 0,
          of,
          startedBy: caller.name,
          startedAt: new Date().toISOString(),
        },
      }
      if (jobs.size >= maxJobs) jobs.delete(jobs.keys().next().value as string)
      jobs.set(running.job.id, running)
      runs[kind](running, selection).then(
        () => {
          view.forget()
          change(running, { state: running.isStopped ? 'stopped' : 'done' })
        },
        (error: Error) => {
          view.forget()
          change(running, { state: 'failed', error: error.message })
        },
      )
      return running.job
    },
    get: (id) => jobs.get(id)?.job,
    stop(id) {
      const running = jobs.get(id)
      if (running === undefined) return undefined
      running.isStopped = true
      return running.job
    },
  }
}

const changed = (count: number, expected: number): ApiError =>
  new ApiError(
    409,
    'CHANGED_MEANWHILE',
    `there are ${count} dead letters now, not ${expected} as you saw; look again, then decide`,
    { count },
  )
