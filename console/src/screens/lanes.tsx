import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { ConnectionDetail, LaneDetail, LanePage, LaneRow, LaneState } from '../../../src/console/shapes'
import { type ApiFailure, get, post, withQuery } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { eventPath, query, setQuery } from '../data/router'
import { may } from '../data/session'
import { say, sayFailure } from '../data/toast'
import { useRows } from '../keys/use-rows'
import { Button, CopyButton, SearchField } from '../parts/controls'
import { Confirm } from '../parts/dialog'
import { Icon } from '../parts/icon'
import { State } from '../parts/kind'
import { Empty, Failure, Skeleton } from '../parts/states'
import { WindowList } from '../parts/window-list'
import { clockSeconds, count, plural, span } from '../words/format'
import { stateIcons } from '../words/kinds'

const order: readonly LaneState[] = ['held', 'retrying', 'ready', 'joined']
const notes: Readonly<Record<LaneState, string>> = {
  ready: 'wait for a place',
  retrying: 'the first was refused; next try',
  held: 'go when the connection does',
  joined: 'wait for another lane (alias)',
}
const pageSize = 200
const [rowHeight, shownHeight] = [36, 396]
const windowedAbove = 60

/** Persons whose events wait, and why. */
export function Lanes({ detail }: { readonly detail: ConnectionDetail }) {
  const state = query.value.get('state') ?? ''
  const q = query.value.get('q') ?? ''
  const chosen = query.value.get('lane') ?? undefined
  const base = `/api/connections/${encodeURIComponent(detail.name)}/lanes`
  const path = withQuery(base, { state, q, limit: pageSize })
  const first = useResource<LanePage>(path, 2_000)
  const rows = usePages(path, first.data)
  const total = first.data?.count?.value ?? first.data?.items.length ?? 0
  const totals = first.data?.totals
  const all = totals === undefined ? 0 : order.reduce((sum, each) => sum + totals[each], 0)
  const pick = (row: LaneRow | undefined): void => setQuery({ lane: row?.key })
  const [at] = useRows(
    rows.known.length,
    { Enter: (index) => pick(rows.known[index]), o: (index) => pick(rows.known[index]) },
    path,
  )
  const shownKey = chosen ?? (innerWidth > 760 ? first.data?.items[0]?.key : undefined)
  if (first.error && !first.data)
    return <Failure what="The lanes" error={first.error} onRetry={first.reload} />
  if (!first.data) return <Skeleton lines={8} />
  if (all === 0)
    return (
      <div class="panel">
        <Empty title="Nothing waits.">
          <p>
            {detail.ordered
              ? 'A lane appears here for each person whose events cannot be sent at once.'
              : 'Events that cannot be sent at once appear here.'}
          </p>
        </Empty>
      </div>
    )
  return (
    <div class="two lanes">
      <section class="panel" aria-label="Lanes">
        <div class="totals">
          {order
            .filter((each) => (totals?.[each] ?? 0) > 0)
            .map((each) => (
              <button
                type="button"
                key={each}
                aria-pressed={state === each}
                onClick={() => setQuery({ state: state === each ? undefined : each, lane: undefined })}
              >
                <span class={`kind ${each}`}>
                  <Icon name={stateIcons[each]} /> {each}
                </span>
                <b>{count(totals?.[each] ?? 0)}</b>
                <small class="muted cut">{notes[each]}</small>
              </button>
            ))}
        </div>
        {all > 1_000 && <Ages ages={first.data.ages} all={all} />}
        <div class="filter-bar">
          <SearchField
            label="User or anonymous id"
            placeholder="User or anonymous id"
            value={q}
            onChange={(value) => setQuery({ q: value, lane: undefined })}
          />
          <span class="muted wide-only">Longest wait first</span>
          <span class="muted end">
            {plural(total, detail.ordered ? 'lane' : 'person', detail.ordered ? 'lanes' : 'people')}
          </span>
        </div>
        {total === 0 ? (
          <Empty title="No lane fits this filter." />
        ) : (
          <LaneTable total={total} rows={rows} at={at} chosen={shownKey} onPick={pick} />
        )}
      </section>
      {shownKey !== undefined && (
        <LaneAside
          key={shownKey}
          base={base}
          laneKey={shownKey}
          onGone={() => {
            setQuery({ lane: undefined })
            first.reload()
          }}
        />
      )}
    </div>
  )
}

