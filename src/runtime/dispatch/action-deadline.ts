import { NetworkError } from '../../delivery/request/network-error'
import { signalForMany } from '../../delivery/request/signal-for-many'
import { soon } from './soon'

/** Why something was ended: it took too long, or everything stops. */
export type ExpiryCode = 'ACTION_TIMEOUT' | 'INTERRUPTED'

/** Something that is under way and must end. */
export abstract class UnderWay {
  /** Where it stands among those that began at about the same time; kept by the deadlines. */
  group: Group | undefined = undefined
  before: UnderWay | undefined = undefined
  after: UnderWay | undefined = undefined
  /** Called instead of its own end, and after it was forgotten. */
  abstract expire(code: ExpiryCode): void
}

/** Ends what never ends by itself: actions, token refreshes, polls, hooks. */
export type ActionDeadlines = {
  /** Fires when what begins now has not ended in time, or has to stop at once. */
  readonly signal: AbortSignal
  /** Watches over something that began just now. */
  watch(underWay: UnderWay): void
  /** It has ended; false where it had ended before, or expired. */
  forget(underWay: UnderWay): boolean
  /** Stops everything that is under way: first by the signal, and what does not obey it soon after. */
  stopAll(): void
  readonly timeoutMs: number
}

/** What begins within this part of the time limit shares a signal and a timer, since both cost more than a short action. */
const parts = 16
/** Milliseconds that an action has to obey its signal when everything stops. */
const graceMs = 100

type Group = {
  readonly controller: AbortController
  first: UnderWay | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

/** Creates the deadlines of one runtime. They use the platform's timers: what they bound is the real world. */
export function createActionDeadlines(timeoutMs: number): ActionDeadlines {
  const groups = new Set<Group>()
  /** Made when it is first asked for. */
  let current: Group | undefined
  let isLettingGo = false
  const sliceMs = Math.ceil(timeoutMs / parts)

  const expireAll = (group: Group, code: ExpiryCode): void => {
    for (let next = group.first; next !== undefined; next = group.first) {
      forget(next)
      next.expire(code)
    }
    end(group)
  }
  const begin = (group: Group): void => {
    groups.add(group)
    const slice = setTimeout(() => {
      if (current === group) current = undefined
      if (group.first === undefined) end(group)
    }, sliceMs)
    unrefTimer(slice)
    group.timer = setTimeout(() => {
      if (current === group) current = undefined
      group.controller.abort(new Error(`not ended within ${timeoutMs} ms`))
      expireAll(group, 'ACTION_TIMEOUT')
    }, timeoutMs + sliceMs)
  }
  const end = (group: Group): void => {
    clearTimeout(group.timer)
    groups.delete(group)
  }
  /** Soon, since in a moment something else may begin. */
  const letGo = (): void => {
    if (isLettingGo) return
    isLettingGo = true
    soon(() => {
      isLettingGo = false
      if (current?.first === undefined) unrefTimer(current?.timer)
    })
  }
  function forget(underWay: UnderWay): boolean {
    const { group, before, after } = underWay
    if (group === undefined) return false
    if (before === undefined) group.first = after
    else before.after = after
    if (after !== undefined) after.before = before
    underWay.group = undefined
    underWay.before = undefined
    underWay.after = undefined
    if (group.first === undefined) {
      if (group === current) letGo()
      else end(group)
    }
    return true
  }

  return {
    timeoutMs,
    get signal() {
      current ??= newGroup()
      return current.controller.signal
    },
    watch(underWay) {
      current ??= newGroup()
      const group = current
      const { first } = group
      if (group.timer === undefined) begin(group)
      else if (first === undefined) refTimer(group.timer)
      underWay.group = group
      underWay.after = first
      if (first !== undefined) first.before = underWay
      group.first = underWay
    },
    forget,
    stopAll() {
      const stopped = [...groups]
      current = undefined
      for (const group of stopped) group.controller.abort(new Error('the runtime is closing'))
      if (stopped.length === 0) return
      setTimeout(() => {
        for (const group of stopped) expireAll(group, 'INTERRUPTED')
      }, graceMs)
    },
  }
}

const newGroup = (): Group => ({ controller: signalForMany(), first: undefined, timer: undefined })

type Timer = { ref?(): void; unref?(): void }

/** A timer that nothing waits for does not keep the process alive. */
const unrefTimer = (timer: unknown): void => (timer as Timer | undefined)?.unref?.()
const refTimer = (timer: unknown): void => (timer as Timer | undefined)?.ref?.()

/**
 * Runs something that a definition or a listener promises, as long as it may take.
 * @throws NetworkError ACTION_TIMEOUT or INTERRUPTED, after which it may still be under way.
 */
export function withinDeadline<Value>(
  deadlines: ActionDeadlines,
  run: (signal: AbortSignal) => Value | PromiseLike<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const { signal } = deadlines
    class Running extends UnderWay {
      expire(code: ExpiryCode): void {
        const why =
          code === 'INTERRUPTED' ? 'the runtime was closed' : `not ended within ${deadlines.timeoutMs} ms`
        reject(new NetworkError(code, why, { isSent: true }))
      }
    }
    const running = new Running()
    deadlines.watch(running)
    new Promise<Value>((settle) => settle(run(signal)))
      .then(resolve, reject)
      .finally(() => deadlines.forget(running))
  })
}
