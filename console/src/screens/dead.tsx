import { useEffect, useState } from 'preact/hooks'
import type { DeadGroup, DeadGroups, DeadRow, Page } from '../../../src/console/shapes'
import { get, withQuery } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { eventPath, navigate, query, setQuery } from '../data/router'
import { may } from '../data/session'
import { takeKeys } from '../keys/keyboard'
import { useRows } from '../keys/use-rows'
import { Button, SearchField } from '../parts/controls'
import { Screen } from '../parts/frame'
import { Icon } from '../parts/icon'
import { Spark } from '../parts/spark'
import { Empty, Failure, Skeleton } from '../parts/states'
import { ago, clock, count, plural } from '../words/format'
import { kindIcons } from '../words/kinds'
import { type Chosen, DeadActions } from './dead-actions'

/** What did not arrive, why, and whether it would now. */
export function DeadScreen() {
  const groups = useResource<DeadGroups>('/api/dead/groups', 3_000)
  const group = query.value.get('group') ?? ''
  const filter = {
    group,
    connection: query.value.get('connection') ?? '',
    q: query.value.get('q') ?? '',
    within: query.value.get('within') ?? '',
  }
  const total = groups.data?.count ?? 0
  const download = withQuery('/api/dead/export', filter)
  const chosenGroup = groups.data?.groups.find(({ id }) => id === group)
  return (
    <Screen
      title="Dead letters"
      actions={
        may('payloads') &&
        total > 0 && (
          <span class="wide-only">
            <Button icon="download" href={download} download>
              Download
            </Button>
          </span>
        )
      }
    >
      {groups.error && !groups.data && (
        <Failure what="The dead letters" error={groups.error} onRetry={groups.reload} />
      )}
      {!groups.data && !groups.error && <Skeleton lines={8} />}
      {groups.data && total === 0 && (
        <div class="panel">
          <Empty title="Nothing is dead.">
            <p>
              An event comes here when it ended without being delivered: refused for good, invalid for its
              action, or tried until its time was over. It can be replayed from here.
            </p>
          </Empty>
        </div>
      )}
      {groups.data && total > 0 && (
        <>
          <div class="lead">
            <h1>{plural(total, 'event')} ended without being delivered.</h1>
            <p>
              Grouped by why.{' '}
              {groups.data.keptDays === undefined
                ? 'They are kept until they are replayed or dropped.'
                : `They are kept for ${groups.data.keptDays} days.`}
            </p>
          </div>
          <Letters
            key={JSON.stringify(filter)}
            groups={groups.data.groups}
            filter={filter}
            chosenGroup={chosenGroup}
            onChanged={groups.reload}
          />
        </>
      )}
    </Screen>
  )
}

const Groups = ({ groups, chosen }: { readonly groups: readonly DeadGroup[]; readonly chosen: string }) => (
  <section class="panel groups" aria-label="Reasons">
    <ul>
      {groups.map((group) => (
        <li key={group.id}>
          <button
            type="button"
            class="pick"
            aria-current={group.id === chosen}
            onClick={() => setQuery({ group: group.id === chosen ? undefined : group.id })}
          >
            <span class={group.kind}>
              <Icon name={kindIcons[group.kind]} />
              <span class="visually-hidden">{group.kind}</span>
            </span>
            <span class="body">
              <strong>{group.message.replace(/\.$/, '')}</strong>
              <small class="muted cut">
                {group.connection} › {group.action} · <code>{group.code}</code>
                {group.last && ` · last ${ago(group.last, now.value)}`}
              </small>
            </span>
            <span class="wide-only">
              <Spark counts={group.spark} class={group.kind} />
            </span>
            <b class="num">{count(group.count)}</b>
          </button>
        </li>
      ))}
    </ul>
  </section>
)

type Filter = {
  readonly group: string
  readonly connection: string
  readonly q: string
  readonly within: string
}

