import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CheckResult, DeadRow, Job, Selection } from '../../../src/console/shapes'
import { type ApiFailure, get, post, remove } from '../data/api'
import { may } from '../data/session'
import { lastJob, want } from '../data/stream'
import { say, sayFailure } from '../data/toast'
import { takeKeys } from '../keys/keyboard'
import { Button, IconButton } from '../parts/controls'
import { Confirm } from '../parts/dialog'
import { Icon } from '../parts/icon'
import { capital, count, plural } from '../words/format'

export type Chosen = {
  readonly count: number
  readonly words: string
  readonly selection: Selection
  readonly first: DeadRow | undefined
}

/** Follows a job by the stream, and by asking where the stream is away. */
function useJob(id: string | undefined): Job | undefined {
  const [job, setJob] = useState<Job | undefined>(undefined)
  useEffect(() => {
    setJob(undefined)
    if (id === undefined) return
    const leave = want(`job:${id}`)
    const ask = (): void => {
      get<Job>(`/api/jobs/${id}`).then(
        (found) => {
          setJob(found)
          if (found.state !== 'running') clearInterval(timer)
        },
        () => undefined,
      )
    }
    const timer = setInterval(ask, 1_000)
    ask()
    return () => {
      clearInterval(timer)
      leave()
    }
  }, [id])
  const streamed = lastJob.value?.id === id ? lastJob.value : undefined
  return job?.state !== undefined && job.state !== 'running' ? job : (streamed ?? job)
}

/** The list at the left, the check at the right, and the bar of what is selected. */
export function DeadActions({
  chosen,
  onChanged,
  children,
}: {
  readonly chosen: Chosen | undefined
  readonly onChanged: () => void
  readonly children: ComponentChildren
}) {
  const [checked, setChecked] = useState<{ readonly id: string; readonly of: Chosen } | undefined>(undefined)
  const [running, setRunning] = useState<string | undefined>(undefined)
  const [isDropping, setDropping] = useState(false)
  const check = useJob(checked?.id)
  const job = useJob(running)
  const start = async (kind: 'checks' | 'replays' | 'drops', of: Chosen): Promise<void> => {
    try {
      const { job: started } = await post<{ job: Job }>(`/api/dead/${kind}`, of.selection)
      if (kind === 'checks') {
        setRunning(undefined)
        setChecked({ id: started.id, of })
      } else setRunning(started.id)
    } catch (error) {
      const { status, count: counted } = error as ApiFailure
      if (status === 409 && counted !== undefined) {
        say(
          `There are ${count(counted)} now, not ${count(of.count)} as you saw. Nothing was done; select again.`,
        )
        onChanged()
      } else sayFailure(error)
    }
  }
  useEffect(() =>
    takeKeys({
      r: () => {
        if (chosen) void start('checks', chosen)
      },
    }),
  )
  useEffect(() => {
    if (job === undefined || job.state === 'running') return
    const result = job.result as { replayed?: number; dropped?: number } | undefined
    if (job.state === 'failed') say(`${capital(job.error ?? 'it failed')}.`)
    else if (result?.replayed !== undefined)
      say(
        `${plural(result.replayed, 'event')} ${result.replayed === 1 ? 'was' : 'were'} put back${job.state === 'stopped' ? ' before it was stopped' : ''}.`,
        '/live',
        'See the outcomes',
      )
    else if (result?.dropped !== undefined)
      say(`${plural(result.dropped, 'event')} ${result.dropped === 1 ? 'was' : 'were'} dropped.`)
    setRunning(undefined)
    setChecked(undefined)
    onChanged()
  }, [job?.state])
  const testHref =
    chosen?.first &&
    `/test?connection=${encodeURIComponent(chosen.first.connection)}&subscription=${encodeURIComponent(chosen.first.subscription)}&from=${encodeURIComponent(chosen.first.messageId)}`
  return (
    <div class={checked ? 'two dead' : 'dead'}>
      <div class="stack">
        {children}
        {chosen && (
          <section class="bar-selected panel" aria-label="Selection">
            <strong>{count(chosen.count)} selected</strong>
            <span class="muted wide-only">{chosen.words}</span>
            <span class="end">
              {may('operate') && (
                <Button kind="danger" onClick={() => setDropping(true)}>
                  Drop…
                </Button>
              )}
              {testHref && (
                <span class="wide-only">
                  <Button icon="flask" href={testHref}>
                    Try one
                  </Button>
                </span>
              )}
              <Button kind="primary" onClick={() => start('checks', chosen)}>
                Check a replay
              </Button>
            </span>
          </section>
        )}
      </div>
      {checked && (
        <Check
          job={check}
          running={job}
          onClose={() => setChecked(undefined)}
          onReplay={() => start('replays', checked.of)}
          onStop={() => running !== undefined && remove(`/api/jobs/${running}`).catch(sayFailure)}
          connection={checked.of.first?.connection}
          subscription={checked.of.first?.subscription}
        />
      )}
      {isDropping && chosen && (
        <Confirm
          title={`Drop ${plural(chosen.count, 'event')} for good?`}
          action={`Drop ${count(chosen.count)}`}
          typed={String(chosen.count)}
          isDanger
          onConfirm={() => {
            setDropping(false)
            void start('drops', chosen)
          }}
          onClose={() => setDropping(false)}
        >
          <p>
            They were never delivered, and cannot be brought back. Download them first if you may need them.
          </p>
        </Confirm>
      )}
    </div>
  )
}

