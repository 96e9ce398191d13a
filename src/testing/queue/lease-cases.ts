import { bury, delivery, finish, leaseMs, putBack, type QueueCase } from './queue-case'

/** Leases, late settlements, delays and clocks. */
export const leaseCases: readonly QueueCase[] = [
  {
    promise: 'gives a delivery out again when its lease has ended, as an attempt whose outcome nobody knows',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery()])
      const [first] = await claim(1)
      expect([first?.delivery.attempt, first?.delivery.firstAttemptAt]).toEqual([0, 0])
      await expectNothing()
      await advance(leaseMs)
      const [second] = await claim(1)
      expect([second?.delivery.attempt, second?.maybeDone]).toEqual([1, true])
      expect((second?.delivery.firstAttemptAt ?? 0) > 0).toEqual(true)
      expect(first?.lease === second?.lease).toEqual(false)
    },
  },
  {
    promise: 'refuses a late settlement of any kind and changes nothing',
    async check({ queue, claim, expect, advance }) {
      await queue.put([delivery()])
      const [late] = await claim(1)
      await advance(leaseMs)
      const [current] = await claim(1)
      if (late === undefined || current === undefined) throw new Error('nothing was claimed')
      const lateAnswer = { late: [late.lease] }
      expect(await finish(queue, [late])).toEqual(lateAnswer)
      expect(await putBack(queue, late, 0)).toEqual(lateAnswer)
      expect(await bury(queue, [late])).toEqual(lateAnswer)
      expect(await queue.settle([{ lease: late.lease, kind: 'release' }])).toEqual(lateAnswer)
      expect(await queue.extend([late.lease, current.lease], leaseMs)).toEqual([current.lease])
      expect(await queue.dead.count({})).toEqual(0)
      const answer = await queue.settle([
        { lease: late.lease, kind: 'done' },
        { lease: current.lease, kind: 'done' },
      ])
      expect(answer).toEqual(lateAnswer)
      expect(await finish(queue, [current])).toEqual({ late: [current.lease] })
    },
  },
  {
    promise: 'calls a lease late that it never gave',
    async check({ queue, expect }) {
      for (const lease of ['', 'nonsense', '1.1', "'; DROP TABLE job", '9999999999999999999999', '1.a\0'])
        expect(await queue.settle([{ lease, kind: 'done' }])).toEqual({ late: [lease] })
      expect(await queue.extend(['', 'nonsense', '1.1'], leaseMs)).toEqual([])
    },
  },
  {
    promise: 'keeps a delivery from others as long as its lease is extended',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery()])
      const claims = await claim(1)
      const leases = claims.map(({ lease }) => lease)
      for (let turn = 0; turn < 3; turn++) {
        await advance(leaseMs * 0.6)
        expect(await queue.extend(leases, leaseMs)).toEqual(leases)
      }
      await expectNothing()
      expect(await finish(queue, claims)).toEqual({ late: [] })
    },
  },
  {
    promise: 'gives out what was put back when its delay is over and not before, with its history',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery()])
      const [first] = await claim(1)
      if (first === undefined) throw new Error('nothing was claimed')
      await putBack(queue, first, 2 * leaseMs)
      await advance(leaseMs)
      await expectNothing()
      await advance(leaseMs)
      const [second] = await claim(1)
      expect([second?.delivery.attempt, second?.maybeDone]).toEqual([1, false])
      expect(second?.delivery.history.map(({ kind, status }) => [kind, status])).toEqual([['retry', 503]])
    },
  },
  {
    promise: 'remembers for ever that an attempt may have arrived',
    async check({ queue, claim, expect }) {
      await queue.put([delivery()])
      const [first] = await claim(1)
      if (first === undefined) throw new Error('nothing was claimed')
      await putBack(queue, first, 0, true)
      const [second] = await claim(1)
      expect(second?.maybeDone).toEqual(true)
      if (second) await putBack(queue, second, 0, false)
      const [third] = await claim(1)
      expect([third?.maybeDone, third?.delivery.attempt, third?.delivery.history.length]).toEqual([
        true,
        2,
        2,
      ])
    },
  },
  {
    promise: 'does not count a claim that was released',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery()])
      for (let turn = 0; turn < 3; turn++) {
        const [claimed] = await claim(1)
        const { attempt, firstAttemptAt, history } = claimed?.delivery ?? {}
        expect([attempt, firstAttemptAt, history, claimed?.maybeDone]).toEqual([0, 0, [], false])
        if (claimed) await queue.settle([{ lease: claimed.lease, kind: 'release' }])
      }
      const [claimed] = await claim(1)
      if (claimed) await queue.settle([{ lease: claimed.lease, kind: 'release', afterMs: leaseMs }])
      await expectNothing()
      await advance(leaseMs)
      await claim(1)
    },
  },
  {
    promise: 'gives out what was put with a delay when it is over and not before',
    async check({ queue, claim, expectNothing, advance }) {
      await queue.put([delivery()], { delayMs: 2 * leaseMs })
      await advance(leaseMs)
      await expectNothing()
      await advance(leaseMs)
      await claim(1)
    },
  },
  {
    promise: 'goes on when the clock is set back by an hour',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery({ idempotencyKey: 'before' })])
      const [lent] = await claim(1)
      await advance(-3_600_000)
      await queue.put([delivery({ idempotencyKey: 'after' })])
      const [fresh] = await claim(1)
      expect(fresh?.delivery.idempotencyKey).toEqual('after')
      if (fresh) await putBack(queue, fresh, leaseMs)
      await expectNothing()
      await advance(leaseMs)
      expect((await claim(2)).map(({ delivery: one }) => one.attempt)).toEqual([1, 1])
      expect(lent?.delivery.idempotencyKey).toEqual('before')
    },
  },
  {
    promise: 'finds everything due when the clock is set forward by an hour',
    async check({ queue, claim, advance }) {
      await queue.put([delivery()])
      const [lent] = await claim(1)
      if (lent) await putBack(queue, lent, 3_500_000)
      await queue.put([delivery()], { delayMs: 3_000_000 })
      await advance(3_600_000)
      await claim(2)
    },
  },
]
