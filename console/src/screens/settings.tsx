import type { ConnectionDetail } from '../../../src/console/shapes'
import { Empty } from '../parts/states'

const originOf = (origin: string) =>
  origin === 'file' ? (
    'configuration file'
  ) : origin === 'default' ? (
    'default of the destination'
  ) : (
    <code>{origin}</code>
  )

/** Settings, masked, with where they come from. */
export const Settings = ({ detail: { settings, limits } }: { readonly detail: ConnectionDetail }) => (
  <section class="panel">
    {settings.length === 0 ? (
      <Empty title="This destination has no settings." />
    ) : (
      <table class="table">
        <thead>
          <tr>
            <th>Setting</th>
            <th>Value</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {settings.map(({ key, label, value, origin, isSecret }) => (
            <tr key={key}>
              <td>
                <strong>{label}</strong>
                <div class="muted mono">{key}</div>
              </td>
              <td class="mono breaks">
                {isSecret ? (
                  <span class="muted" title="Secrets never reach the browser">
                    {value}
                  </span>
                ) : (
                  value
                )}
              </td>
              <td class="muted">{originOf(origin)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
    <dl class="facts line-above">
      <dt>Requests under way at a time</dt>
      <dd>{limits.concurrency ?? 16}</dd>
      <dt>Requests a second</dt>
      <dd>{limits.requestsPerSecond ?? 'no limit of ours'}</dd>
    </dl>
  </section>
)
