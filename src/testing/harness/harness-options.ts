import type { Connection, SegmentEvent } from 'waybill'
import type { ReplyRule } from './reply'

/** Any destination definition, of waybill or of the reference. */
export type AnyDestination = Connection['destination']

/** What the kit cannot know of a destination. All of it is optional. */
export type HarnessOptions = {
  /** Over made-up ones: a value for each required setting, by type, format and choices. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What the vendor really answers when all is well; the first rule that fits counts. Default: 200 and `{}`. */
  readonly replies?: readonly ReplyRule[]
  /** By slug of the action. */
  readonly actions?: Readonly<Record<string, ActionOptions>>
  /** Further events, by name, that the presets are tried with. */
  readonly events?: Readonly<Record<string, SegmentEvent>>
}

/** What the kit cannot know of one action. */
export type ActionOptions = {
  /** The event of the action's cases. Default: a sample event that passes its default subscription or a preset. */
  readonly event?: SegmentEvent
  /** Directives or values over the fields' defaults and the made-up values. */
  readonly mapping?: Readonly<Record<string, unknown>>
}