function Letters({
  groups,
  filter,
  chosenGroup,
  onChanged,
}: {
  readonly groups: readonly DeadGroup[]
  readonly filter: Filter
  readonly chosenGroup: DeadGroup | undefined
  readonly onChanged: () => void
}) {
  const path = withQuery('/api/dead', { ...filter, limit: 100 })
  const read = useResource<Page<DeadRow>>(path, 4_000)
  const [older, setOlder] = useState<readonly DeadRow[]>([])
  const [next, setNext] = useState<string | undefined>(undefined)
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const [isAll, setAll] = useState(false)
  const [seen, setSeen] = useState<{ count: number; asOf: string } | undefined>(undefined)
  const [last, setLast] = useState(0)
  const rows = [
    ...(read.data?.items ?? []),
    ...older.filter(({ id }) => !read.data?.items.some((row) => row.id === id)),
  ]
  const total = read.data?.count?.value ?? rows.length
  const after = next ?? read.data?.next
  const isSelected = (id: string): boolean => isAll || ids.has(id)
  const toggle = (index: number, upTo = false): void => {
    const row = rows[index]
    if (row === undefined) return
    const chosen = new Set(isAll ? rows.map(({ id }) => id) : ids)
    const [from, to] = upTo ? [Math.min(last, index), Math.max(last, index)] : [index, index]
    const turnsOn = upTo || !chosen.has(row.id)
    for (let place = from; place <= to; place++) {
      const id = rows[place]?.id
      if (id !== undefined) turnsOn ? chosen.add(id) : chosen.delete(id)
    }
    setAll(false)
    setIds(chosen)
    setLast(index)
  }
  const toggleAll = (): void => {
    const turnsOn = !isAll
    setAll(turnsOn)
    setIds(new Set())
    // The filter is frozen as it is now, with the number that stands on the screen.
    setSeen(turnsOn ? { count: total, asOf: read.data?.asOf ?? new Date().toISOString() } : undefined)
  }
  const [at] = useRows(
    rows.length,
    {
      Enter: (index) => navigate(eventPath(rows[index]?.messageId ?? '')),
      x: (index) => toggle(index),
      'shift+x': (index) => toggle(index, true),
    },
    path,
  )
  useEffect(() =>
    takeKeys({
      a: toggleAll,
      Escape: () => {
        setAll(false)
        setIds(new Set())
      },
    }),
  )
  const more = async (): Promise<void> => {
    const page = await get<Page<DeadRow>>(withQuery('/api/dead', { ...filter, limit: 200, after }))
    setOlder([...older, ...page.items])
    setNext(page.next ?? '')
  }
  const number = isAll ? (seen?.count ?? total) : ids.size
  const chosen: Chosen | undefined =
    number === 0
      ? undefined
      : isAll
        ? {
            count: number,
            words:
              filter.group !== '' && filter.q === ''
                ? 'every event of this reason, not only those shown'
                : 'every event of the filter, not only those shown',
            selection: {
              filter: queryOf(filter),
              asOf: seen?.asOf ?? new Date().toISOString(),
              expected: number,
            },
            first: rows[0],
          }
        : {
            count: number,
            words: number === 1 ? 'this event' : `these ${count(number)} events`,
            selection: { ids: [...ids] },
            first: rows.find(({ id }) => ids.has(id)),
          }
  const refresh = (): void => {
    setAll(false)
    setIds(new Set())
    setOlder([])
    setNext(undefined)
    read.reload()
    onChanged()
  }
  return (
    <DeadActions chosen={chosen} onChanged={refresh}>
      <Groups groups={groups} chosen={filter.group} />
      <section class="panel letters" aria-label="Letters">
        <div class="filter-bar">
          {chosenGroup && (
            <Token name="reason" value={chosenGroup.code} onRemove={() => setQuery({ group: undefined })} />
          )}
          {filter.connection !== '' && (
            <Token
              name="connection"
              value={filter.connection}
              onRemove={() => setQuery({ connection: undefined })}
            />
          )}
          <label class="token wide-only">
            <span>last</span>
            <select
              aria-label="Ended within"
              value={filter.within}
              onChange={(event) => setQuery({ within: event.currentTarget.value })}
            >
              <option value="">any time</option>
              <option value="3600000">1 h</option>
              <option value="86400000">24 h</option>
              <option value="604800000">7 d</option>
            </select>
          </label>
          <SearchField
            label="Filter"
            placeholder="Id, user, or FQL: properties.total > 100"
            value={filter.q}
            onChange={(q) => setQuery({ q })}
          />
        </div>
        {read.error ? (
          <Failure what="The letters" error={read.error} onRetry={read.reload} />
        ) : rows.length === 0 ? (
          read.data ? (
            <Empty title="No dead letter fits this filter." />
          ) : (
            <Skeleton />
          )
        ) : (
          <table class="table dead-table">
            <thead>
              <tr>
                <th class="check">
                  <input
                    type="checkbox"
                    aria-label={`Select all ${count(total)} of the filter`}
                    checked={isAll}
                    onChange={toggleAll}
                  />
                </th>
                <th>Event</th>
                <th class="wide-only">Person</th>
                <th>Why</th>
                <th class="num wide-only">Tries</th>
                <th class="num">Ended</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={row.id} data-row={index} class={index === at ? 'at' : ''}>
                  <td class="check">
                    <input
                      type="checkbox"
                      aria-label={`Select ${row.event} ${row.messageId}`}
                      checked={isSelected(row.id)}
                      onClick={(event) => toggle(index, event.shiftKey)}
                    />
                  </td>
                  <td>
                    <a href={eventPath(row.messageId)}>{row.event}</a>
                    <div class="muted mono cut id">{row.messageId}</div>
                  </td>
                  <td class="wide-only mono muted cut">{row.person}</td>
                  <td class="muted">{row.why}</td>
                  <td class="num wide-only">{row.tries}</td>
                  <td class="num muted">{clock(row.ended, now.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {after !== undefined && after !== '' && (
          <div class="more">
            <Button onClick={more}>Show more</Button>
            <span class="muted">
              {count(rows.length)} of {count(total)}
            </span>
          </div>
        )}
      </section>
    </DeadActions>
  )
}

const queryOf = ({ group, connection, q, within }: Filter) => ({
  ...(group !== '' && { group }),
  ...(connection !== '' && { connection }),
  ...(q !== '' && { q }),
  ...(within !== '' && { withinMs: Number(within) }),
})

const Token = ({
  name,
  value,
  onRemove,
}: {
  readonly name: string
  readonly value: string
  readonly onRemove: () => void
}) => (
  <span class="token">
    <span>{name}</span>
    <span class="cut">
      <strong>{value}</strong>
    </span>
    <button type="button" aria-label={`Remove the filter ${name}`} onClick={onRemove}>
      ×
    </button>
  </span>
)
