import type { Claimed, Queue } from 'waybill/queue'
import { frameworkOf, type TestFramework, testTimeoutMs } from '../harness/test-framework'
import { deadCases } from './dead-cases'
import { laneCases } from './lane-cases'
import { leaseCases } from './lease-cases'
import { orderCases } from './order-cases'
import { putCases } from './put-cases'
import { type ClaimWishes, type QueueBench, type QueueCase, leaseMs as usualLeaseMs } from './queue-case'

/** What `testQueue` is told about a store. */
export type QueueTestOptions = {
  readonly name: string
  /** A new, empty queue; called once for each case. */
  readonly create: (context: {
    /** The clock of the case, in milliseconds since the epoch. */
    readonly now: () => number
  }) => Queue | Promise<Queue>
  /**
   * How time passes. `given`: the queue reads the `now` that `create` was handed, so that cases take no time. `own`: it has
   * its own clock, so the suite waits. Or a function that moves the clock of the store; `ms` may be negative. Default `own`.
   */
  readonly clock?: 'given' | 'own' | ((queue: Queue, ms: number) => Promise<void>)
  /** Opens the same store once more, as another process would. Default: the queue itself is used twice. */
  readonly another?: (queue: Queue) => Queue | Promise<Queue>
  /** Cleans up after a case; the queues are closed before. */
  readonly destroy?: (queue: Queue) => Promise<void> | void
  /**
   * Promises that the store does not keep, with the reason. The suite shows that each is really not kept: when it is, the
   * test fails and the row can go.
   */
  readonly differences?: Readonly<Record<string, string>>
  /** Milliseconds that a claim is waited for which must find nothing. Default 30. */
  readonly quietMs?: number
  /** Default: the globals of jest or vitest. */
  readonly framework?: TestFramework
}

const cases: readonly QueueCase[] = [...putCases, ...leaseCases, ...deadCases, ...orderCases, ...laneCases]

/** Writes the test suite that every queue has to pass: one test for each promise. Call it at the top of a test file. */
export function testQueue(options: QueueTestOptions): void {
  const { describe, test, expect } = frameworkOf(options.framework)
  const { differences = {} } = options
  const unknown = Object.keys(differences).filter((promise) => !cases.some((one) => one.promise === promise))
  if (unknown.length > 0) throw new Error(`differences names no promise of the suite: ${unknown.join('; ')}`)

  describe(`the queue ${options.name}`, () => {
    for (const { promise, check } of cases) {
      const difference = differences[promise]
      const name = difference === undefined ? promise : `differs: ${difference} (so not: ${promise})`
      test(
        name,
        async () => {
          const failure = await runCase(options, expect, check)
          if (difference !== undefined)
            expect(failure === undefined ? 'kept' : 'not kept').toEqual('not kept')
          else if (failure !== undefined) throw failure.reason
        },
        testTimeoutMs,
      )
    }
  })
}

async function runCase(
  options: QueueTestOptions,
  expect: TestFramework['expect'],
  check: QueueCase['check'],
): Promise<{ readonly reason: unknown } | undefined> {
  const bench = await createBench(options, expect)
  try {
    await check(bench)
    return undefined
  } catch (reason) {
    return { reason }
  } finally {
    await bench.end()
  }
}

async function createBench(
  { create, clock = 'own', another, destroy, quietMs = 30 }: QueueTestOptions,
  expect: TestFramework['expect'],
): Promise<QueueBench & { end(): Promise<void> }> {
  let time = Date.now()
  const queue = await create({ now: () => time })
  const others: Queue[] = []

  const once = (
    { queue: from = queue, leaseMs = usualLeaseMs, ...wishes }: ClaimWishes,
    max: number,
    ms: number,
  ) => from.claim({ max, leaseMs, ...wishes, signal: AbortSignal.timeout(ms) })

  return {
    queue,
    expect,
    async another() {
      if (another === undefined) return queue
      const other = await another(queue)
      others.push(other)
      return other
    },
    async advance(ms) {
      if (typeof clock === 'function') await clock(queue, ms)
      else if (clock === 'given') time += ms
      else if (ms < 0 || ms > 60_000) throw new Error('the clock of the store cannot be set')
      else await new Promise((resolve) => setTimeout(resolve, ms))
    },
    async claim(count, wishes = {}) {
      const claimed: Claimed[] = []
      const deadline = Date.now() + 15_000
      while (claimed.length < count && Date.now() < deadline)
        claimed.push(...(await once(wishes, count - claimed.length, deadline - Date.now())))
      expect(claimed.length).toEqual(count)
      return claimed
    },
    async expectNothing(wishes = {}) {
      expect(await once(wishes, 100, quietMs)).toEqual([])
    },
    async end() {
      for (const one of [...others, queue]) await one.close()
      await destroy?.(queue)
    },
  }
}
