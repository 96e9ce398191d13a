import { dev } from '../data/stream'
import { Icon } from '../parts/icon'
import { clockSeconds } from '../words/format'

const titles = {
  types: 'Type errors',
  load: 'It cannot be loaded',
  snapshot: 'Snapshots that no longer hold',
} as const

/** What `waybill dev` found in the watched package. */
export function DevProblems() {
  const state = dev.value
  if (state === undefined) return null
  const kinds = ['load', 'types', 'snapshot'] as const
  return (
    <div class="dev" role="status" aria-live="polite">
      <p class="muted">
        <Icon name="again" /> Watching <code>{state.folder}</code>, loaded {clockSeconds(state.loadedAt)}
        {state.isChecking && ', checking types and snapshots'}
        {!state.isChecking && state.problems.length === 0 && ', types and snapshots hold'}
      </p>
      {kinds.map((kind) => {
        const problems = state.problems.filter((problem) => problem.kind === kind)
        if (problems.length === 0) return null
        return (
          <details key={kind} open>
            <summary class="rejected">
              {titles[kind]}: {problems.length}
            </summary>
            <ul>
              {problems.slice(0, 20).map(({ file, line, message }) => (
                <li key={`${file}${line}${message}`}>
                  <code>
                    {file}
                    {line !== undefined && `:${line}`}
                  </code>{' '}
                  {message}
                </li>
              ))}
            </ul>
          </details>
        )
      })}
    </div>
  )
}
