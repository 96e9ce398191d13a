import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { OutcomeRow, Page } from '../../../src/console/shapes'
import type { OutcomeKind } from '../../../src/outcome'
import { get, withQuery } from '../data/api'
import { now } from '../data/now'
import { navigate, query, setQuery } from '../data/router'
import { onOutcomes, overview, setStreamQuery, streamState } from '../data/stream'
import { takeKeys } from '../keys/keyboard'
import { useRows } from '../keys/use-rows'
import { Button, SearchField } from '../parts/controls'
import { Screen } from '../parts/frame'
import { Icon } from '../parts/icon'
import { Empty } from '../parts/states'
import { count } from '../words/format'
import { chipOrder, kindIcons } from '../words/kinds'
import { EventPanel } from './event-panel'
import { OutcomeTable } from './outcome-table'

const kept = 400
const seen = signal<Readonly<Record<OutcomeKind, number>> | undefined>(undefined)

/** What happens right now. */
export function LiveScreen() {
  const filter = {
    q: query.value.get('q') ?? '',
    kind: query.value.get('kind') ?? '',
    connection: query.value.get('connection') ?? '',
  }
  const beside = query.value.get('beside')
  const [rows, setRows] = useState<readonly OutcomeRow[]>([])
  const [isPaused, setPaused] = useState(false)
  const [missed, setMissed] = useState(0)
  const [problem, setProblem] = useState('')
  const paused = useRef(false)
  const held = useRef<OutcomeRow[]>([])
  const shownPerSecond = useRef<number[]>([])
  const allPerSecond = useRef<number[]>([])
  const [rate, setRate] = useState({ shown: 0, all: 0 })
  const key = `${filter.q}|${filter.kind}|${filter.connection}`

  const toggle = (): void => {
    paused.current = !paused.current
    setPaused(paused.current)
    if (!paused.current) {
      setRows((old) => [...held.current, ...old].slice(0, kept))
      held.current = []
      setMissed(0)
    }
  }

  useEffect(() => {
    setStreamQuery({
      q: filter.q || undefined,
      kind: filter.kind || undefined,
      connection: filter.connection || undefined,
    } as { q?: string })
    setRows([])
    held.current = []
    get<Page<OutcomeRow>>(withQuery('/api/outcomes', { ...filter, limit: 100 })).then(
      ({ items }) => {
        setProblem('')
        setRows((old) => merge(old, items))
      },
      (error: Error) => setProblem(error.message),
    )
  }, [key])
  useEffect(
    () => () =>
      setStreamQuery({ q: undefined, kind: undefined, connection: undefined } as unknown as { q?: string }),
    [],
  )
  useEffect(
    () =>
      onOutcomes(({ rows: fresh, seen: counted, perSecond }) => {
        seen.value = perSecond
        const total = Object.values(counted).reduce((sum, value) => sum + value, 0)
        shownPerSecond.current = [...shownPerSecond.current, fresh.length].slice(-4)
        allPerSecond.current = [...allPerSecond.current, total].slice(-4)
        const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0)
        setRate({ shown: sum(shownPerSecond.current), all: sum(allPerSecond.current) })
        if (fresh.length === 0) return
        if (paused.current) {
          held.current = [...fresh, ...held.current].slice(0, kept)
          setMissed((value) => value + total)
        } else setRows((old) => merge(fresh, old))
      }),
    [],
  )
  useEffect(() => takeKeys({ space: toggle, Escape: () => setQuery({ beside: undefined }) }), [])
  const open = (index: number): void => {
    const row = rows[index]
    if (row) navigate(`/e/${encodeURIComponent(row.messageId)}`)
  }
  const [at] = useRows(
    rows.length,
    { Enter: open, o: (index) => setQuery({ beside: rows[index]?.messageId }) },
    key,
  )
  const kinds = filter.kind === '' ? [] : filter.kind.split(',')
  const names = overview.value?.connections.map(({ name }) => name) ?? []
  return (
    <Screen
      title="Live"
      actions={
        <Button icon={isPaused ? 'play' : 'pause'} onClick={toggle}>
          {isPaused ? (missed > 0 ? `Resume, ${count(missed)} more` : 'Resume') : 'Pause'}
        </Button>
      }
      class="page live"
    >
      <h1 class="visually-hidden">Live</h1>
      <div class="chips">
        {chipOrder.map((kind) => {
          const isChosen = kinds.includes(kind)
          const next = isChosen ? kinds.filter((each) => each !== kind) : [...kinds, kind]
          return (
            <button
              type="button"
              key={kind}
              class="chip"
              aria-pressed={isChosen}
              onClick={() => setQuery({ kind: next.join(',') })}
            >
              <span class={kind}>
                <Icon name={kindIcons[kind]} />
              </span>
              {kind} <b>{count(seen.value?.[kind] ?? 0)}</b>
              <span class="visually-hidden"> a second</span>
            </button>
          )
        })}
      </div>
      <div class="filters">
        <SearchField
          label="Filter"
          placeholder="Event, user, message id or FQL"
          value={filter.q}
          onChange={(q) => setQuery({ q })}
        />
        <label class="token wide-only">
          <span>connection</span>
          <select
            value={filter.connection}
            aria-label="Connection"
            onChange={(event) => setQuery({ connection: event.currentTarget.value })}
          >
            <option value="">any</option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <span class="share muted">
          <span class={`dot ${streamState.value.kind === 'live' && !isPaused ? 'delivered' : 'skipped'}`} />
          {problem !== '' ? (
            <span class="rejected">{problem}</span>
          ) : (
            shareSentence(rate, isPaused, key !== '||')
          )}
        </span>
      </div>
      <div class={beside ? 'beside' : ''}>
        <section class="panel rows" aria-label="Outcomes">
          {rows.length === 0 ? (
            <Empty
              title={
                key === '||'
                  ? 'Nothing has ended since this page was opened.'
                  : 'Nothing matches this filter yet.'
              }
            >
              <p>Outcomes appear here as they end. Failures come first.</p>
            </Empty>
          ) : (
            <OutcomeTable rows={rows} at={at} now={now.value} />
          )}
        </section>
        {beside && <EventPanel messageId={beside} onClose={() => setQuery({ beside: undefined })} />}
      </div>
    </Screen>
  )
}

function shareSentence(
  { shown, all }: { readonly shown: number; readonly all: number },
  isPaused: boolean,
  isFiltered: boolean,
): string {
  if (isPaused) return 'The list is paused; the counters go on.'
  if (all === 0) return 'Nothing ends at this moment.'
  const what = isFiltered ? 'that match' : 'a second'
  return shown >= all
    ? `All ${count(all)} ${isFiltered ? 'that match ' : ''}are shown.`
    : `${count(shown)} of ${count(all)} outcomes ${what} are shown. Failures come first.`
}

/** Newest first, each once, at most 400. */
function merge(fresh: readonly OutcomeRow[], old: readonly OutcomeRow[]): OutcomeRow[] {
  const known = new Set(fresh.map(({ id }) => id))
  return [...fresh, ...old.filter(({ id }) => !known.has(id))].slice(0, kept)
}
