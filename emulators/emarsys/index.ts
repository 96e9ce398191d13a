import { type Emulator, startEmulator } from 'waybill/testing'
import { acceptMessage } from './acceptance'
import { type Account, createAccount } from './account'
import { type AccountOptions, controlPlane } from './control-plane'
import { type Duration, durationMs } from './duration'
import type { Message } from './step-matcher'

export type { Account, JournalEntry } from './account'
export type { AudienceCall, AudienceSyncOptions } from './audience-sync'
export { createAudienceSync } from './audience-sync'
export type { AddOnConfiguration } from './configuration'
export { RefusedConfiguration } from './configuration'
export type { AccountOptions } from './control-plane'
export type { DataMap } from './data-map'
export type { ProgramRun } from './person'
export type { Rule, Step } from './rule'
export type { ContactView, UserView } from './views'

export type EmarsysEmulatorOptions = {
  /** Default: one, with the key `emarsys-test-key`. */
  readonly accounts?: readonly AccountOptions[]
  /** Where messages are posted. Default `/segment`. */
  readonly path?: string
  /** `queued` answers 202 and processes nothing until `flush()`. Default `synchronous`. */
  readonly mode?: 'synchronous' | 'queued'
  /** Milliseconds since the epoch. Default the machine's clock; `advance` moves either. */
  readonly clock?: () => number
  readonly port?: number
}

/** A running add-on on loopback, and a look inside. */
export type EmarsysEmulator = Emulator & {
  /** The address for the destination's setting `endpoint`. */
  readonly endpoint: string
  /** By its name; without one, the first. */
  account(name?: string): Account
  /** The emulator's time, in milliseconds since the epoch. */
  now(): number
  /** Moves the time forward without waiting. */
  advance(duration: Duration): void
  /** Processes what is queued; how many messages that were. */
  flush(): number
}

export const testKey = 'emarsys-test-key'

/**
 * Starts the segment.com add-on of Emarsys on loopback: a partner endpoint that accepts and refuses as Segment's
 * contract with partners says, a users table, data maps to contact fields, and rules that start programs. Views under
 * `/__emulator/`: `GET users`, `contacts`, `segments`, `programs`, `journal`, `addon/config`; switches: `PUT
 * addon/config`, `POST keys`, `clock`, `flush`, `reset`. All take `?account=`.
 */
export async function startEmarsysEmulator(options: EmarsysEmulatorOptions = {}): Promise<EmarsysEmulator> {
  const { path = '/segment', mode = 'synchronous', clock = Date.now } = options
  const byKey = new Map<string, Account>()
  const byName = new Map<string, Account>()
  const addAccount = ({ apiKey, name = apiKey, configuration }: AccountOptions): void => {
    const account = createAccount(name, configuration)
    byKey.set(apiKey, account)
    byName.set(name, account)
  }
  for (const account of options.accounts ?? [{ apiKey: testKey }]) addAccount(account)

  let advancedMs = 0
  const now = (): number => clock() + advancedMs
  const advance = (duration: Duration): void => {
    advancedMs += durationMs(duration)
  }
  const queue: { account: Account; message: Message; receivedAt: number }[] = []
  const flush = (): number => {
    const work = queue.splice(0)
    for (const { account, message, receivedAt } of work) account.process(message, receivedAt)
    return work.length
  }
  const forget = (account: Account): void => {
    queue.splice(0, queue.length, ...queue.filter((entry) => entry.account !== account))
    account.reset()
  }
  const accountOf = (name?: string): Account => {
    const account = name === undefined ? byName.values().next().value : byName.get(name)
    if (account === undefined)
      throw new RangeError(`there is no account "${name}"; there are ${[...byName.keys()].join(', ')}`)
    return account
  }

  const emulator = await startEmulator({
    clock: now,
    ...(options.port === undefined ? {} : { port: options.port }),
    handle: (request) => {
      const accepted = acceptMessage(request, path, byKey)
      if ('status' in accepted) return accepted
      queue.push({ ...accepted, receivedAt: request.receivedAt })
      if (mode === 'queued') return { status: 202 }
      flush()
      return { status: 200 }
    },
    control: controlPlane({ accountOf, addAccount, advance, flush, forget, now }),
  })
  return Object.assign(Object.create(emulator), {
    endpoint: `${emulator.url}${path}`,
    account: accountOf,
    now,
    advance,
    flush,
  }) as EmarsysEmulator
}
