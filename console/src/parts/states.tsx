import type { ComponentChildren } from 'preact'
import type { ApiFailure } from '../data/api'
import { capital } from '../words/format'
import { Button } from './controls'
import { Icon } from './icon'

/** Lines that stand for what is still on its way; seen only when it takes longer than 300 ms. */
export const Skeleton = ({ lines = 5 }: { readonly lines?: number }) => (
  <div class="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: lines }, (_, index) => (
      <i key={index} style={{ width: `${92 - ((index * 17) % 45)}%` }} />
    ))}
  </div>
)

/** What failed, the code, and a way to try again; the rest of the page stays. */
export const Failure = ({
  error,
  onRetry,
  what,
}: {
  readonly error: ApiFailure
  readonly onRetry: () => void
  readonly what: string
}) => (
  <div class="notice tint failing-note" role="alert">
    <Icon name="warning" />
    <div class="body">
      <strong>{what} could not be read.</strong>
      <p>
        {capital(error.message)} <code>{error.code}</code>
      </p>
    </div>
    <div class="buttons">
      <Button onClick={onRetry}>Try again</Button>
    </div>
  </div>
)

/** What will appear here, and how to make it appear. */
export const Empty = ({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) => (
  <div class="empty">
    <strong>{title}</strong>
    {children && <div class="muted">{children}</div>}
  </div>
)
