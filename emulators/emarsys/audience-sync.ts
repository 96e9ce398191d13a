const hourMs = 3_600_000

export type AudienceSyncOptions = {
  /** The audience's key: its name in snake case, as Engage spells it. */
  readonly key: string
  /** When the audience was connected to the destination; milliseconds since the epoch. */
  readonly connectedAt: number
  /** How long the first sync takes. Six hours or more, says the vendor's page. Default 6. */
  readonly initialSyncHours?: number
  /** Shortest and longest time between later syncs. Default 2 and 3. */
  readonly syncIntervalHours?: readonly [number, number]
  /** A number from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number
}

/** One `identify` as Engage sends it. */
export type AudienceCall = {
  readonly type: 'identify'
  readonly messageId: string
  readonly userId: string
  readonly traits: Readonly<Record<string, boolean>>
  readonly context: Readonly<Record<string, unknown>>
  readonly integrations: Readonly<Record<string, boolean>>
  /** ISO 8601. */
  readonly timestamp: string
}

/**
 * Plays the part of Engage for one real-time audience: the first sync sends everybody who is in it, six hours after it
 * was connected; each later one, every two to three hours, sends whoever came or left since.
 */
export function createAudienceSync(options: AudienceSyncOptions) {
  const { key, random = Math.random, initialSyncHours = 6, syncIntervalHours = [2, 3] } = options
  let nextAt = options.connectedAt + initialSyncHours * hourMs
  let syncs = 0
  let sent: ReadonlySet<string> = new Set()

  function call(userId: string, isMember: boolean): AudienceCall {
    return {
      type: 'identify',
      messageId: `engage-${key}-${syncs}-${userId}`,
      userId,
      traits: { [key]: isMember },
      context: {
        personas: { computation_class: 'audience', computation_key: key, namespace: 'spa_emulated' },
      },
      integrations: { All: false, Emarsys: true },
      timestamp: new Date(nextAt).toISOString(),
    }
  }

  return {
    /** When the next sync is complete; milliseconds since the epoch. */
    get nextAt() {
      return nextAt
    },
    /** The calls of the syncs that are due at `now`, given who is in the audience now. None before its time. */
    due(now: number, members: Iterable<string>): AudienceCall[] {
      if (now < nextAt) return []
      const current = new Set(members)
      syncs += 1
      const calls = [
        ...[...current].filter((userId) => !sent.has(userId)).map((userId) => call(userId, true)),
        ...[...sent].filter((userId) => !current.has(userId)).map((userId) => call(userId, false)),
      ]
      sent = current
      const [least, most] = syncIntervalHours
      while (nextAt <= now) nextAt += (least + random() * (most - least)) * hourMs
      return calls
    },
  }
}
