import type { Claimed } from 'waybill/queue'
import { bury, deliveries, delivery, finish, keysOf, leaseMs, putBack, type QueueCase } from './queue-case'

const lanesOf = (claims: readonly Claimed[]) => claims.map(({ delivery: { subscription } }) => subscription)
const far = 4_000_000_000_000

/** Lanes: fairness, holds, figures; and waiting for work. */
export const laneCases: readonly QueueCase[] = [
  {
    promise: 'gives every lane its share, however much another one has',
    async check({ queue, claim, expect }) {
      await queue.put(deliveries(300, { subscription: 'crowded' }))
      await queue.put(['a', 'b', 'c'].flatMap((subscription) => deliveries(2, { subscription })))
      const claimed = lanesOf(await claim(20))
      const quiet = claimed.filter((lane) => lane !== 'crowded')
      expect([claimed.length, quiet.sort()]).toEqual([20, ['a', 'a', 'b', 'b', 'c', 'c']])
    },
  },
  {
    promise: 'lets lanes take turns where there are more than a claim takes',
    async check({ queue, claim, expect }) {
      const lanes = Array.from({ length: 12 }, (_, index) => `lane ${index}`)
      for (const subscription of lanes) await queue.put(deliveries(10, { subscription }))
      const claimed: string[] = []
      for (let round = 0; round < 6; round++) claimed.push(...lanesOf(await claim(4)))
      expect(lanes.map((lane) => claimed.filter((one) => one === lane).length)).toEqual(lanes.map(() => 2))
    },
  },
  {
    promise: 'takes at most so many of a lane as it is asked to',
    async check({ queue, expect, expectNothing }) {
      await queue.put(deliveries(10, { subscription: 'a' }))
      await queue.put(deliveries(2, { subscription: 'b' }))
      const signal = AbortSignal.timeout(10_000)
      const claimed = await queue.claim({ max: 100, perLane: 2, leaseMs, signal })
      expect(lanesOf(claimed).sort()).toEqual(['a', 'a', 'b', 'b'])
      await expectNothing({ heldLanes: [{ connection: 'shop', subscription: 'a' }] })
    },
  },
  {
    promise: 'gives nothing of a lane out while it is held, and goes on after',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([...deliveries(2, { subscription: 'a' }), ...deliveries(2, { subscription: 'b' })])
      await queue.hold({ connection: 'shop', subscription: 'a' }, far, 'credentials refused')
      expect(lanesOf(await claim(2))).toEqual(['b', 'b'])
      await expectNothing()
      const held = (await queue.stats()).map((lane) => [
        lane.subscription,
        lane.heldUntil !== undefined,
        lane.heldBecause,
      ])
      expect(held.sort()).toEqual([
        ['a', true, 'credentials refused'],
        ['b', false, undefined],
      ])
      await queue.hold({ connection: 'shop', subscription: 'a' }, 'released')
      const claimed = await claim(2)
      expect(lanesOf(claimed)).toEqual(['a', 'a'])
      expect(claimed.map((one) => one.delivery.attempt)).toEqual([0, 0])
      await advance(1)
    },
  },
  {
    promise: 'holds a whole connection, lanes that come later too, until it is released',
    async check({ queue, claim, expect, expectNothing }) {
      await queue.hold({ connection: 'shop' }, far)
      await queue.put([delivery({ subscription: 'a' }), delivery({ subscription: 'b' })])
      await queue.hold({ connection: 'shop', subscription: 'a' }, far)
      await queue.put([delivery({ connection: 'other', idempotencyKey: 'other' })])
      expect(keysOf(await claim(1))).toEqual(['other'])
      await expectNothing()
      await queue.hold({ connection: 'shop' }, 'released')
      await claim(2)
    },
  },
  {
    promise: 'ends a hold by itself',
    async check({ queue, claim, expectNothing, advance }) {
      await queue.put([delivery()])
      const [claimed] = await claim(1)
      const now = (claimed?.leaseUntil ?? 0) - leaseMs
      if (claimed) await queue.settle([{ lease: claimed.lease, kind: 'release' }])
      await queue.hold({ connection: 'shop' }, now + 2 * leaseMs)
      await expectNothing()
      await advance(3 * leaseMs)
      await claim(1)
    },
  },
  {
    promise: 'counts what is ready, waiting, leased and dead in each lane',
    async check({ queue, claim, expect }) {
      await queue.put([
        ...deliveries(3, { receivedAt: 5000 }),
        delivery({ receivedAt: 4000, idempotencyKey: 'oldest' }),
      ])
      const [first, second, third] = await claim(3)
      if (!first || !second || !third) throw new Error('nothing was claimed')
      await bury(queue, [first])
      await putBack(queue, second, 60_000)
      await queue.put([
        delivery({ subscription: 'b', person: 'ada' }),
        delivery({ subscription: 'b', person: 'ada' }),
      ])
      const stats = (await queue.stats()).map((lane) => [
        ...[lane.connection, lane.subscription, lane.ready, lane.waiting, lane.leased, lane.dead],
        lane.subscription === 'orders' ? lane.oldestReceivedAt : undefined,
      ])
      expect(stats.sort((a, b) => String(a[1]).localeCompare(String(b[1])))).toEqual([
        ['shop', 'b', 1, 1, 0, 0, undefined],
        ['shop', 'orders', 1, 1, 1, 1, 4000],
      ])
    },
  },
  {
    promise: 'wakes a waiting claim when something is put, released or due',
    async check({ queue, expect }) {
      const waiting = queue.claim({ max: 5, leaseMs: 60_000, signal: AbortSignal.timeout(20_000) })
      await new Promise((resolve) => setTimeout(resolve, 20))
      await queue.put([delivery({ idempotencyKey: 'woken' })])
      const claims = await waiting
      expect(keysOf(claims)).toEqual(['woken'])
      const again = queue.claim({ max: 5, leaseMs: 60_000, signal: AbortSignal.timeout(20_000) })
      await queue.settle(claims.map(({ lease }) => ({ lease, kind: 'release' })))
      expect(keysOf(await again)).toEqual(['woken'])
    },
  },
  {
    promise: 'ends a waiting claim when its signal fires or the queue is closed, with nothing',
    async check({ queue, expect }) {
      const stop = new AbortController()
      const aborted = queue.claim({ max: 1, leaseMs, signal: stop.signal })
      const closed = queue.claim({ max: 1, leaseMs })
      setTimeout(() => stop.abort(), 20)
      expect(await aborted).toEqual([])
      expect(await queue.claim({ max: 1, leaseMs, signal: stop.signal })).toEqual([])
      await queue.close()
      expect(await closed).toEqual([])
    },
  },
  {
    promise: 'closes while leases are out',
    async check({ queue, claim, expect }) {
      await queue.put(deliveries(3))
      expect((await claim(3)).length).toEqual(3)
      await queue.close()
    },
  },
  {
    promise: 'hands a delivery to one of many claims that wait',
    async check({ queue, another, expect }) {
      const second = await another()
      const stop = new AbortController()
      const wait = (from: typeof queue) => from.claim({ max: 5, leaseMs: 60_000, signal: stop.signal })
      const claims = [wait(queue), wait(second), wait(queue), wait(second)]
      await queue.put(deliveries(3))
      const deadline = Date.now() + 20_000
      let found: Claimed[] = []
      while (found.length < 3 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        const stats = await queue.stats()
        if (stats.some(({ ready }) => ready > 0)) continue
        stop.abort()
        found = (await Promise.all(claims)).flat()
      }
      expect([found.length, new Set(keysOf(found)).size]).toEqual([3, 3])
      await finish(queue, found)
    },
  },
]
