import { QueueError } from '../../errors'
import type { HoldScope } from '../holds'
import type { Queue } from '../queue'
import { fromStoredText, toStoredText } from '../stored-text'
import { timeAfter } from '../time-after'
import { createSqliteDead } from './change-dead'
import { createClaim } from './claim'
import { closedError } from './group-commit'
import type { Maintenance } from './maintenance'
import { createPut } from './put'
import { createStatsReader } from './read-stats'
import type { Reserve } from './reserve'
import { createSettlement } from './settle'
import { leaseOf, type SqliteCore } from './sqlite-core'

type Surroundings = {
  readonly reserve: Reserve
  readonly maintenance: Maintenance
  readonly release: () => void
}

/** The queue of an owned store. */
export function createSqliteQueue(
  core: SqliteCore,
  { reserve, maintenance, release }: Surroundings,
): { queue: Queue; refuseWhenClosed: () => void } {
  const { puts, works, clock, lanes, holds, leases, wake, putGroup, settleGroup } = core
  const put = createPut(core)
  const claim = createClaim(core, () => isClosed)
  const settlement = createSettlement(core)
  const extendLeases = works.sql(
    'UPDATE job SET visible_at = ? WHERE seq IN (SELECT value FROM json_each(?))',
  )
  let isClosed = false

  function refuseWhenClosed(): void {
    if (isClosed) throw closedError()
    maintenance.used()
  }

  function refuseWhenFull(): void {
    if (reserve.isThere()) return
    void reserve.restore()
    throw new QueueError(
      'QUEUE_FULL',
      `the disk of ${core.file} is full: nothing more is taken in until there is room. What waits is delivered meanwhile.`,
    )
  }

  const queue: Queue = {
    durability: { kill: true, power: true, machineLoss: false, settle: 'lazy' },
    dead: createSqliteDead(core, refuseWhenClosed),
    stats: createStatsReader(works, lanes, holds, clock),
    async put(deliveries, options) {
      refuseWhenClosed()
      refuseWhenFull()
      return put(deliveries, options)
    },
    async claim(options) {
      refuseWhenClosed()
      return claim(options)
    },
    async extend(names, leaseMs) {
      refuseWhenClosed()
      const until = timeAfter(clock.now(), leaseMs)
      const ours = names.filter((name) => leaseOf(leases, name) !== undefined)
      const seqs = ours.map((name) => leaseOf(leases, name)?.seq)
      if (ours.length > 0)
        await settleGroup.add(() => extendLeases.run(until, JSON.stringify(seqs)), ours.length)
      return ours
    },
    async settle(items) {
      refuseWhenClosed()
      const result = await settleGroup.add((undo) => settlement.settle(items, undo), items.length)
      wake.wake()
      return result
    },
    async hold(scope, until, because) {
      refuseWhenClosed()
      const time = until === 'released' ? undefined : clock.fromWall(until)
      await putGroup.add(() => writeHold(core, scope, time, because), 1)
      if (time === undefined) holds.release(scope)
      else holds.set(scope, time, because)
      wake.wake()
    },
    async close() {
      if (isClosed) return
      putGroup.flush()
      settleGroup.flush()
      isClosed = true
      wake.wake()
      maintenance.stop()
      rememberClock(core)
      works.close()
      puts.close()
      release()
    },
  }
  return { queue, refuseWhenClosed }
}

function rememberClock({ puts, clock }: SqliteCore): void {
  try {
    puts
      .sql(
        "INSERT INTO state (key, value) VALUES ('store.clock', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
      )
      .run(String(clock.now()))
  } catch {
    // A full disk must not keep a store from closing; the next opening reads the system's clock.
  }
}

function writeHold(
  { puts }: SqliteCore,
  scope: HoldScope,
  until: number | undefined,
  because?: string,
): void {
  const connection = toStoredText(scope.connection)
  const subscription = scope.subscription === undefined ? null : toStoredText(scope.subscription)
  const isWhole = subscription === null && until === undefined
  puts
    .sql('DELETE FROM hold WHERE connection = ?1 AND (?3 = 1 OR subscription IS ?2)')
    .run(connection, subscription, isWhole ? 1 : 0)
  if (until !== undefined)
    puts
      .sql('INSERT INTO hold (connection, subscription, until, because) VALUES (?, ?, ?, ?)')
      .run(connection, subscription, until, because === undefined ? null : toStoredText(because))
}

/** Reads the holds that an earlier process, or the owner, has written. */
export function loadHolds({ puts, holds }: Pick<SqliteCore, 'puts' | 'holds'>): void {
  holds.clear()
  for (const [connection, subscription, until, because] of puts
    .sql('SELECT connection, subscription, until, because FROM hold')
    .all())
    holds.set(
      {
        connection: fromStoredText(String(connection)),
        ...(subscription !== null && { subscription: fromStoredText(String(subscription)) }),
      },
      Number(until),
      because === null ? undefined : fromStoredText(String(because)),
    )
}