type Pages = {
  readonly known: readonly LaneRow[]
  at(index: number): LaneRow | undefined
  want(from: number, to: number): void
}

/** Pages of lanes by key, fetched as they come into view, in their order. */
function usePages(path: string, first: LanePage | undefined): Pages {
  const [later, setLater] = useState<readonly LanePage[]>([])
  const isFetching = useRef(false)
  const wanted = useRef(0)
  useEffect(() => setLater([]), [path])
  const known = [...(first?.items ?? []), ...later.flatMap(({ items }) => items)]
  const next = later.length > 0 ? later.at(-1)?.next : first?.next
  const fetchNext = useCallback((): void => {
    if (isFetching.current || next === undefined || wanted.current < known.length) return
    isFetching.current = true
    get<LanePage>(`${path}&after=${encodeURIComponent(next)}`).then(
      (page) => {
        isFetching.current = false
        setLater((old) => [...old, page])
      },
      () => {
        isFetching.current = false
      },
    )
  }, [path, next, known.length])
  useEffect(fetchNext, [fetchNext])
  return {
    known,
    at: (index) => known[index],
    want: useCallback(
      (_from: number, to: number) => {
        wanted.current = to
        fetchNext()
      },
      [fetchNext],
    ),
  }
}

const headers = (
  <tr>
    <th>Person</th>
    <th class="wide-only">State</th>
    <th class="wide-only">First in line</th>
    <th>Why</th>
    <th class="num">Events</th>
    <th class="num">Next try</th>
  </tr>
)

function LaneTable({
  total,
  rows,
  at,
  chosen,
  onPick,
}: {
  readonly total: number
  readonly rows: Pages
  readonly at: number
  readonly chosen: string | undefined
  readonly onPick: (row: LaneRow | undefined) => void
}) {
  const row = (index: number) => {
    const lane = rows.at(index)
    if (lane === undefined)
      return (
        <tr key={index} aria-rowindex={index + 2}>
          <td colSpan={6} class="faint">
            …
          </td>
        </tr>
      )
    return (
      <tr
        key={lane.key}
        data-row={index}
        aria-rowindex={index + 2}
        aria-current={lane.key === chosen}
        class={`pick ${index === at ? 'at' : ''}`}
        onClick={() => onPick(lane)}
      >
        <td class="mono cut">
          <button type="button" class="plain mono cut" onClick={() => onPick(lane)}>
            {lane.person || 'no person'}
          </button>
          <div class={`narrow-only ${lane.state} cut`}>
            <Icon name={stateIcons[lane.state]} /> {lane.why}
          </div>
        </td>
        <td class="wide-only">
          <State state={lane.state} />
        </td>
        <td class="wide-only cut">{lane.event}</td>
        <td class="muted cut wide-only">{lane.why}</td>
        <td class="num">
          {count(lane.events)}
          <span class="narrow-only muted"> {lane.events === 1 ? 'event' : 'events'}</span>
        </td>
        <td class="num muted">{nextTry(lane)}</td>
      </tr>
    )
  }
  if (total <= windowedAbove)
    return (
      <table class="table fixed lanes-table">
        <thead class="wide-only-head">{headers}</thead>
        <tbody>{Array.from({ length: Math.min(total, rows.known.length) }, (_, index) => row(index))}</tbody>
      </table>
    )
  return (
    <WindowList
      total={total}
      rowHeight={innerWidth > 760 ? rowHeight : 54}
      height={shownHeight}
      label="Lanes"
      header={headers}
      row={row}
      onRange={rows.want}
      columns={6}
    />
  )
}

const nextTry = ({ nextTry: time }: LaneRow): string => {
  const left = time === undefined ? 0 : Date.parse(time) - now.value
  return left > 0 ? span(left) : '–'
}

const ageWords = ['under a minute', 'under 10 min', 'under an hour', 'under 4 h', 'longer']

