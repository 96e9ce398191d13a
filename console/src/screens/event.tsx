import { useState } from 'preact/hooks'
import type { Journey, Overview } from '../../../src/console/shapes'
import { post } from '../data/api'
import { useResource } from '../data/resource'
import { connectionPath } from '../data/router'
import { may } from '../data/session'
import { overview } from '../data/stream'
import { say, sayFailure } from '../data/toast'
import { Button, CopyButton } from '../parts/controls'
import { Dialog } from '../parts/dialog'
import { Screen } from '../parts/frame'
import { Json } from '../parts/json'
import { Empty, Failure, Skeleton } from '../parts/states'
import { clockSeconds, count, day, exact, span } from '../words/format'
import { Legs } from './legs'

/** What became of one event. */
export function EventScreen({ messageId }: { readonly messageId: string }) {
  const read = useResource<Journey>(`/api/events/${encodeURIComponent(messageId)}`, 2_000)
  const [isReplaying, setReplaying] = useState(false)
  const journey = read.data
  const title = journey?.name ?? messageId
  const firstLeg = journey?.legs.find(({ state }) => state !== 'skipped') ?? journey?.legs[0]
  const testHref = `/test?from=${encodeURIComponent(messageId)}${firstLeg ? `&connection=${encodeURIComponent(firstLeg.connection)}${firstLeg.action ? `&action=${encodeURIComponent(firstLeg.action)}` : ''}` : ''}`
  const actions = journey?.event !== undefined && (
    <>
      {may('send') && (
        <span class="wide-only">
          <Button icon="again" onClick={() => setReplaying(true)}>
            Send to …
          </Button>
        </span>
      )}
      <Button icon="flask" href={testHref}>
        Open in tester
      </Button>
    </>
  )
  return (
    <Screen title={title} parent={['Events', '/live']} actions={actions}>
      {journey === undefined ? (
        read.error?.status === 404 ? (
          <div class="panel">
            <Empty title="No event with this id is known.">
              <p>
                <code>{messageId}</code> did not arrive here, or is not kept any more. Deliveries are kept as
                a sample at high rates; what failed or waits is always kept.
              </p>
            </Empty>
          </div>
        ) : read.error ? (
          <Failure what="The event" error={read.error} onRetry={read.reload} />
        ) : (
          <Skeleton lines={8} />
        )
      ) : (
        <>
          <div class="lead">
            <h1>{journey.name}</h1>
            <p>
              <code>{journey.messageId}</code> · received{' '}
              <span title={exact(journey.received)}>
                {isToday(journey.received) ? '' : `${day(journey.received)}, `}
                {clockSeconds(journey.received, true)}
              </span>{' '}
              · {journey.summary}
            </p>
          </div>
          {journey.others && journey.others.length > 0 && (
            <p class="muted">
              This id came {count(journey.others.length + 1)} times; the newest is shown. Before:{' '}
              {journey.others.map(({ received }) => clockSeconds(received, true)).join(', ')}.
            </p>
          )}
          <div class="two">
            <section class="panel" aria-label="Journey">
              <header>
                <h2>Journey</h2>
                <span class="muted">{lengthOf(journey)}</span>
                <div class="end legend-waits muted">
                  <span>
                    <i class="waits" /> waits
                  </span>
                  <span>
                    <i class="request" /> request
                  </span>
                </div>
              </header>
              <Legs journey={journey} />
            </section>
            <EventAside journey={journey} />
          </div>
        </>
      )}
      {isReplaying && journey && (
        <SendTo
          journey={journey}
          connections={overview.value?.connections ?? []}
          onClose={() => setReplaying(false)}
        />
      )}
    </Screen>
  )
}

const isToday = (iso: string): boolean => new Date(iso).toDateString() === new Date().toDateString()

function lengthOf({ legs, received }: Journey): string {
  const isOpen = legs.some(({ state }) => state === 'waiting')
  const end = Math.max(0, ...legs.map(({ durationMs }) => durationMs ?? 0))
  return isOpen ? `${span(Date.now() - Date.parse(received))} so far` : end > 0 ? span(end) : ''
}

const EventAside = ({ journey }: { readonly journey: Journey }) => (
  <section class="panel" aria-label="Event">
    <header>
      <h2>Event</h2>
      <div class="end">
        {journey.event !== undefined && (
          <CopyButton text={JSON.stringify(journey.event, undefined, 2)} label="Copy the event" />
        )}
      </div>
    </header>
    {journey.event === undefined ? (
      <Empty title="The event is not kept any more.">
        <p>What is still known stands at the left.</p>
      </Empty>
    ) : (
      <Json value={journey.event} />
    )}
    <dl class="facts line-above">
      {journey.source && (
        <>
          <dt>Source</dt>
          <dd>{journey.source}</dd>
        </>
      )}
      {journey.library && (
        <>
          <dt>From</dt>
          <dd>{journey.library}</dd>
        </>
      )}
      {journey.person && (
        <>
          <dt>Same person</dt>
          <dd>
            <a href={`/live?q=${encodeURIComponent(journey.person)}`}>
              {count(journey.samePerson ?? 1)} {journey.samePerson === 1 ? 'event' : 'events'} kept
            </a>
          </dd>
        </>
      )}
    </dl>
  </section>
)

/** Sends the event once more: asks where, and names what it means. */
function SendTo({
  journey,
  connections,
  onClose,
}: {
  readonly journey: Journey
  readonly connections: Overview['connections']
  readonly onClose: () => void
}) {
  const [name, setName] = useState(journey.legs[0]?.connection ?? connections[0]?.name ?? '')
  const send = async (): Promise<void> => {
    onClose()
    try {
      await post('/api/send', { connection: name, event: journey.event, to: 'connection' })
      say(`Sent to ${name}.`, connectionPath(name, 'outcomes'), 'See its outcomes')
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Dialog title="Send this event once more" onClose={onClose}>
      <form
        class="inner"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <h2>Send this event once more</h2>
        <p class="muted">
          It goes through today's filters and mappings of the connection, at once and not in the order of its
          person. Where it arrived before it may count twice.
        </p>
        <label class="token">
          <span>connection</span>
          <select
            value={name}
            aria-label="Connection"
            onChange={(event) => setName(event.currentTarget.value)}
          >
            {connections.map((connection) => (
              <option key={connection.name}>{connection.name}</option>
            ))}
          </select>
        </label>
        <div class="buttons">
          <Button onClick={onClose}>Cancel</Button>
          <button type="submit" class="button primary">
            Send to {name}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
