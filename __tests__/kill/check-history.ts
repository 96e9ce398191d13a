import { retryAfterMs, type Step } from './script-of'

/** One request that the recording server saw. */
export type Recorded = {
  readonly id: string
  readonly step: Step
  /** Which process sent it. */
  readonly life: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The sender knew that an earlier attempt may have arrived. */
  readonly maybeDone: boolean
  readonly person?: string
}

export type History = {
  /** Ids whose put was acknowledged. */
  readonly accepted: readonly string[]
  readonly requests: readonly Recorded[]
  /** When each life was killed, and when the database was. */
  readonly kills: readonly { readonly life?: number; readonly at: number }[]
  /** Ids of dead letters, one for each letter. */
  readonly dead: readonly string[]
  /** Deliveries that have not ended. */
  readonly waiting: number
  readonly leaseMs: number
  readonly scriptOf: (id: string) => readonly Step[]
}

export type Fault = {
  readonly kind:
    | 'lost'
    | 'left waiting'
    | 'dead twice'
    | 'dead without cause'
    | 'repeated without cause'
    | 'repeated without mark'
    | 'too early'
    | 'out of order'
  readonly id: string
}

export type Verdict = {
  readonly faults: readonly Fault[]
  readonly accepted: number
  readonly requests: number
  /** Events that the destination took and said so, and took again. */
  readonly repeated: number
  /** Events that the destination took without saying so, and took again. */
  readonly unknown: number
  /** Delivered though the put was not acknowledged any more: allowed. */
  readonly unacknowledged: number
}

const taken = ({ step }: Recorded): boolean => step === 'ok' || step === 'taken-then-reset'

/** Ids are `life-number`: this is the order in which they were put. */
const putOrder = (id: string): number => {
  const [life = 0, number = 0] = id.split('-').map(Number)
  return life * 1_000_000 + number
}

/** Holds what happened against what is promised. Pure, so that it can itself be tested with planted faults. */
export function checkHistory(history: History): Verdict {
  const { accepted, requests, kills, dead, waiting, leaseMs, scriptOf } = history
  const faults: Fault[] = []
  const byId = new Map<string, Recorded[]>()
  for (const request of requests) byId.set(request.id, [...(byId.get(request.id) ?? []), request])
  const deadCounts = new Map<string, number>()
  for (const id of dead) deadCounts.set(id, (deadCounts.get(id) ?? 0) + 1)
  /** A kill that may have taken away what was known of a request. */
  const hasKillAfter = ({ life, at }: Recorded): boolean =>
    kills.some(
      (kill) =>
        (kill.life === undefined || kill.life === life) &&
        kill.at >= at - 50 &&
        kill.at - at <= leaseMs + 1000,
    )

  for (const id of accepted) {
    const endsDead = scriptOf(id).at(-1) === 'refuse'
    const isDelivered = (byId.get(id) ?? []).some(({ step }) => step === 'ok')
    if (endsDead ? !deadCounts.has(id) : !isDelivered) faults.push({ kind: 'lost', id })
  }
  for (const [id, count] of deadCounts) {
    if (count > 1) faults.push({ kind: 'dead twice', id })
    if (scriptOf(id).at(-1) !== 'refuse') faults.push({ kind: 'dead without cause', id })
  }
  if (waiting > 0) faults.push({ kind: 'left waiting', id: String(waiting) })

  let repeated = 0
  let unknown = 0
  for (const [id, all] of byId) {
    const arrivals = all.filter(taken)
    const earlier = arrivals.slice(0, -1)
    if (earlier.some(({ step }) => step === 'ok')) repeated += 1
    else if (earlier.length > 0) unknown += 1
    arrivals.slice(1).forEach((arrival, index) => {
      const before = arrivals[index] as Recorded
      if (before.step === 'ok' && !hasKillAfter(before)) faults.push({ kind: 'repeated without cause', id })
      if (!arrival.maybeDone) faults.push({ kind: 'repeated without mark', id })
    })
    all.forEach((request, index) => {
      const next = all[index + 1]
      if (
        request.step === 'retry-after' &&
        next &&
        !hasKillAfter(request) &&
        next.at - request.at < retryAfterMs
      )
        faults.push({ kind: 'too early', id })
    })
  }
  faults.push(...orderFaults(byId, hasKillAfter))
  const known = new Set(accepted)
  const unacknowledged = [...byId.keys()].filter((id) => !known.has(id)).length
  return { faults, accepted: accepted.length, requests: requests.length, repeated, unknown, unacknowledged }
}

/** A person's event begins when the one before it has had its last attempt; a repetition after a kill is no attempt that counts. */
function orderFaults(
  byId: ReadonlyMap<string, readonly Recorded[]>,
  hasKillAfter: (request: Recorded) => boolean,
): Fault[] {
  const persons = new Map<string, string[]>()
  for (const [id, [first]] of byId)
    if (first?.person !== undefined) persons.set(first.person, [...(persons.get(first.person) ?? []), id])
  const faults: Fault[] = []
  for (const ids of persons.values()) {
    ids.sort((a, b) => putOrder(a) - putOrder(b))
    ids.slice(1).forEach((id, index) => {
      const before = byId.get(ids[index] ?? '') ?? []
      const last = before.at(-1)
      const [first] = byId.get(id) ?? []
      if (last && first && first.at < last.at && !before.some(hasKillAfter))
        faults.push({ kind: 'out of order', id })
    })
  }
  return faults
}
