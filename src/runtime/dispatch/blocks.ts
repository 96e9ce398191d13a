import type { Fault, Verdict } from '../../outcome'
import type { RunningClock } from '../system-clock'
import type { BlockScope } from './decide'

/** Milliseconds for which refused credentials are not tried again. */
const blockMs = 60_000
/** A single 403 may be about its event (a firewall, an object of someone else); so many in a row are about the action. */
const refusalsForBlock = 10

/** What is not sent, since the destination refused it. Times in milliseconds since the epoch. */
export type Block = {
  readonly scope: BlockScope
  /** Slug of the action, where only this one is refused. */
  readonly action?: string
  readonly since: number
  /** When one delivery is tried again; a success lifts the block. */
  readonly until: number
  readonly code: string
  readonly message: string
  /** HTTP status of the response. */
  readonly status?: number
  /** The destination's own code or message. */
  readonly vendorCode?: string
}

type Refusal = Fault & { readonly kind: 'blocked' }

/** What a connection may not send for now, because it was refused. */
export type Blocks = {
  /** False: everything may be sent; nothing else need be asked. */
  readonly isAny: boolean
  /** Whether the credentials are refused as a whole. */
  readonly isConnectionBlocked: boolean
  /** Notes a refusal; the result tells whether it began a block. */
  refuse(verdict: Verdict, scope: BlockScope, action: string): boolean
  /**
   * The verdict on a delivery that may not be sent now, and when one may; undefined where it may. Once the time of a block
   * has passed it lets one delivery through, to see whether the destination still refuses.
   */
  check(action: string): { readonly verdict: Verdict; readonly afterMs: number } | undefined
  /** By the monotonic clock: until when an action, or (undefined) everything, is blocked; 0 where it is not. */
  until(action: string | undefined): number
  /** An action succeeded: what it used is not refused. True where that lifted a block. */
  succeeded(action: string): boolean
  /** The next delivery is tried, whatever the time. */
  tryNow(): void
  lift(): void
  list(): Block[]
}

type Standing = { verdict: Refusal; readonly scope: BlockScope; readonly since: number; until: number }

/** Creates the blocks of one connection: none. */
export function createBlocks(clock: RunningClock): Blocks {
  /** By action; '' for the connection as a whole. */
  const standing = new Map<string, Standing>()
  const refusals = new Map<string, number>()

  const isBlocking = (key: string): boolean => {
    if (key === '') return true
    const count = (refusals.get(key) ?? 0) + 1
    refusals.set(key, count)
    return count >= refusalsForBlock
  }

  return {
    get isAny() {
      return standing.size > 0 || refusals.size > 0
    },
    get isConnectionBlocked() {
      return standing.has('')
    },
    refuse(verdict, scope, action) {
      if (verdict.kind !== 'blocked') return false
      const key = scope === 'connection' ? '' : action
      if (!isBlocking(key)) return false
      const known = standing.get(key)
      const now = clock.monotonic()
      standing.set(key, {
        verdict: verdict as Refusal,
        scope,
        since: known?.since ?? now,
        until: now + blockMs,
      })
      return known === undefined
    },
    check(action) {
      const block = standing.get('') ?? standing.get(action)
      if (block === undefined) return undefined
      const now = clock.monotonic()
      if (block.until <= now) {
        block.until = now + blockMs
        return undefined
      }
      return { verdict: notSent(block.verdict), afterMs: block.until - now }
    },
    until(action) {
      const own = action === undefined ? undefined : standing.get(action)
      return Math.max(standing.get('')?.until ?? 0, own?.until ?? 0)
    },
    succeeded(action) {
      refusals.delete(action)
      const isWholeLifted = standing.delete('')
      return standing.delete(action) || isWholeLifted
    },
    tryNow() {
      for (const block of standing.values()) block.until = 0
    },
    lift() {
      standing.clear()
      refusals.clear()
    },
    list() {
      const toEpoch = clock.now() - clock.monotonic()
      return [...standing].map(([action, { verdict, scope, since, until }]) => {
        const { code, message, status, vendorCode } = verdict
        return {
          scope,
          ...(action !== '' && { action }),
          since: Math.round(since + toEpoch),
          until: Math.round(until + toEpoch),
          code,
          message,
          ...(status !== undefined && { status }),
          ...(vendorCode !== undefined && { vendorCode }),
        }
      })
    },
  }
}

const notSent = (verdict: Refusal): Verdict => ({
  ...verdict,
  code: 'CONNECTION_BLOCKED',
  message: `not sent, since the credentials were refused before: ${verdict.message}`,
})
