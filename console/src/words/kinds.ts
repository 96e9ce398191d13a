import type { ConnectionState, LaneState } from '../../../src/console/shapes'
import type { OutcomeKind } from '../../../src/outcome'
import type { IconName } from '../parts/icon'

/** The seven kinds, as docs/errors.md writes them. */
export const kindOrder: readonly OutcomeKind[] = [
  'delivered',
  'skipped',
  'blocked',
  'retry',
  'invalid',
  'rejected',
  'unknown',
]
/** In the order of the chips of Live. */
export const chipOrder: readonly OutcomeKind[] = [
  'delivered',
  'skipped',
  'retry',
  'blocked',
  'invalid',
  'rejected',
  'unknown',
]

export const kindIcons: Readonly<Record<OutcomeKind, IconName>> = {
  delivered: 'check',
  skipped: 'minus',
  blocked: 'lock',
  retry: 'again',
  invalid: 'warning',
  rejected: 'cross',
  unknown: 'question',
}

/** As a state of one event: what ended reads as a participle, what goes on as such. */
export const kindWords: Readonly<Record<OutcomeKind, string>> = {
  delivered: 'Delivered',
  skipped: 'Skipped',
  blocked: 'Blocked',
  retry: 'Retry',
  invalid: 'Invalid',
  rejected: 'Rejected',
  unknown: 'Unknown',
}

export const stateIcons: Readonly<Record<ConnectionState | LaneState, IconName>> = {
  blocked: 'lock',
  behind: 'clock',
  retrying: 'again',
  paused: 'pause',
  failing: 'cross',
  delivering: 'check',
  idle: 'minus',
  disabled: 'minus',
  ready: 'clock',
  held: 'lock',
  joined: 'clock',
}
export const stateWords: Readonly<Record<ConnectionState | LaneState, string>> = {
  blocked: 'Blocked',
  behind: 'Behind',
  retrying: 'Retrying',
  paused: 'Paused',
  failing: 'Failing',
  delivering: 'Delivering',
  idle: 'Idle',
  disabled: 'Disabled',
  ready: 'Ready',
  held: 'Held',
  joined: 'Joined',
}
