import { useEffect, useState } from 'preact/hooks'
import type { OutcomeRow, Page } from '../../../src/console/shapes'
import { get, withQuery } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { navigate, query, setQuery } from '../data/router'
import { useRows } from '../keys/use-rows'
import { Button, SearchField } from '../parts/controls'
import { Empty, Failure, Skeleton } from '../parts/states'
import { OutcomeTable } from './outcome-table'

/** What ended at one connection, newest first, read on demand. */
export function Outcomes({ name }: { readonly name: string }) {
  const q = query.value.get('q') ?? ''
  const path = withQuery('/api/outcomes', { connection: name, q, limit: 100 })
  const read = useResource<Page<OutcomeRow>>(path, 2_000)
  const [older, setOlder] = useState<readonly OutcomeRow[]>([])
  const [next, setNext] = useState<string | undefined>(undefined)
  useEffect(() => {
    setOlder([])
    setNext(undefined)
  }, [path])
  const rows = [...(read.data?.items ?? []), ...older]
  const after = next ?? read.data?.next
  const [at] = useRows(
    rows.length,
    { Enter: (index) => navigate(`/e/${encodeURIComponent(rows[index]?.messageId ?? '')}`) },
    path,
  )
  const more = async (): Promise<void> => {
    const page = await get<Page<OutcomeRow>>(
      withQuery('/api/outcomes', { connection: name, q, limit: 200, after }),
    )
    setOlder([...older, ...page.items])
    setNext(page.next ?? '')
  }
  return (
    <section class="panel">
      <div class="filter-bar">
        <SearchField
          label="Filter"
          placeholder="Event, user, message id or FQL"
          value={q}
          onChange={(value) => setQuery({ q: value })}
        />
      </div>
      {read.error && rows.length === 0 ? (
        <Failure what="The outcomes" error={read.error} onRetry={read.reload} />
      ) : rows.length > 0 ? (
        <OutcomeTable rows={rows} at={at} now={now.value} hidesConnection />
      ) : read.isLoading && !read.data ? (
        <Skeleton />
      ) : (
        <Empty title={q === '' ? 'Nothing has ended here yet.' : 'Nothing matches this filter.'}>
          <p>Outcomes appear here as they end.</p>
        </Empty>
      )}
      {after !== undefined && after !== '' && rows.length > 0 && (
        <div class="more">
          <Button onClick={more}>Show older ones</Button>
        </div>
      )}
    </section>
  )
}
