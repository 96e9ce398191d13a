import type { SegmentEvent } from '../../event'
import type { FailureExplainer } from '../../explain/create-failure-explainer'
import type { Outcome } from '../../outcome'
import { nearestPath, pathsOf } from './nearest-path'

/** Why one event of many like it died, in few words: `no order_id, but properties.orderId`. Names paths, no value. */
export function shortReason(outcome: Outcome, event: SegmentEvent, why: FailureExplainer): string {
  const [field] = outcome.kind === 'invalid' ? outcome.fields : []
  const lines = why(outcome, event)
  if (field === undefined) return lines[0] ?? outcome.kind
  if (field.received !== 'missing')
    return `${field.path}: ${field.expected} expected, ${field.received} found`
  const wanted = /reads \$\.([\w.[\]]+)/.exec(lines[0] ?? '')?.[1]
  const near = nearestPath(wanted ?? field.path, pathsOf(event))
  return near === undefined ? `no ${field.path}` : `no ${field.path}, but ${near}`
}
