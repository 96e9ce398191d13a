import type { ConnectionDetail } from '../../../src/console/shapes'
import { now } from '../data/now'
import { eventPath } from '../data/router'
import { Button } from '../parts/controls'
import { Icon } from '../parts/icon'
import { Empty } from '../parts/states'
import { ago, count } from '../words/format'
import { kindIcons, kindOrder } from '../words/kinds'

/** The rules of a connection. */
export const Subscriptions = ({ detail }: { readonly detail: ConnectionDetail }) => (
  <section class="panel">
    {detail.subscriptions.length === 0 && (
      <Empty title="This connection has no subscription.">
        <p>Add one to the configuration, or give "presets".</p>
      </Empty>
    )}
    <ul class="subscriptions">
      {detail.subscriptions.map((subscription) => (
        <li key={subscription.name}>
          <div class="body">
            <strong>{subscription.name}</strong>{' '}
            <span class="muted">
              {subscription.action} · {subscription.fieldsFilled} of {subscription.fields} fields filled
              {!subscription.isEnabled && ' · disabled'}
            </span>
            <code class="filter">{subscription.filter}</code>
            <div class="kinds-line">
              {kindOrder
                .filter((kind) => (subscription.kinds[kind] ?? 0) > 0)
                .map((kind) => (
                  <span key={kind} class={`kind ${kind}`}>
                    <Icon name={kindIcons[kind]} /> {count(subscription.kinds[kind] ?? 0)} {kind}
                  </span>
                ))}
              {subscription.lastMatch ? (
                <span class="muted">
                  last matched{' '}
                  <a href={eventPath(subscription.lastMatch.messageId)}>
                    {ago(subscription.lastMatch.at, now.value)}
                  </a>
                </span>
              ) : (
                <span class="muted">matched nothing since the start</span>
              )}
            </div>
          </div>
          <Button
            icon="flask"
            href={`/test?connection=${encodeURIComponent(detail.name)}&subscription=${encodeURIComponent(subscription.name)}&action=${encodeURIComponent(subscription.action)}${subscription.lastMatch ? `&from=${encodeURIComponent(subscription.lastMatch.messageId)}` : ''}`}
          >
            Open in tester
          </Button>
        </li>
      ))}
    </ul>
  </section>
)
