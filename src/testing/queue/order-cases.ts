import type { Queue } from 'waybill/queue'
import { bury, delivery, finish, keysOf, leaseMs, putBack, type QueueCase } from './queue-case'

/** The order of a person. */
export const orderCases: readonly QueueCase[] = [
  {
    promise: 'gives the deliveries of a person out one after another, through retries',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put(['1', '2', '3'].map((idempotencyKey) => delivery({ idempotencyKey, person: 'ada' })))
      const [first] = await claim(1)
      await expectNothing()
      if (first) await putBack(queue, first, leaseMs)
      await expectNothing()
      await advance(leaseMs)
      const again = await claim(1)
      expect(keysOf(again)).toEqual(['1'])
      await finish(queue, again)
      const second = await claim(1)
      expect(keysOf(second)).toEqual(['2'])
      await expectNothing()
      await bury(queue, second)
      const third = await claim(1)
      expect(keysOf(third)).toEqual(['3'])
      await finish(queue, third)
      await queue.put([delivery({ idempotencyKey: '4', person: 'ada' })])
      expect(keysOf(await claim(1))).toEqual(['4'])
    },
  },
  {
    promise: 'keeps the order over the subscriptions of a connection, not over connections or persons',
    async check({ queue, claim, expect, expectNothing }) {
      const of = (idempotencyKey: string, connection: string, subscription: string, person: string) =>
        delivery({ idempotencyKey, connection, subscription, person })
      await queue.put([
        of('1', 'a', 'x', 'ada'),
        of('2', 'a', 'y', 'ada'),
        of('3', 'b', 'y', 'ada'),
        of('4', 'a', 'y', 'bob'),
      ])
      const claimed = await claim(3)
      expect(keysOf(claimed).sort()).toEqual(['1', '3', '4'])
      await expectNothing()
      await finish(queue, claimed)
      expect(keysOf(await claim(1))).toEqual(['2'])
    },
  },
  {
    promise: 'respects the delay of a delivery whose turn comes',
    async check({ queue, claim, expect, expectNothing, advance }) {
      await queue.put([delivery({ idempotencyKey: '1', person: 'ada' })])
      await queue.put([delivery({ idempotencyKey: '2', person: 'ada' })], { delayMs: leaseMs })
      await finish(queue, await claim(1))
      await expectNothing()
      await advance(leaseMs)
      expect(keysOf(await claim(1))).toEqual(['2'])
    },
  },
  {
    promise: 'keeps the order of 20 persons with two that put and two that take, and strands none',
    async check({ queue, another, expect }) {
      const second = await another()
      const persons = Array.from({ length: 20 }, (_, index) => `person ${index}`)
      const last = new Map<string, number>()
      const faults: string[] = []
      let taken = 0
      const total = 2 * persons.length * 20

      async function put(to: Queue, putter: number): Promise<void> {
        for (let round = 0; round < 20; round++)
          await to.put(
            persons.map((person) =>
              delivery({ person: `${person}`, idempotencyKey: `${putter} ${round} ${person}` }),
            ),
          )
      }
      async function take(from: Queue): Promise<void> {
        const deadline = Date.now() + 30_000
        while (taken < total && Date.now() < deadline) {
          const claims = await from.claim({ max: 7, leaseMs: 60_000, signal: AbortSignal.timeout(300) })
          for (const claim of claims) {
            const [putter, round] = claim.delivery.idempotencyKey.split(' ').map(Number)
            const name = `${putter} ${claim.delivery.person}`
            if ((last.get(name) ?? -1) + 1 !== round)
              faults.push(`${claim.delivery.idempotencyKey} out of order`)
            last.set(name, round ?? -1)
          }
          await finish(from, claims)
          taken += claims.length
        }
      }
      await Promise.all([put(queue, 0), put(second, 1), take(queue), take(second)])
      expect([faults, taken]).toEqual([[], total])
    },
  },
]
