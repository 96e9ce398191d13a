import { useEffect, useState } from 'preact/hooks'
import type { VendorInfo, VendorRequests, VendorView } from '../../../src/console/shapes'
import { post, withQuery } from '../data/api'
import { now } from '../data/now'
import { useResource } from '../data/resource'
import { query, setQuery } from '../data/router'
import { may } from '../data/session'
import { say, sayFailure } from '../data/toast'
import { useRows } from '../keys/use-rows'
import { Button, SearchField, Segments } from '../parts/controls'
import { Confirm } from '../parts/dialog'
import { Screen } from '../parts/frame'
import { Body, Json } from '../parts/json'
import { Empty, Failure, Skeleton } from '../parts/states'
import { ago, count, span } from '../words/format'

const toneOf = (status: number | undefined): string =>
  status === undefined || status >= 500
    ? 'rejected'
    : status === 401 || status === 403
      ? 'blocked'
      : status >= 400
        ? 'rejected'
        : 'delivered'

/** What the emulated vendors now hold. */
export function VendorsScreen({ slug }: { readonly slug?: string }) {
  const read = useResource<{ items: readonly VendorInfo[] }>('/api/vendors', 2_000)
  const [isEmptying, setEmptying] = useState(false)
  const vendors = read.data?.items ?? []
  const vendor = vendors.find((each) => each.slug === slug) ?? vendors[0]
  const empty = async (): Promise<void> => {
    setEmptying(false)
    try {
      await post(`/api/vendors/${vendor?.slug}/clear`)
      say(`The emulator of ${vendor?.name} is empty.`)
      read.reload()
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Screen
      title={vendor?.name ?? 'Vendors'}
      {...(vendor && { parent: ['Vendors', '/vendors'] as const })}
      actions={
        vendor && (
          <>
            <span class="pill unknown wide-only">emulator</span>
            {may('operate') && vendor.canBeEmptied && (
              <Button onClick={() => setEmptying(true)}>Empty it</Button>
            )}
          </>
        )
      }
    >
      <h1 class="visually-hidden">{vendor?.name ?? 'Vendors'}</h1>
      {read.error && !read.data && <Failure what="The vendors" error={read.error} onRetry={read.reload} />}
      {!read.data && !read.error && <Skeleton />}
      {read.data && vendors.length === 0 && (
        <div class="panel">
          <Empty title="No emulator runs here.">
            <p>
              An emulator is a vendor on this machine: it answers as the real one does, needs no account, and
              shows what it holds.
            </p>
            <pre class="command">waybill serve --emulate</pre>
          </Empty>
        </div>
      )}
      {vendor && (
        <>
          <div class="tab-row">
            <nav class="segments" aria-label="Vendors">
              {vendors.map((each) => (
                <a
                  key={each.slug}
                  href={`/vendors/${each.slug}`}
                  aria-current={each === vendor ? 'page' : undefined}
                >
                  {each.name}
                </a>
              ))}
            </nav>
            <span class="muted wide-only">
              On this machine, port {new URL(vendor.url).port}. No account, nothing leaves.
            </span>
          </div>
          <div class="two vendor">
            <Holdings key={vendor.slug} vendor={vendor} />
            <Requests key={`${vendor.slug} requests`} vendor={vendor} />
          </div>
        </>
      )}
      {isEmptying && vendor && (
        <Confirm
          title={`Empty the emulator of ${vendor.name}?`}
          action="Empty it"
          onConfirm={empty}
          onClose={() => setEmptying(false)}
        >
          <p>
            What it holds and the requests it got are forgotten. Nothing of yours is touched: dead letters and
            what waits stay.
          </p>
        </Confirm>
      )}
    </Screen>
  )
}

function Holdings({ vendor }: { readonly vendor: VendorInfo }) {
  const given = query.value.get('view')
  const view = vendor.views.find(({ id }) => id === given) ?? vendor.views[0]
  const q = query.value.get('q') ?? ''
  const read = useResource<VendorView>(
    view && withQuery(`/api/vendors/${vendor.slug}/${view.id}`, { q, limit: 100 }),
    2_000,
  )
  const [chosen, setChosen] = useState<string | undefined>(undefined)
  const data = read.data?.id === view?.id ? read.data : undefined
  const rows = data?.rows ?? []
  const [at] = useRows(rows.length, { Enter: (index) => setChosen(rows[index]?.key) }, view?.id)
  useEffect(() => setChosen(undefined), [view?.id, q])
  if (view === undefined)
    return (
      <section class="panel">
        <Empty title="This emulator shows no tables." />
      </section>
    )
  const card =
    rows.find(({ key }) => key === chosen) ?? (innerWidth > 760 || chosen !== undefined ? rows[0] : undefined)
  return (
    <section class="panel" aria-label="What it holds">
      <div class="filter-bar">
        <Segments
          label="What to show"
          value={view.id}
          options={vendor.views.map(
            ({ id, title, count: number }) => [id, `${title} ${count(number)}`] as const,
          )}
          onChange={(id) => setQuery({ view: id, q: undefined })}
        />
        <span class="end wide-only">
          <SearchField
            label="Find"
            placeholder="Find a person"
            value={q}
            onChange={(value) => setQuery({ q: value })}
          />
        </span>
      </div>
      {read.error && !data && <Failure what="What it holds" error={read.error} onRetry={read.reload} />}
      {data && rows.length === 0 && (
        <Empty title={q === '' ? `No ${view.title.toLowerCase()} yet.` : 'Nothing fits.'}>
          <p>They appear here when the vendor has taken them.</p>
        </Empty>
      )}
      {rows.length > 0 && data && (
        <>
          <div class="scrolls">
            <table class="table vendor-table">
              <thead>
                <tr>
                  {data.columns.map(({ key, title, kind }, index) => (
                    <th
                      key={key}
                      class={`${kind === 'number' ? 'num' : ''} ${index > 0 && kind !== 'number' ? 'wide-only' : ''}`}
                    >
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, 12).map((row, index) => (
                  <tr
                    key={row.key}
                    data-row={index}
                    class={`pick ${index === at ? 'at' : ''}`}
                    aria-selected={row.key === card?.key}
                    onClick={() => setChosen(row.key)}
                  >
                    {row.cells.map((cell, place) => {
                      const kind = data.columns[place]?.kind
                      const text =
                        cell === null ? (
                          <span class="faint">–</span>
                        ) : kind === 'time' && typeof cell === 'string' ? (
                          ago(cell, now.value)
                        ) : typeof cell === 'number' ? (
                          count(cell)
                        ) : (
                          cell
                        )
                      return (
                        <td
                          key={data.columns[place]?.key}
                          class={`cut ${kind === 'number' ? 'num' : ''} ${kind === 'id' ? 'mono' : ''} ${place > 0 && kind !== 'number' ? 'wide-only muted' : ''}`}
                        >
                          {place === 0 ? (
                            <button type="button" class="plain cut" onClick={() => setChosen(row.key)}>
                              {text}
                            </button>
                          ) : (
                            text
                          )}
                        </td>
                      )
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {data.count > 12 && (
            <p class="rest-line muted">
              {count(Math.min(12, rows.length))} of {count(data.count)} are shown; find the others above.
            </p>
          )}
          {card && (
            <div class="card-of">
              <div>
                <strong class="mono">{String(card.cells[0] ?? '')}</strong>
                <p class="muted">What {vendor.name} would show</p>
              </div>
              <Json value={card.card} />
            </div>
          )}
        </>
      )}
    </section>
  )
}

const answers = [
  ['200', '200'],
  ['429', '429'],
  ['503', '503'],
  ['nothing', 'nothing'],
] as const

function Requests({ vendor }: { readonly vendor: VendorInfo }) {
  const read = useResource<VendorRequests>(`/api/vendors/${vendor.slug}/requests`, 2_000)
  const [answer, setAnswer] = useState<(typeof answers)[number][0]>('200')
  const [open, setOpen] = useState<number | undefined>(undefined)
  const choose = async (next: typeof answer): Promise<void> => {
    try {
      await post(`/api/vendors/${vendor.slug}/faults`, { answer: next, times: 10 })
      setAnswer(next)
      say(
        next === '200'
          ? `${vendor.name} answers as it should.`
          : `${vendor.name} answers the next 10 requests with ${next}.`,
      )
    } catch (error) {
      sayFailure(error)
    }
  }
  const requests = read.data?.requests ?? []
  return (
    <section class="panel requests" aria-label="Requests">
      <header>
        <h2>Requests</h2>
        <span class="muted">
          {count(vendor.accepted)} accepted, {count(vendor.refused)} refused
        </span>
      </header>
      {may('operate') && (
        <div class="answer">
          <span class="muted">Answer the next 10 with</span>
          <Segments label="Answer the next 10 with" value={answer} options={answers} onChange={choose} />
        </div>
      )}
      {requests.length === 0 && <Empty title="It has got no request yet." />}
      <ul>
        {requests.slice(0, 12).map((request, index) => (
          <li key={`${request.at}${index}`}>
            <button
              type="button"
              class="request"
              aria-expanded={open === index}
              onClick={() => setOpen(open === index ? undefined : index)}
            >
              <code class={toneOf(request.status)}>{request.status ?? '–'}</code>
              <span class="body">
                <code class="cut">
                  {request.method} {request.path}
                </code>
                <small class="muted cut">{request.about}</small>
              </span>
              <span class="num muted">{span(request.durationMs)}</span>
            </button>
            {open === index && (
              <>
                <Body text={request.body} />
                <Body text={request.answer} />
              </>
            )}
          </li>
        ))}
      </ul>
      {read.data && read.data.thrownAway.length > 0 && (
        <div class="thrown">
          <h3>Accepted, but thrown away</h3>
          <p class="muted">The vendor accepts and keeps none of these:</p>
          <dl>
            {read.data.thrownAway.slice(0, 8).map(({ what, count: number }) => (
              <div key={what}>
                <dt class="mono cut">{what}</dt>
                <dd class="num muted">{count(number)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </section>
  )
}
