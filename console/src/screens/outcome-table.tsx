import type { OutcomeRow } from '../../../src/console/shapes'
import { eventPath, navigate } from '../data/router'
import { Kind } from '../parts/kind'
import { clockSeconds, exact, span } from '../words/format'

/** Rows of outcomes; a row opens its event. */
export const OutcomeTable = ({
  rows,
  at,
  now,
  hidesConnection,
}: {
  readonly rows: readonly OutcomeRow[]
  readonly at: number
  readonly now: number
  readonly hidesConnection?: boolean
}) => (
  <table class="table outcomes">
    <thead>
      <tr>
        <th class="wide-only">Time</th>
        <th>Outcome</th>
        <th>Event</th>
        <th class="wide-only">Person</th>
        <th class="wide-only">{hidesConnection ? 'Action' : 'Connection'}</th>
        <th>Response</th>
        <th class="num wide-only">Took</th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row, index) => (
        <tr
          key={row.id}
          data-row={index}
          data-href={eventPath(row.messageId)}
          class={`${index === at ? 'at' : ''} ${row.kind === 'delivered' || row.kind === 'skipped' ? 'quiet' : ''}`}
          onClick={() => navigate(eventPath(row.messageId))}
        >
          <td class="wide-only mono" title={exact(row.at)}>
            {clockSeconds(row.at, true)}
          </td>
          <td>
            <Kind kind={row.kind} again={row.nextTry !== undefined} />
          </td>
          <td>
            <a href={eventPath(row.messageId)}>{row.event}</a>
            {row.type !== row.event && <span class="muted wide-only"> {row.type}</span>}
            <div class="muted narrow-only">{row.connection}</div>
          </td>
          <td class="wide-only mono muted cut">{row.person}</td>
          <td class="wide-only cut">
            {!hidesConnection && (
              <>
                {row.connection} <span class="muted">› </span>
              </>
            )}
            <span class="muted">{row.action || row.subscription}</span>
          </td>
          <td class="muted cut">
            {row.response}
            {row.nextTry !== undefined &&
              Date.parse(row.nextTry) > now &&
              `, again in ${span(Date.parse(row.nextTry) - now)}`}
          </td>
          <td class="num wide-only muted">{row.durationMs === undefined ? '' : span(row.durationMs)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
