import type { Customer } from './customers'
import type { RecordEvent } from './lists'

/** Whether an address can be reached, and whether its owner agrees to be. */
export type Standing = {
  readonly identifier_field_name: string
  readonly identifier_value: string
  reachable?: boolean
  reachable_update_type?: string | null
  reachable_update_reason?: string | null
  /** Seconds since the epoch. */
  reachable_update_ts?: number
  consent?: boolean
  consent_update_reason?: string | null
  /** Seconds since the epoch. */
  consent_update_ts?: number
  updatedAt: number
}

/** Why an address cannot be reached any more (the vendor's list). */
export const unreachableTypes = [
  'hard_bounce',
  'soft_bounce',
  'spam_report',
  'uninstall',
  'invalid_identifier',
  'returned_to_sender',
  'unknown',
  'expired',
  'other',
]

/** A messaging identifier, and whose it is. */
type Address = { readonly name: string; readonly value: string; readonly customer: Customer }

/** Consent and reachability by identifier. Every change also records an event of its kind. */
export function createStanding(recordEvent: RecordEvent) {
  const byIdentifier = new Map<string, Standing>()

  function ensure(name: string, value: string, now: number): Standing {
    const key = `${name}\n${value}`
    const known = byIdentifier.get(key)
    if (known !== undefined) return Object.assign(known, { updatedAt: now })
    const made = { identifier_field_name: name, identifier_value: value, updatedAt: now }
    byIdentifier.set(key, made)
    return made
  }

  return {
    find: (name: string, value: string): Standing | undefined => byIdentifier.get(`${name}\n${value}`),
    all: (): Standing[] => [...byIdentifier.values()],
    setConsent(
      { name, value, customer }: Address,
      consent: boolean,
      reason: string | null,
      now: number,
    ): void {
      Object.assign(ensure(name, value, now), {
        consent,
        consent_update_reason: reason,
        consent_update_ts: Math.floor(now / 1000),
      })
      recordEvent('consent', consent ? 'opt-in' : 'opt-out', {}, customer, now)
    },
    setReachable(
      { name, value, customer }: Address,
      reachable: boolean,
      type: string | null,
      reason: string | null,
      now: number,
    ): void {
      Object.assign(ensure(name, value, now), {
        reachable,
        reachable_update_type: type,
        reachable_update_reason: reason,
        reachable_update_ts: Math.floor(now / 1000),
      })
      recordEvent('reachability', reachable ? 'reachable' : (type ?? 'other'), {}, customer, now)
    },
  }
}
