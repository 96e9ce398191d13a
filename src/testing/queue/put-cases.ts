import { bury, codeOf, deliveries, delivery, finish, keysOf, type QueueCase } from './queue-case'

const loneSurrogate = String.fromCharCode(0xd800)
const strangeEvent = {
  type: 'track',
  messageId: 'strange',
  properties: {
    text: `a\0b${loneSurrogate} 😀\u2028`,
    long: 'y'.repeat(900_000),
    nested: { 'a.b': [null, 1.5, true] },
  },
}

/** What is taken in, and what is folded. */
export const putCases: readonly QueueCase[] = [
  {
    promise: 'gives a delivery out once, as it was put',
    async check({ queue, claim, expect, expectNothing }) {
      const given = delivery({ person: 'ada', attempt: 0 })
      expect(await queue.put([given])).toEqual({ duplicates: [] })
      const [claimed] = await claim(1)
      expect(claimed?.delivery).toEqual(given)
      expect(claimed?.maybeDone).toEqual(false)
      await expectNothing()
      expect(await finish(queue, claimed ? [claimed] : [])).toEqual({ late: [] })
      await expectNothing()
      expect((await queue.stats()).map(({ ready, waiting, leased }) => ready + waiting + leased)).toEqual([0])
    },
  },
  {
    promise: 'folds an id that it has, within one put too, and after the delivery has ended or died',
    async check({ queue, claim, expect, expectNothing }) {
      const ended = delivery({ idempotencyKey: 'ended' })
      const died = delivery({ idempotencyKey: 'died' })
      expect(await queue.put([ended, ended])).toEqual({ duplicates: ['ended'] })
      expect(await queue.put([ended])).toEqual({ duplicates: ['ended'] })
      await finish(queue, await claim(1))
      await queue.put([died])
      await bury(queue, await claim(1))
      expect(await queue.put([ended, died])).toEqual({ duplicates: ['ended', 'died'] })
      await expectNothing()
    },
  },
  {
    promise: 'tells the same id in two lanes apart',
    async check({ queue, claim, expect }) {
      const lanes = [
        { connection: 'a', subscription: 'b/c' },
        { connection: 'a/b', subscription: 'c' },
        { connection: 'a', subscription: 'c' },
      ]
      const put = lanes.map((lane) => delivery({ ...lane, idempotencyKey: 'same' }))
      expect(await queue.put(put)).toEqual({ duplicates: [] })
      const claimed = await claim(3)
      const found = claimed.map(
        ({ delivery: { connection, subscription } }) => `${connection} ${subscription}`,
      )
      expect(found.sort()).toEqual(['a b/c', 'a c', 'a/b c'])
    },
  },
  {
    promise: 'takes 990 new ones of a put of 1,000 and names the 10 that it had',
    async check({ queue, claim, expect }) {
      const known = deliveries(10)
      await queue.put(known)
      const { duplicates } = await queue.put([...deliveries(495), ...known, ...deliveries(495)])
      expect([...duplicates].sort()).toEqual(keysOf(known.map((one) => ({ delivery: one }))).sort())
      expect(new Set(keysOf(await claim(1000))).size).toEqual(1000)
    },
  },
  {
    promise: 'folds all deliveries of an event whose name it knows, in the same commit',
    async check({ queue, claim, expect, expectNothing }) {
      const [first, second] = [delivery(), delivery()]
      const eventName = () => 'source/message'
      const of = (event: typeof first.event, subscription: string) =>
        delivery({ event, subscription, idempotencyKey: `${subscription}-${event.messageId}` })
      const put = [of(first.event, 'a'), of(first.event, 'b'), of(second.event, 'c')]
      const result = await queue.put(put, { eventName })
      expect(result).toEqual({ duplicates: [`c-${second.event.messageId}`] })
      expect((await queue.put([of(second.event, 'd')], { eventName })).duplicates.length).toEqual(1)
      expect((await claim(2)).length).toEqual(2)
      await expectNothing()
    },
  },
  {
    promise: 'takes nothing of a put in which an id holds U+0000, and names the place',
    async check({ queue, expect, expectNothing }) {
      for (const property of ['idempotencyKey', 'connection', 'subscription'] as const) {
        const put = queue.put([delivery(), delivery({ [property]: 'a\0b' })])
        const error = await put.then(
          () => undefined,
          (reason: { readonly code?: unknown; readonly path?: unknown }) => reason,
        )
        expect([error?.code, error?.path]).toEqual(['INVALID_DELIVERY', `deliveries[1].${property}`])
      }
      await expectNothing()
    },
  },
  {
    promise: 'keeps NUL, lone surrogates and 900 kB in events',
    async check({ queue, claim, expect }) {
      await queue.put([delivery({ event: strangeEvent })])
      const [claimed] = await claim(1)
      expect(claimed?.delivery.event).toEqual(strangeEvent)
    },
  },
  {
    promise: 'keeps ids and persons with lone surrogates, and persons with NUL, apart and as they were',
    async check({ queue, claim, expect }) {
      const persons = ['\ud800', '\udfff', 'a\0b', 'a', 'a\0c', '\ufffd', '\u0001x']
      const put = persons.map((person) => delivery({ person, idempotencyKey: person.replace('\0', '') }))
      const odd = delivery({ idempotencyKey: '\udc00', connection: '\ud801', subscription: '"\\' })
      const distinct = put.filter(
        (one, index) => keysOf(put.map((it) => ({ delivery: it }))).indexOf(one.idempotencyKey) === index,
      )
      expect(await queue.put([...distinct, odd])).toEqual({ duplicates: [] })
      const claimed = await claim(distinct.length + 1)
      const found = claimed.map(({ delivery: one }) => [one.person, one.idempotencyKey, one.connection])
      const wanted = [...distinct, odd].map((one) => [one.person, one.idempotencyKey, one.connection])
      expect(found.map((row) => JSON.stringify(row)).sort()).toEqual(
        wanted.map((row) => JSON.stringify(row)).sort(),
      )
    },
  },
  {
    promise: 'refuses every call once it is closed',
    async check({ queue, claim, expect }) {
      await queue.put([delivery()])
      const [claimed] = await claim(1)
      await queue.close()
      await queue.close()
      expect(await codeOf(queue.put([delivery()]))).toEqual('QUEUE_CLOSED')
      expect(await codeOf(queue.claim({ max: 1, leaseMs: 1000 }))).toEqual('QUEUE_CLOSED')
      expect(await codeOf(finish(queue, claimed ? [claimed] : []))).toEqual('QUEUE_CLOSED')
    },
  },
]
