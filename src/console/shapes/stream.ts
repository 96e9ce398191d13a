import type { OutcomeKind } from '../../outcome'
import type { ConnectionDetail } from './connection'
import type { Job } from './dead'
import type { OutcomeRow } from './event'
import type { Overview } from './overview'
import type { DevState } from './tester'

/** What `GET /api/stream` sends, by topic. */
export type StreamMessages = {
  readonly hello: { readonly asOf: string; readonly every: number; readonly version: string }
  readonly overview: Overview
  readonly bucket: {
    readonly connection?: string
    readonly start: number
    readonly received: number
    readonly kinds: Readonly<Record<OutcomeKind, number>>
  }
  readonly outcomes: {
    readonly seen: Readonly<Record<OutcomeKind, number>>
    readonly rows: readonly OutcomeRow[]
    /** Outcomes of the last second, of all kinds. */
    readonly perSecond: Readonly<Record<OutcomeKind, number>>
  }
  readonly connection: ConnectionDetail
  readonly job: Job
  readonly dev: DevState
  readonly bye: { readonly reason: string }
}
export type StreamTopic = keyof StreamMessages
