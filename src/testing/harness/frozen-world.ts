import nodeCrypto from 'node:crypto'
import type { Clock } from 'waybill'
import { createRandom } from '../events/random'
import { createUtcDate } from './utc-date'

/** The time at which every case runs: a minute after the first sample event. */
export const frozenTime = Date.parse('2026-01-15T12:01:00.000Z')

type Restore = () => void

function replace<Owner extends object, Name extends keyof Owner>(
  owner: Owner,
  name: Name,
  value: Owner[Name],
): Restore {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  return () => {
    if (before === undefined) delete owner[name]
    else Object.defineProperty(owner, name, before)
  }
}

/** A date format without a time zone of its own takes UTC. */
const utcDateTimeFormat = (): typeof Intl.DateTimeFormat => {
  const inUtc = ([locales, options]: unknown[]) =>
    [locales ?? 'en-US', { timeZone: 'UTC', ...(options as object | undefined) }] as const
  return new Proxy(Intl.DateTimeFormat, {
    construct: (target, parameters) => Reflect.construct(target, inUtc(parameters)),
    apply: (target, self, parameters) => Reflect.apply(target, self, inUtc(parameters)),
  })
}

/**
 * Runs a task in a world where nothing changes by itself: `Date` stands still and is in UTC, `Math.random` and
 * `crypto.randomUUID` come from waybill's own generator with the given seed. One task at a time.
 */
export async function inFrozenWorld<Result>(seed: string, task: () => Promise<Result>): Promise<Result> {
  const random = createRandom(seed)
  const uuid = () => random.uuid() as ReturnType<typeof nodeCrypto.randomUUID>
  const restores = [
    replace(globalThis, 'Date', createUtcDate(frozenTime)),
    replace(Intl, 'DateTimeFormat', utcDateTimeFormat()),
    replace(Math, 'random', random.fraction),
    replace(globalThis.crypto, 'randomUUID', uuid),
    replace(nodeCrypto, 'randomUUID', uuid),
  ]
  try {
    return await task()
  } finally {
    for (const restore of restores) restore()
  }
}

/**
 * A clock for the runtime whose timers fire in their order as soon as nothing else is to be done; only they move it
 * on, so a limit of requests per second costs no time and no chance.
 */
export function createSteppingClock(): Clock {
  let now = frozenTime
  let isStepping = false
  const timers = new Map<object, { at: number; task: () => void }>()

  const step = (): void => {
    const [next] = [...timers].sort(([, one], [, other]) => one.at - other.at)
    isStepping = false
    if (next === undefined) return
    const [key, { at, task }] = next
    timers.delete(key)
    now = Math.max(now, at)
    task()
    schedule()
  }
  const schedule = (): void => {
    if (isStepping || timers.size === 0) return
    isStepping = true
    setImmediate(step)
  }

  return {
    now: () => now,
    after(ms, task) {
      const key = {}
      timers.set(key, { at: now + ms, task })
      schedule()
      return () => timers.delete(key)
    },
  }
}