/** How long lanes wait: what matters first where there are very many. */
const Ages = ({ ages, all }: { readonly ages: LanePage['ages']; readonly all: number }) => (
  <ul class="ages" aria-label="How long lanes wait">
    {ages.map(({ uptoMs, lanes }, index) => (
      <li key={uptoMs ?? 'longer'}>
        <span class="muted">{ageWords[index]}</span>
        <i style={{ width: `${Math.max(1, (lanes / all) * 100)}%` }} aria-hidden="true" />
        <span class="num">{count(lanes)}</span>
      </li>
    ))}
  </ul>
)

function LaneAside({
  base,
  laneKey,
  onGone,
}: {
  readonly base: string
  readonly laneKey: string
  readonly onGone: () => void
}) {
  const read = useResource<LaneDetail>(`${base}/${encodeURIComponent(laneKey)}`, 3_000)
  const [isAsking, setAsking] = useState(false)
  const [most, setMost] = useState(6)
  const lane = read.data
  if (read.error?.status === 404)
    return (
      <section class="panel aside">
        <Empty title="Nothing of this person waits any more.">
          <Button onClick={onGone}>Close</Button>
        </Empty>
      </section>
    )
  if (lane === undefined)
    return (
      <section class="panel aside">
        {read.error ? <Failure what="The lane" error={read.error} onRetry={read.reload} /> : <Skeleton />}
      </section>
    )
  const [head] = lane.list
  const setAside = async (): Promise<void> => {
    setAsking(false)
    if (head === undefined) return
    try {
      await post(`${base}/${encodeURIComponent(laneKey)}/set-aside`, {
        messageId: head.messageId,
        subscription: head.subscription,
      })
      say(`${head.event} was set aside. The next one goes on.`, '/dead', 'Open dead letters')
      read.reload()
    } catch (error) {
      if ((error as ApiFailure).status === 409)
        say('It is no longer the first in line: somebody was faster, or it was delivered. Nothing was done.')
      else sayFailure(error)
      read.reload()
    }
  }
  return (
    <section class="panel aside" aria-label="The lane">
      <header>
        <code class="cut">{lane.person || 'no person'}</code>
        <div class="end">
          <CopyButton text={lane.person} label="Copy the id" />
        </div>
      </header>
      <p class={`kind ${lane.state} sum`}>
        <Icon name={stateIcons[lane.state]} /> {plural(lane.events, 'event')}{' '}
        {lane.events === 1 ? 'waits' : 'wait'}, {lane.events > 1 ? 'the first ' : ''}for{' '}
        {span(now.value - Date.parse(lane.since))}
      </p>
      <ol class="line">
        {lane.list.slice(0, most).map((event, index) => (
          <li key={`${event.messageId}${event.subscription}`}>
            <span class={index === 0 ? lane.state : 'skipped'}>
              <Icon name={index === 0 ? stateIcons[lane.state] : 'clock'} />
            </span>
            <div>
              <a href={eventPath(event.messageId)}>{event.event}</a>
              <p class="muted">{event.why}</p>
            </div>
            <span class="num muted">{clockSeconds(event.received)}</span>
          </li>
        ))}
        {lane.events > most && (
          <li class="rest muted">and {count(lane.events - Math.min(most, lane.list.length))} more</li>
        )}
      </ol>
      <footer>
        {may('operate') && head && <Button onClick={() => setAsking(true)}>Set the first aside</Button>}
        {lane.list.length > most && (
          <Button
            kind="quiet"
            onClick={() => setMost(lane.list.length)}
          >{`Open all ${count(lane.events)}`}</Button>
        )}
      </footer>
      {isAsking && head && (
        <Confirm
          title={`Set ${head.event} aside?`}
          action="Set it aside"
          onConfirm={setAside}
          onClose={() => setAsking(false)}
        >
          <p>
            It moves to the dead letters, and the other {plural(lane.events - 1, 'event')} of this person go
            on without it. The destination then gets them in an order with a gap. You can replay it later.
          </p>
        </Confirm>
      )}
    </section>
  )
}
