import chunk from 'lodash/chunk'
import type { SegmentEvent } from 'waybill'
import { type AudienceSync, audienceEvent, personOfId } from './audience-events'
import type { MembershipStore } from './membership'
import type { ListedPerson } from './read-people'

const groupSize = 500

export type SyncOptions = {
  readonly people: ReadonlyMap<string, ListedPerson>
  readonly membership: MembershipStore
  readonly audience: Omit<AudienceSync, 'number' | 'now'>
  /** Stores events durably; `delayMs`: they are due no sooner. Events with a message id that is known are folded. */
  put(events: readonly SegmentEvent[], delayMs: number): Promise<void>
  /** Milliseconds before the first sync of all is sent. Default 0. */
  readonly startDelayMs?: number
  /** People per second. Default: no bound but the connection's own. */
  readonly perSecond?: number
  readonly now: number
}

/** What a sync told. */
export type SyncResult = {
  readonly sync: number
  readonly entered: number
  readonly exited: number
  /** Told again, since the sync before broke off. */
  readonly repeated: number
  readonly members: number
}

/**
 * Tells a connection who came into an audience and who left it: everybody the first time, only changes afterwards. A
 * sync that breaks off is repeated by the next: whoever may have been told is told what is true now.
 */
export async function syncAudience(options: SyncOptions): Promise<SyncResult> {
  const { people, membership, put, now, startDelayMs = 0, perSecond } = options
  const former = await membership.load()
  const sync = former.sync + 1
  const entered = [...people.keys()].filter((id) => !former.members.has(id) && !former.uncertain.has(id))
  const exited = [...former.members].filter((id) => !people.has(id) && !former.uncertain.has(id))
  const repeated = [...former.uncertain]
  const changed = [...entered, ...exited, ...repeated]
  if (changed.length > 0 || former.sync === 0) {
    const number = await membership.begin(changed)
    const shared = { ...options.audience, number, now }
    const firstDelay = former.sync === 0 ? startDelayMs : 0
    const size = perSecond === undefined ? groupSize : Math.min(groupSize, Math.max(1, Math.floor(perSecond)))
    for (const [index, ids] of chunk(changed, size).entries()) {
      const delayMs =
        firstDelay + (perSecond === undefined ? 0 : Math.floor((index * size * 1_000) / perSecond))
      const events = ids.map((id) => audienceEvent(shared, people.get(id) ?? personOfId(id), people.has(id)))
      await put(events, delayMs)
    }
    await membership.finish([...people.keys()], now)
  }
  return {
    sync,
    entered: entered.length,
    exited: exited.length,
    repeated: repeated.length,
    members: people.size,
  }
}
