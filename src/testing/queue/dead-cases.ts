import type { DeadFilter } from 'waybill/queue'
import { bury, codeOf, delivery, finish, keysOf, type QueueBench, type QueueCase } from './queue-case'

/** Seven dead letters of two lanes, three reasons and two persons; the keys are 0 to 6 in the order of dying. */
async function burySeven({ queue, claim, advance }: QueueBench): Promise<void> {
  for (const index of [0, 1, 2, 3, 4, 5, 6]) {
    const subscription = index % 2 === 0 ? 'even' : 'odd'
    const person = index < 4 ? 'ada' : 'bob'
    const event = { type: 'track', messageId: `m${index}` }
    await queue.put([delivery({ idempotencyKey: String(index), subscription, person, event })])
    await bury(queue, await claim(1), index === 6 ? 'unknown' : 'rejected', `REASON_${index % 3}`)
    await advance(10)
  }
}

/** Dead letters: found, put back, dropped. */
export const deadCases: readonly QueueCase[] = [
  {
    promise: 'lists dead letters by every filter, the newest first',
    async check(bench) {
      const { queue, expect } = bench
      await burySeven(bench)
      const all = (await queue.dead.list({})).letters
      expect(keysOf(all)).toEqual(['6', '5', '4', '3', '2', '1', '0'])
      expect(all.map(({ delivery: { attempt } }) => attempt)).toEqual([1, 1, 1, 1, 1, 1, 1])
      expect(all[0]?.outcome.kind).toEqual('unknown')
      const [, , four] = all
      const filters: [DeadFilter, string][] = [
        [{ subscription: 'odd' }, '531'],
        [{ connection: 'shop', subscription: 'even', reason: 'REASON_0' }, '60'],
        [{ connection: 'elsewhere' }, ''],
        [{ reason: 'REASON_1' }, '41'],
        [{ person: 'bob' }, '654'],
        [{ messageId: 'm3' }, '3'],
        [{ since: four?.diedAt ?? 0 }, '654'],
        [{ until: four?.diedAt ?? 0 }, '3210'],
        [{ ids: all.slice(2, 4).map(({ id }) => id) }, '43'],
        [{ ids: [] }, ''],
        [{ ids: ['nonsense', ''] }, ''],
        [{ person: 'ada', reason: 'REASON_0', since: four?.diedAt ?? 0 }, ''],
      ]
      for (const [filter, keys] of filters) {
        expect([filter, keysOf((await queue.dead.list(filter)).letters).join('')]).toEqual([filter, keys])
        expect([filter, await queue.dead.count(filter)]).toEqual([filter, keys.length])
      }
    },
  },
  {
    promise: 'pages through dead letters by key, and none is told twice when others go or come',
    async check(bench) {
      const { queue, expect } = bench
      await burySeven(bench)
      const first = await queue.dead.list({}, { limit: 3 })
      expect(keysOf(first.letters)).toEqual(['6', '5', '4'])
      await queue.dead.drop({ messageId: 'm5' })
      const second = await queue.dead.list({}, { limit: 3, after: first.next ?? '' })
      expect(keysOf(second.letters)).toEqual(['3', '2', '1'])
      const third = await queue.dead.list({}, { limit: 3, after: second.next ?? '' })
      expect([keysOf(third.letters), third.next]).toEqual([['0'], undefined])
    },
  },
  {
    promise: 'counts dead letters by lane and reason',
    async check(bench) {
      const { queue, expect } = bench
      await burySeven(bench)
      await queue.dead.drop({ messageId: 'm1' })
      const counts = (await queue.dead.reasons()).map(
        (one) => `${one.subscription} ${one.reason} ${one.count}`,
      )
      expect(counts.sort()).toEqual([
        'even REASON_0 2',
        'even REASON_1 1',
        'even REASON_2 1',
        'odd REASON_0 1',
        'odd REASON_2 1',
      ])
      expect((await queue.stats()).map(({ subscription, dead }) => `${subscription} ${dead}`).sort()).toEqual(
        ['even 4', 'odd 2'],
      )
    },
  },
  {
    promise: 'puts dead letters back with their attempts counted anew, each once',
    async check(bench) {
      const { queue, claim, expect, expectNothing } = bench
      await burySeven(bench)
      expect(await queue.dead.replay({ subscription: 'even' })).toEqual(4)
      expect(await queue.dead.replay({ subscription: 'even' })).toEqual(0)
      const claimed = await claimAllInOrder(bench, 4)
      expect(claimed.map((one) => one.key).sort()).toEqual(['0', '2', '4', '6'])
      expect(claimed.map((one) => [one.attempt, one.firstAttemptAt])).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ])
      // What ended with an unknown outcome may have arrived.
      expect(claimed.filter((one) => one.maybeDone).map((one) => one.key)).toEqual(['6'])
      await expectNothing()
      expect(await queue.dead.count({})).toEqual(3)
      await queue.put([delivery({ idempotencyKey: 'next' })])
      await finish(queue, await claim(1))
    },
  },
  {
    promise: 'keeps the order of a person when dead letters are put back',
    async check(bench) {
      await burySeven(bench)
      bench.expect(await bench.queue.dead.replay({ person: 'ada' })).toEqual(4)
      const claimed = await claimAllInOrder(bench, 4)
      bench.expect(claimed.map((one) => one.key)).toEqual(['0', '1', '2', '3'])
    },
  },
  {
    promise: 'drops dead letters for good',
    async check(bench) {
      const { queue, expect, expectNothing } = bench
      await burySeven(bench)
      expect(await queue.dead.drop({ reason: 'REASON_0' })).toEqual(3)
      expect(await queue.dead.count({})).toEqual(4)
      expect(await queue.dead.drop({})).toEqual(4)
      expect(await queue.dead.reasons()).toEqual([])
      await expectNothing()
    },
  },
  {
    promise: 'replays and drops nothing where there are not as many as expected',
    async check(bench) {
      const { queue, expect, expectNothing } = bench
      await burySeven(bench)
      expect(await codeOf(queue.dead.drop({}, { expected: 6 }))).toEqual('DEAD_LETTERS_CHANGED')
      expect(await codeOf(queue.dead.replay({}, { expected: 8 }))).toEqual('DEAD_LETTERS_CHANGED')
      expect(await queue.dead.count({})).toEqual(7)
      await expectNothing()
      expect(await queue.dead.drop({}, { expected: 7 })).toEqual(7)
    },
  },
]

/** Claims and finishes until there were `count`. */
async function claimAllInOrder({ queue, claim }: QueueBench, count: number) {
  const claimed: { key: string; attempt: number; firstAttemptAt: number; maybeDone: boolean }[] = []
  while (claimed.length < count) {
    const [one] = await claim(1)
    if (one === undefined) break
    const { idempotencyKey: key, attempt, firstAttemptAt } = one.delivery
    claimed.push({ key, attempt, firstAttemptAt, maybeDone: one.maybeDone })
    await finish(queue, [one])
  }
  return claimed
}
