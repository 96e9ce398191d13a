import type { SegmentEvent } from '../../event'
import type { DestinationManifest } from '../../manifest/manifest'
import type { Store } from '../../queue/store'
import type { Tally } from '../../telemetry/tally'
import type { AuditEntry, DevState, Me } from '../shapes'
import type { SettingOrigin } from './connection-detail'
import type { Recorder } from './recorder'
import type { RuntimeView } from './runtime-view'
import type { Testable } from './tester'
import type { RunningVendor } from './vendors'

/** What the console's source is made of. */
export type SourceOptions = {
  readonly about: () => Omit<Me, 'permissions' | 'signedIn' | 'features'>
  readonly runtime: RuntimeView
  readonly store: Pick<Store, 'queue' | 'waiting' | 'journey'>
  readonly recorder: Recorder
  readonly tally: Tally
  readonly compatibility?: boolean
  /** Milliseconds for which the store keeps dead letters. Default: for ever. */
  readonly deadKeptMs?: number
  /** Where a setting came from. Default: the file. */
  readonly settingOrigin?: SettingOrigin
  readonly redact?: (text: string) => string
  readonly destinations: () => ReadonlyMap<string, Testable & { readonly manifest: DestinationManifest }>
  readonly vendors?: () => readonly RunningVendor[]
  readonly samples?: () => readonly { readonly name: string; readonly event: SegmentEvent }[]
  readonly storeUsedShare?: () => number | undefined
  readonly reload?: () => Promise<readonly string[]>
  readonly sendSamples?: () => Promise<number>
  readonly dev?: () => DevState
  /** Where actions of people are written down, beside the console's own list. */
  readonly log?: (entry: AuditEntry & { readonly connection?: string }) => void
  readonly now?: () => number
}

/** What this console can do beyond the usual. */
export const featuresOf = (options: SourceOptions): string[] => [
  ...(options.dev === undefined ? [] : ['dev']),
  ...((options.vendors?.().length ?? 0) > 0 ? ['vendors'] : []),
  ...(options.reload === undefined ? [] : ['reload']),
  ...(options.sendSamples === undefined ? [] : ['samples']),
]
