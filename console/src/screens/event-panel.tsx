import type { Journey } from '../../../src/console/shapes'
import { useResource } from '../data/resource'
import { eventPath } from '../data/router'
import { Button, IconButton } from '../parts/controls'
import { Failure, Skeleton } from '../parts/states'
import { Legs } from './legs'

/** An event beside a list. */
export function EventPanel({
  messageId,
  onClose,
}: {
  readonly messageId: string
  readonly onClose: () => void
}) {
  const read = useResource<Journey>(`/api/events/${encodeURIComponent(messageId)}`, 3_000)
  return (
    <section class="panel event-panel" aria-label="The event">
      <header>
        <h2 class="cut">{read.data?.name ?? messageId}</h2>
        <div class="end">
          <Button kind="quiet" href={eventPath(messageId)}>
            Open
          </Button>
          <IconButton icon="cross" label="Close" onClick={onClose} />
        </div>
      </header>
      {read.data ? (
        <Legs journey={read.data} />
      ) : read.error ? (
        <Failure what="The event" error={read.error} onRetry={read.reload} />
      ) : (
        <Skeleton />
      )}
    </section>
  )
}
