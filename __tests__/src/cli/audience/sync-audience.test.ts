import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { SegmentEvent } from 'waybill'
import { createMemoryStore } from 'waybill/queue'
import { audienceKey } from '../../../../src/cli/audience/audience-key'
import { createMembershipStore } from '../../../../src/cli/audience/membership'
import { type ListedPerson, personId, readPeople } from '../../../../src/cli/audience/read-people'
import { syncAudience } from '../../../../src/cli/audience/sync-audience'

const list = (...ids: string[]) =>
  new Map(ids.map((userId) => [personId({ userId }), { userId } as ListedPerson]))
const audience = {
  key: 'big_spenders',
  name: 'Big spenders',
  call: 'identify',
  integration: 'Zaius',
} as const

function createWorld() {
  const { state } = createMemoryStore()
  const sent: { event: SegmentEvent; delayMs: number }[] = []
  const known = new Set<unknown>()
  const world = {
    state,
    sent,
    /** Puts that succeed before the process dies. */
    putsLeft: Number.POSITIVE_INFINITY,
    async sync(people: Map<string, ListedPerson>, more: object = {}) {
      return syncAudience({
        people,
        membership: createMembershipStore(state, 'zaius', audience.key),
        audience,
        now: Date.UTC(2026, 0, 1),
        async put(events, delayMs) {
          if (world.putsLeft-- <= 0) throw new Error('killed')
          for (const event of events)
            if (!known.has(event.messageId) && known.add(event.messageId)) sent.push({ event, delayMs })
        },
        ...more,
      })
    },
    told: () => sent.splice(0).map(({ event }) => [event.userId, event.traits?.big_spenders]),
  }
  return world
}

test.each([
  ['Order completed last 30days', 'order_completed_last_30days'],
  ['order_completed_last_30days', 'order_completed_last_30days'],
  ['  Big  Spenders! ', 'big_spenders'],
  ['Käufer (DE)', 'kaufer_de'],
  ['VIP', 'vip'],
])('the audience "%s" is the trait %s', (name, key) => {
  expect(audienceKey(name)).toBe(key)
})

test('everybody the first time, only changes afterwards, nothing where nothing changed', async () => {
  const world = createWorld()
  expect(await world.sync(list('a', 'b', 'c'))).toMatchObject({ sync: 1, entered: 3, exited: 0, members: 3 })
  expect(world.told()).toEqual([
    ['a', true],
    ['b', true],
    ['c', true],
  ])
  await world.sync(list('a', 'b', 'c'))
  expect(world.told()).toEqual([])
  expect(await world.sync(list('b', 'd'))).toMatchObject({ sync: 2, entered: 1, exited: 2 })
  expect(world.told()).toEqual([
    ['d', true],
    ['a', false],
    ['c', false],
  ])
  await world.sync(list('a', 'b', 'd'))
  expect(world.told()).toEqual([['a', true]])
})

test('as an event it is entered and exited, with the mail address to match by', async () => {
  const world = createWorld()
  const people = new Map([['anonymous:x', { anonymousId: 'x', email: 'x@example.com' }]])
  await world.sync(people, { audience: { ...audience, call: 'track' } })
  await world.sync(new Map(), { audience: { ...audience, call: 'track' } })
  expect(world.sent.map(({ event }) => event)).toMatchObject([
    {
      type: 'track',
      event: 'Audience Entered',
      anonymousId: 'x',
      properties: { audience_key: 'big_spenders', big_spenders: true },
      context: { traits: { email: 'x@example.com' } },
      integrations: { All: false, Zaius: true },
    },
    { type: 'track', event: 'Audience Exited', anonymousId: 'x', properties: { big_spenders: false } },
  ])
})

test('the first sync waits for its delay, and people come at their rate', async () => {
  const world = createWorld()
  await world.sync(list(...Array.from({ length: 25 }, (_, index) => `u${index}`)), {
    startDelayMs: 60_000,
    perSecond: 10,
  })
  expect(world.sent.map(({ delayMs }) => delayMs)).toEqual([
    ...Array(10).fill(60_000),
    ...Array(10).fill(61_000),
    ...Array(5).fill(62_000),
  ])
  world.sent.length = 0
  await world.sync(list('u0'), { startDelayMs: 60_000 })
  expect(new Set(world.sent.map(({ delayMs }) => delayMs))).toEqual(new Set([0]))
})

test('whatever syncs break off, what was told last of each person is true after a sync that did not', async () => {
  const ids = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 })
  const step = fc.record({ ids, putsLeft: fc.constantFrom(0, 1, 2, 3, Number.POSITIVE_INFINITY) })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), ids, async (steps, last) => {
      const world = createWorld()
      for (const { ids: members, putsLeft } of [
        ...steps,
        { ids: last, putsLeft: Number.POSITIVE_INFINITY },
      ]) {
        world.putsLeft = putsLeft
        // One person a put, so that a sync can break off between any two.
        await world.sync(list(...members), { perSecond: 1 }).catch(() => undefined)
      }
      const truth = new Map(world.sent.map(({ event }) => [event.userId, event.traits?.big_spenders]))
      expect(
        [...truth]
          .filter(([, isMember]) => isMember)
          .map(([id]) => id)
          .sort(),
      ).toEqual([...last].sort())
    }),
  )
})

describe('lists', () => {
  const read = async (content: string | Buffer, isCsv: boolean) => {
    const problems: unknown[] = []
    const input = {
      name: 'people',
      bytesRead: 0,
      isFile: false,
      chunks: Readable.from([Buffer.from(content)]) as AsyncIterable<Buffer>,
    }
    const people = await readPeople(input, isCsv, (problem) => problems.push(problem))
    return { people: [...people.values()], problems }
  }

  test('NDJSON, gzipped too; lines that name nobody are told', async () => {
    const text =
      '{"userId":"a","email":"a@example.com"}\n{"anonymous_id":"x"}\n{"id":7}\n{"email":"nobody"}\nnot json\n'
    const expected = [{ userId: 'a', email: 'a@example.com' }, { anonymousId: 'x' }, { userId: '7' }]
    for (const content of [text, gzipSync(text)]) {
      const { people, problems } = await read(content, false)
      expect(people).toEqual(expected)
      expect(problems).toHaveLength(2)
      expect(problems).toContainEqual(expect.objectContaining({ problem: 'neither userId nor anonymousId' }))
    }
  })

  test('CSV with quotes, line breaks and a byte order mark', async () => {
    const { people, problems } = await read(
      '\uFEFFuser_id,email,name\r\na,a@example.com,"Ada, ""A""\nByron"\r\n,,\r\nb,,Bob\r\n',
      true,
    )
    expect(people).toEqual([{ userId: 'a', email: 'a@example.com' }, { userId: 'b' }])
    expect(problems).toEqual([{ line: expect.any(Number), problem: 'neither userId nor anonymousId' }])
  })

  test('what is no CSV says so', async () => {
    await expect(read('userId\n"a', true)).rejects.toThrow('people is not CSV')
  })
})
