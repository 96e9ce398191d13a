import { useState } from 'preact/hooks'
import type { Exchange, Journey, Leg, Step } from '../../../src/console/shapes'
import { now } from '../data/now'
import { connectionPath } from '../data/router'
import { Icon } from '../parts/icon'
import { Body } from '../parts/json'
import { capital, numberWord, span } from '../words/format'
import { kindIcons, kindWords } from '../words/kinds'

/** A leg for each connection and subscription. */
export function Legs({ journey }: { readonly journey: Journey }) {
  const wanted = journey.legs.filter(({ state }) => state !== 'skipped')
  const skipped = new Map<string, Leg[]>()
  for (const leg of journey.legs)
    if (leg.state === 'skipped') skipped.set(leg.connection, [...(skipped.get(leg.connection) ?? []), leg])
  return (
    <div class="legs">
      {wanted.map((leg) => (
        <LegView key={`${leg.connection}/${leg.subscription}`} leg={leg} />
      ))}
      {[...skipped].map(([connection, legs]) => (
        <SkippedLegs key={connection} connection={connection} legs={legs} />
      ))}
      {journey.legs.length === 0 && <p class="leg muted">No connection wants this event.</p>}
    </div>
  )
}

function endOf({ state, outcome, durationMs, nextTry }: Leg): readonly [string, string] {
  if (state === 'waiting') {
    const left = nextTry === undefined ? 0 : Date.parse(nextTry) - now.value
    return left > 0 ? ['retry', `Next try in ${span(left)}`] : ['skipped', 'Waits']
  }
  const took = durationMs === undefined || outcome !== 'delivered' ? '' : `, ${span(durationMs)}`
  if (outcome === undefined) return ['delivered', `Ended${took}`]
  return [outcome, `${kindWords[outcome]}${took}`]
}

function LegView({ leg }: { readonly leg: Leg }) {
  const [tone, text] = endOf(leg)
  const icon =
    leg.state === 'waiting' ? (tone === 'retry' ? 'again' : 'clock') : kindIcons[leg.outcome ?? 'delivered']
  const [openId, setOpenId] = useState<string | undefined>(undefined)
  const lastFailed = [...leg.exchanges].reverse().find(({ status }) => status === undefined || status >= 400)
  const shown = leg.exchanges.find(({ id }) => id === (openId ?? lastFailed?.id))
  const [changesOpen, setChangesOpen] = useState(false)
  return (
    <article class="leg">
      <header>
        <a href={connectionPath(leg.connection)}>
          <strong>{leg.connection}</strong>
        </a>
        <span class="muted cut">{leg.action || leg.subscription}</span>
        <span class={`pill ${tone}`}>
          <Icon name={icon} />
          {text}
        </span>
      </header>
      {leg.steps.length > 0 && (
        <Bars
          steps={leg.steps}
          isOpen={leg.state === 'waiting'}
          chosen={shown?.id}
          onChoose={(id) => setOpenId(id === shown?.id ? '' : id)}
        />
      )}
      {leg.state !== 'ended' || leg.outcome !== 'delivered'
        ? leg.why.map((line) => (
            <p key={line} class="why">
              {capital(line)}
            </p>
          ))
        : null}
      {leg.changes.length > 0 && (
        <p class="why muted">
          {leg.changes.length === 1
            ? 'One field was changed on the way'
            : `${capital(numberWord(leg.changes.length))} fields were changed on the way`}
          :{' '}
          {(changesOpen ? leg.changes : leg.changes.slice(0, 2)).map(({ path, reason, kind }, index) => (
            <span key={path}>
              {index > 0 && ', '}
              <code>{path}</code>{' '}
              {kind === 'dropped' ? `left out (${reason})` : reason.replace(/^(\w+) to/, 'from $1 to')}
            </span>
          ))}
          .{' '}
          {leg.changes.length > 2 && !changesOpen && (
            <button type="button" class="link" onClick={() => setChangesOpen(true)}>
              Show all fields
            </button>
          )}
        </p>
      )}
      {shown ? (
        <ExchangeView exchange={shown} onClose={() => setOpenId('')} />
      ) : (
        leg.exchanges.length > 0 && (
          <p class="why">
            <button type="button" class="link" onClick={() => setOpenId(leg.exchanges.at(-1)?.id)}>
              {leg.exchanges.length === 1
                ? 'Show the request'
                : `Show the last of ${leg.exchanges.length} requests`}
            </button>
          </p>
        )
      )}
      {leg.deadId !== undefined && (
        <p class="why">
          <a href={`/dead?connection=${encodeURIComponent(leg.connection)}`}>Open in dead letters</a>
        </p>
      )}
    </article>
  )
}

