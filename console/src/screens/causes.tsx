import { useState } from 'preact/hooks'
import type { Cause } from '../../../src/console/shapes'
import { now } from '../data/now'
import { connectionPath } from '../data/router'
import { may } from '../data/session'
import { mutedCauses } from '../data/settings'
import { Button, Menu } from '../parts/controls'
import { Icon, type IconName } from '../parts/icon'
import { clock, count, span } from '../words/format'
import { testCredentials } from './test-credentials'

const icons: Readonly<Record<Cause['kind'], IconName>> = {
  blocked: 'lock',
  rejected: 'cross',
  behind: 'clock',
  invalid: 'warning',
  store: 'archive',
  retrying: 'again',
}

/** What happens, since when, how many wait, what comes next: in one line. */
function line({ details, since, nextTry, kind }: Cause): string {
  const [first, ...rest] = details
  const start =
    first === undefined
      ? []
      : kind === 'blocked' && since !== undefined
        ? [`${first} since ${clock(since, now.value)}`]
        : [first]
  const next =
    nextTry !== undefined && Date.parse(nextTry) > now.value
      ? [`tried again in ${span(Date.parse(nextTry) - now.value)}`]
      : []
  return [...start, ...rest, ...next].join(' · ')
}

/** What needs somebody, worst first. Absent when nothing does. */
export function Causes({
  causes,
  muted,
}: {
  readonly causes: readonly Cause[]
  readonly muted: readonly Cause[]
}) {
  const [showsMuted, setShowsMuted] = useState(false)
  const shown = showsMuted ? [...causes, ...muted] : causes
  if (shown.length === 0 && muted.length === 0) return null
  return (
    <section class="panel causes" aria-label="What needs you">
      <ul>
        {shown.map((cause) => (
          <li key={cause.id}>
            <span class={cause.kind === 'store' ? 'invalid' : cause.kind}>
              <Icon name={icons[cause.kind]} />
            </span>
            <div class="body">
              <strong>{cause.title}</strong>
              <p class="muted">{line(cause)}</p>
            </div>
            <div class="buttons">
              <Actions cause={cause} />
              <Menu label={`More about: ${cause.title}`}>
                {(close) => (
                  <button
                    type="button"
                    class="item"
                    onClick={() => {
                      const { value } = mutedCauses
                      mutedCauses.value = value.includes(cause.id)
                        ? value.filter((id) => id !== cause.id)
                        : [...value, cause.id]
                      close()
                    }}
                  >
                    <Icon name="mute" />{' '}
                    {mutedCauses.value.includes(cause.id) ? 'Show it again' : 'Mute until it changes'}
                  </button>
                )}
              </Menu>
            </div>
          </li>
        ))}
      </ul>
      {muted.length > 0 && (
        <div class="more">
          <Button kind="quiet" onClick={() => setShowsMuted(!showsMuted)}>
            {showsMuted ? 'Hide what is muted' : `${muted.length} muted`}
          </Button>
        </div>
      )}
    </section>
  )
}

function Actions({ cause }: { readonly cause: Cause }) {
  const { kind, connection, group, example, events } = cause
  if (kind === 'invalid' || kind === 'rejected')
    return (
      <>
        {example !== undefined && connection !== undefined && (
          <Button
            icon="flask"
            href={`/test?connection=${encodeURIComponent(connection)}&from=${encodeURIComponent(example)}${cause.action ? `&action=${encodeURIComponent(cause.action)}` : ''}`}
          >
            Try a mapping
          </Button>
        )}
        {group !== undefined && <Button href={`/dead?group=${group}`}>{`See ${count(events)}`}</Button>}
      </>
    )
  return (
    <>
      {kind === 'blocked' && connection !== undefined && may('operate') && (
        <Button icon="key" onClick={() => testCredentials(connection)}>
          Test the key
        </Button>
      )}
      {connection !== undefined && <Button href={connectionPath(connection)}>Open</Button>}
    </>
  )
}