type CheckProps = {
  readonly job: Job | undefined
  readonly running: Job | undefined
  readonly onClose: () => void
  readonly onReplay: () => void
  readonly onStop: () => void
  readonly connection: string | undefined
  readonly subscription: string | undefined
}

/** What a replay would do. Nothing is sent for it. */
function Check({ job, running, onClose, onReplay, onStop, connection, subscription }: CheckProps) {
  const result = job?.result as CheckResult | undefined
  const tryHref = (id: string): string =>
    `/test?from=${encodeURIComponent(id)}${connection ? `&connection=${encodeURIComponent(connection)}` : ''}${subscription ? `&subscription=${encodeURIComponent(subscription)}` : ''}`
  const isPart = result?.isSample === true
  const staying = result === undefined ? 0 : result.checked - result.passes
  return (
    <section class="panel check-panel" aria-label="Replay check">
      <header>
        <h2>Replay check</h2>
        <span class="muted">nothing was sent</span>
        <div class="end">
          <IconButton icon="cross" label="Close the check" onClick={onClose} />
        </div>
      </header>
      <div class="inner" role="status" aria-live="polite">
        {job?.state === 'failed' && <p class="rejected">{capital(job.error ?? 'the check failed')}.</p>}
        {result === undefined ? (
          job?.state !== 'failed' && (
            <>
              <strong class="big">Checking {job === undefined ? '' : plural(job.of, 'event')}…</strong>
              <progress max={job?.of ?? 1} value={job?.done ?? 0} aria-label="Progress of the check" />
            </>
          )
        ) : (
          <>
            <strong class="big">
              {count(result.passes)} of {count(result.checked)} would be sent now.
            </strong>
            {isPart && (
              <p class="muted">
                This is a sample of {count(result.checked)};{' '}
                {job?.state === 'running'
                  ? `the check of all ${count(result.of)} goes on.`
                  : `all are ${count(result.of)}.`}
              </p>
            )}
            <Meter result={result} />
            <ul class="verdicts">
              <Verdict icon="check" tone="delivered" number={result.passes}>
                pass with the configuration of now
              </Verdict>
              {result.invalid.slice(0, 4).map(({ message, count: number, example }) => (
                <Verdict key={message} icon="warning" tone="invalid" number={number}>
                  stay invalid: {message.replace(/\.$/, '')} <a href={tryHref(example)}>try one</a>
                </Verdict>
              ))}
              {result.invalid.length > 4 && (
                <Verdict
                  icon="warning"
                  tone="invalid"
                  number={result.invalid.slice(4).reduce((sum, each) => sum + each.count, 0)}
                >
                  stay invalid for other reasons
                </Verdict>
              )}
              {result.invalid.length === 0 && (
                <Verdict icon="warning" tone="invalid" number={0}>
                  stay invalid
                </Verdict>
              )}
              <Verdict icon="minus" tone="skipped" number={result.unsubscribed}>
                no longer match a subscription
              </Verdict>
              <Verdict icon="question" tone="unknown" number={result.maybeArrived}>
                may already have arrived
              </Verdict>
            </ul>
            <dl class="facts">
              <dt>Order</dt>
              <dd>as they came, each person in turn</dd>
              <dt>Speed</dt>
              <dd>as fast as the connection takes them</dd>
              {staying > 0 && (
                <>
                  <dt>The other {count(staying)}</dt>
                  <dd>stay here</dd>
                </>
              )}
            </dl>
            {running?.state === 'running' ? (
              <>
                <progress max={running.of} value={running.done} aria-label="Progress of the replay" />
                <Button onClick={onStop}>{`Stop after ${count(running.done)}`}</Button>
              </>
            ) : may('operate') ? (
              <Button
                kind="primary"
                icon="again"
                class="wide"
                disabled={result.passes === 0 || job?.state === 'running'}
                onClick={onReplay}
              >
                {isPart ? 'Replay what passes' : `Replay ${count(result.passes)}`}
              </Button>
            ) : (
              <p class="muted">Replaying needs the token to operate.</p>
            )}
            <p class="muted small">
              You can stop it while it runs. What was delivered leaves the dead letters.
            </p>
          </>
        )}
      </div>
    </section>
  )
}

const Meter = ({ result }: { readonly result: CheckResult }) => {
  const invalid = result.invalid.reduce((sum, each) => sum + each.count, 0)
  return (
    <div class="meter" aria-hidden="true">
      {(
        [
          ['delivered', result.passes],
          ['invalid', invalid],
          ['skipped', result.unsubscribed],
          ['unknown', result.maybeArrived],
        ] as const
      ).map(([tone, value]) => value > 0 && <i key={tone} class={tone} style={{ flexGrow: value }} />)}
    </div>
  )
}

const Verdict = ({
  icon,
  tone,
  number,
  children,
}: {
  readonly icon: 'check' | 'warning' | 'minus' | 'question'
  readonly tone: string
  readonly number: number
  readonly children: ComponentChildren
}) => (
  <li>
    <span class={tone}>
      <Icon name={icon} />
    </span>
    <span>{children}</span>
    <b class="num">{count(number)}</b>
  </li>
)