function SkippedLegs({ connection, legs }: { readonly connection: string; readonly legs: readonly Leg[] }) {
  const [isOpen, setOpen] = useState(legs.length === 1)
  return (
    <article class="leg">
      <header>
        <a href={connectionPath(connection)}>
          <strong>{connection}</strong>
        </a>
        <button type="button" class="link muted" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {legs.length === 1 ? legs[0]?.action || legs[0]?.subscription : `${legs.length} subscriptions`}
        </button>
        <span class="pill skipped">
          <Icon name="minus" /> {legs.length === 1 ? 'Skipped by its filter' : 'Skipped by their filters'}
        </span>
      </header>
      {isOpen &&
        legs.map((leg) => (
          <p key={leg.subscription} class="why muted">
            {legs.length > 1 && <strong>{leg.subscription}: </strong>}
            <code>{leg.why.join(' · ')}</code>
          </p>
        ))}
    </article>
  )
}

/** Nice steps for an axis of so many milliseconds. */
function axis(ms: number): { step: number; end: number } {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, ms / 4)))
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * unit * 4 >= ms) ?? 10) * unit
  return { step, end: step * 4 }
}

function Bars({
  steps,
  isOpen,
  chosen,
  onChoose,
}: {
  readonly steps: readonly Step[]
  readonly isOpen: boolean
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
}) {
  const last = Math.max(...steps.map(({ from, to }) => to ?? from), 1)
  const { step, end } = axis(last)
  const label = (value: number, isUnit: boolean): string =>
    end >= 10_000
      ? `${+(value / 1_000).toFixed(1)}${isUnit ? ' s' : ''}`
      : `${+value.toFixed(1)}${isUnit ? ' ms' : ''}`
  return (
    <div class="bars">
      <div class="scale" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((index) => (
          <span key={index} style={{ insetInlineStart: `${index * 25}%` }}>
            {label(index * step, index === 1)}
          </span>
        ))}
      </div>
      <ul>
        {steps.map(({ kind, label: name, from, to = last, note, outcome, attempt }, index) => {
          const isWait = kind !== 'attempt'
          const tone = isWait
            ? kind === 'backoff' || kind === 'hold'
              ? 'retry'
              : 'skipped'
            : (outcome ?? 'delivered')
          const text = (
            <>
              <span class="name cut">{name}</span>
              <span class="track" aria-hidden="true">
                <i
                  class={`${isWait && !(kind === 'queue') ? 'waits' : ''} ${tone}`}
                  style={{
                    insetInlineStart: `${(from / end) * 100}%`,
                    width: `max(5px, ${((to - from) / end) * 100}%)`,
                  }}
                />
              </span>
              <span class="num muted">{note ?? span(to - from)}</span>
            </>
          )
          return (
            <li key={`${index}${name}`} class={isOpen && index === steps.length - 1 ? 'open' : ''}>
              {attempt !== undefined ? (
                <button
                  type="button"
                  aria-pressed={attempt === chosen}
                  title="Show the request and the response"
                  onClick={() => onChoose(attempt)}
                >
                  {text}
                </button>
              ) : (
                <div>{text}</div>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

const toneOf = (status: number | undefined): string =>
  status === undefined || status >= 500 ? 'rejected' : status >= 400 ? 'invalid' : 'delivered'

/** A request beside its response. */
export function ExchangeView({
  exchange,
  onClose,
}: {
  readonly exchange: Exchange
  readonly onClose?: () => void
}) {
  const {
    method,
    url,
    status,
    durationMs,
    error,
    requestHeaders,
    responseHeaders,
    requestBody,
    responseBody,
    isCut,
  } = exchange
  const retryAfter = responseHeaders?.['retry-after']
  const [hasHeaders, setHeaders] = useState(false)
  return (
    <div class="exchange">
      <header>
        {onClose && (
          <button type="button" class="icon-button small" aria-label="Close the exchange" onClick={onClose}>
            <Icon name="down" />
          </button>
        )}
        <code class="cut">
          <span class="retry">{method}</span> {url.replace(/^https?:\/\//, '')}
        </code>
        <code class={`end ${toneOf(status)}`}>{status ?? error ?? 'no response'}</code>
        {durationMs !== undefined && <code class="muted">{span(durationMs)}</code>}
      </header>
      <div class="sides">
        <div>
          <h3>Request</h3>
          {hasHeaders && <Headers headers={requestHeaders} />}
          <Body text={requestBody} />
        </div>
        <div>
          <h3>Response{retryAfter !== undefined && ` · retry-after: ${retryAfter}`}</h3>
          {hasHeaders && <Headers headers={responseHeaders} />}
          {error !== undefined && <p class="json rejected">{error}</p>}
          {status !== undefined && <Body text={responseBody} />}
        </div>
      </div>
      <footer>
        <button type="button" class="link" onClick={() => setHeaders(!hasHeaders)}>
          {hasHeaders ? 'Hide headers' : 'Show headers'}
        </button>
        <span class="muted">{isCut ? 'Cut at 64 KB; secrets are masked' : 'Secrets are masked'}</span>
      </footer>
    </div>
  )
}

export const Headers = ({ headers }: { readonly headers: Readonly<Record<string, string>> | undefined }) => (
  <dl class="headers">
    {Object.entries(headers ?? {}).map(([name, value]) => (
      <div key={name}>
        <dt>{name}:</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
