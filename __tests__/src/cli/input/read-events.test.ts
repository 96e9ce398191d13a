import fc from 'fast-check'
import { createEventReader } from '../../../../src/cli/input/read-events'
import { chunked, cut, readAll } from './read-all'

const text = (...lines: string[]) => [Buffer.from(lines.join('\n'))]
const anyEvent = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue(), { maxKeys: 4 })
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))
const isEvent = (event: Record<string, unknown>) => !('outcome' in event)

describe('NDJSON', () => {
  test('gives every event, however the bytes are cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent.filter(isEvent)),
        sizes,
        fc.constantFrom('\n', '\r\n', '\n\n', ' \n\t\n'),
        fc.boolean(),
        async (events, pieces, ending, isEnded) => {
          const joined = events.map((event) => JSON.stringify(event)).join(ending) + (isEnded ? ending : '')
          const result = await readAll(cut(Buffer.from(joined), pieces))
          expect(result.events).toEqual(plain(events))
          expect(result.malformed).toEqual([])
          expect(result.error).toBeUndefined()
        },
      ),
    )
  })

  test('reports each line that is no event with its number, and goes on', async () => {
    const { events, malformed } = await readAll(
      text('{"a":1}', '{"a":', 'nonsense', '', '[1]', '12', '{"a":2}'),
    )
    expect(events).toEqual([{ a: 1 }, { a: 2 }])
    expect(malformed).toEqual([
      { line: 2, record: 2, problem: 'the JSON ends in the middle', text: '{"a":' },
      { line: 3, record: 3, problem: expect.stringMatching(/^not JSON/), text: 'nonsense' },
      { line: 5, record: 4, problem: 'an event is a JSON object, this is a list', text: '[1]' },
      { line: 6, record: 5, problem: 'an event is a JSON object, this is a number', text: '12' },
    ])
  })

  test('says nothing of a malformed line in the problem, which may be printed', async () => {
    const { malformed } = await readAll(text('{"email":"ada@example.com", password}', 'ada@example.com'))
    for (const { problem } of malformed) expect(problem).not.toMatch(/ada|email|password/)
    expect(malformed).toHaveLength(2)
  })

  test('recognizes JSON that is spread over lines', async () => {
    const { malformed } = await readAll([Buffer.from(JSON.stringify({ type: 'track' }, null, 2))])
    expect(malformed[0]?.problem).toContain('one event per line')
  })

  test('removes byte order marks at the beginning of any line, as joined files have them', async () => {
    const bytes = Buffer.from('\uFEFF{"a":1}\n\uFEFF{"a":2}\r\n\uFEFF\uFEFF{"a":3}\n{"a":"\uFEFF"}')
    for (const size of [1, 2, 3, 100])
      expect((await readAll(cut(bytes, [size]))).events).toEqual([
        { a: 1 },
        { a: 2 },
        { a: 3 },
        { a: '\uFEFF' },
      ])
    expect((await readAll([Buffer.from('\uFEFF'.repeat(100_000))])).malformed).toHaveLength(1)
  })

  test('refuses a line that is not valid UTF-8, but takes a replacement character', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n{"a":"\uFFFD"}\n'),
    ])
    const { events, malformed } = await readAll([bytes])
    expect(events).toEqual([{ a: '\uFFFD' }])
    expect(malformed).toMatchObject([
      { line: 1, problem: expect.stringMatching(/^not valid UTF-8.*iconv/), base64: 'eyJhIjoi/yJ9' },
    ])
    expect(malformed[0]).not.toHaveProperty('text')
  })

  test('passes over the records that an earlier run had read', async () => {
    const { events, malformed } = await readAll(text('{"a":1}', '', 'x', '{"a":3}', '{"a":4}'), { skip: 2 })
    expect(events).toEqual([{ a: 3 }, { a: 4 }])
    expect(malformed).toEqual([])
  })

  test('tells where a run that stopped early has to go on', async () => {
    const lines = ['{"a":1}', 'x', '', '{"a":2}', '{"a":3}', 'y', '{"a":4}']
    const reader = createEventReader(chunked(text(...lines)), { onMalformed: () => undefined })
    const all: unknown[] = []
    for await (const batch of reader.batches) {
      all.push(...batch)
      for (let taken = all.length - batch.length; taken < all.length; taken++) {
        const rest = await readAll(text(...lines), { skip: reader.skipAfter(taken) })
        expect(rest.events[0]).toEqual(all[taken])
        expect(reader.skipAfter(taken)).toBe(reader.recordOf(taken) - 1)
      }
    }
    expect((await readAll(text(...lines), { skip: reader.skipAfter(4) })).events).toEqual([])
  })

  test('an empty input has no events', async () => {
    for (const chunks of [[], text(''), text('', ' ', '')])
      expect(await readAll(chunks)).toMatchObject({ events: [], malformed: [], error: undefined })
  })
})

describe('a line that is too long', () => {
  test('is passed over with its length, wherever the chunks end', async () => {
    const long = `{"a":"${'x'.repeat(200)}"}`
    for (const size of [1, 7, 50, 1000]) {
      const bytes = Buffer.from(`{"a":1}\n${long}\n{"a":2}\n${long}`)
      const { events, malformed } = await readAll(cut(bytes, [size]), { maxRecordBytes: 100 })
      expect(events).toEqual([{ a: 1 }, { a: 2 }])
      expect(malformed).toMatchObject([
        { line: 2, bytes: long.length, problem: expect.stringContaining('longer than') },
        { line: 4, bytes: long.length },
      ])
    }
  })

  test('of a gigabyte is never held in memory', async () => {
    const mebibyte = Buffer.alloc(1024 * 1024, 'x')
    let peak = 0
    async function* endless() {
      yield Buffer.from('{"a":1}\n')
      for (let count = 0; count < 1024; count++) {
        yield mebibyte
        peak = Math.max(peak, process.memoryUsage().arrayBuffers)
      }
      yield Buffer.from('\n{"a":2}\n')
    }
    const before = process.memoryUsage().arrayBuffers
    const { events, malformed } = await readAll(endless())
    expect(events).toEqual([{ a: 1 }, { a: 2 }])
    expect(malformed).toMatchObject([{ line: 2, bytes: 1024 * 1024 * 1024 }])
    expect(malformed[0]?.text?.length).toBeLessThan(5000)
    expect(peak - before).toBeLessThan(100 * 1024 * 1024)
  })
})

describe('a JSON array', () => {
  test('gives every element, however the bytes are cut into chunks and laid out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent.filter(isEvent)),
        sizes,
        fc.constantFrom(undefined, 2, '\t'),
        fc.constantFrom('', '\n \n'),
        async (events, pieces, indent, around) => {
          const bytes = Buffer.from(around + JSON.stringify(events, null, indent) + around)
          const result = await readAll(cut(bytes, pieces))
          expect(result.events).toEqual(plain(events))
          expect(result.malformed).toEqual([])
          expect(result.error).toBeUndefined()
        },
      ),
    )
  })

  test('reports elements that are no events with their line, and goes on', async () => {
    const { events, malformed } = await readAll(text('[', '{"a":1},', '7, nonsense,', '{"a":2}', ']'))
    expect(events).toEqual([{ a: 1 }, { a: 2 }])
    expect(malformed).toMatchObject([
      { line: 3, text: '7' },
      { line: 3, text: 'nonsense' },
    ])
  })

  test.each([
    ['[{"a":1},{"a":2', [{ a: 1 }], ['{"a":2'], /middle of the element that begins on line 1/],
    ['[{"a":1}', [{ a: 1 }], [], /not closed/],
    ['[{"a":1},\n7', [{ a: 1 }], ['7'], /middle of the element that begins on line 2/],
    ['[', [], [], /not closed/],
    ['[{"a":1},]', [{ a: 1 }], [], undefined],
    ['[{"a":1},,{"a":2}]', [{ a: 1 }, { a: 2 }], [], undefined],
    ['[{"a":1}{"a":2}\n{"a":3}]', [{ a: 1 }, { a: 2 }, { a: 3 }], [], undefined],
    ['[{"a":1}]\n{"a":2}', [{ a: 1 }, { a: 2 }], [], undefined],
    ['[{"a":1}]\n[{"a":2}]\n', [{ a: 1 }, { a: 2 }], [], undefined],
    ['[{"a":1}],\n{"a":2}\n]', [{ a: 1 }, { a: 2 }], [], undefined],
    ['[{"a":"1},\n{"a":2}]', [{ a: 2 }], ['{"a":"1},'], undefined],
    ['[{"a":1}},\n{"a":2}]', [{ a: 1 }, { a: 2 }], ['}'], undefined],
    ['[{"a":1},\nso to say\n{"a":2}]', [{ a: 1 }, { a: 2 }], ['so to say'], undefined],
  ])('that is damaged gives what can be told apart: %j', async (input, expected, damaged, message) => {
    for (const size of [1, 3, 100]) {
      const { events, malformed, error } = await readAll(cut(Buffer.from(input), [size]))
      expect(events).toEqual(expected)
      expect(malformed.map((record) => record.text)).toEqual(damaged)
      if (message === undefined) expect(error).toBeUndefined()
      else {
        expect(error?.message).toMatch(message)
        expect(error).toMatchObject({ code: 'UNREADABLE_INPUT' })
      }
    }
  })

  test('passes over an element that is too long', async () => {
    const bytes = Buffer.from(`[{"a":1},\n{"a":"${'x'.repeat(300)}"},\n{"a":3}]`)
    const { events, malformed } = await readAll(cut(bytes, [64]), { maxRecordBytes: 100 })
    expect(events).toEqual([{ a: 1 }, { a: 3 }])
    expect(malformed).toMatchObject([{ line: 2, bytes: 308 }])
  })
})

describe('dead letters as input', () => {
  const outcome = {
    kind: 'rejected',
    connection: 'shop',
    subscription: 'track',
    idempotencyKey: 'k',
    code: 'X',
  }

  const letter = (content: Record<string, unknown>) => JSON.stringify({ waybillDeadLetter: 1, ...content })
  const ofNoEvent = (content: Record<string, unknown>) =>
    letter({ line: 7, ...content, outcome: { kind: 'invalid', code: 'INVALID_INPUT' } })

  test('are the events they hold, for the subscription that failed alone', async () => {
    const { events, targets } = await readAll(
      text(letter({ event: { type: 'track' }, outcome, attempts: [] }), '{"type":"page"}'),
    )
    expect(events).toEqual([{ type: 'track' }, { type: 'page' }])
    expect(targets).toEqual([{ connection: 'shop', subscription: 'track', idempotencyKey: 'k' }, undefined])
  })

  test('whose text was no event are read again, and keep what they were from the first', async () => {
    const { events, targets, malformed } = await readAll(
      text(ofNoEvent({ text: '{"mended":true}' }), ofNoEvent({ text: '{"still":' })),
    )
    expect(events).toEqual([{ mended: true }])
    expect(targets).toEqual([undefined])
    expect(malformed).toMatchObject([{ line: 2, problem: 'the JSON ends in the middle', text: '{"still":' }])
  })

  test('whose bytes are no text keep these bytes however often they are read', async () => {
    const base64 = Buffer.from('{"event":"Caf\u00e9"}', 'latin1').toString('base64')
    const first = await readAll(text(ofNoEvent({ base64 })))
    expect(first.malformed).toMatchObject([{ problem: expect.stringContaining('not valid UTF-8'), base64 }])
    const mended = Buffer.from('{"event":"Caf\u00e9"}').toString('base64')
    expect((await readAll(text(ofNoEvent({ base64: mended })))).events).toEqual([{ event: 'Caf\u00e9' }])
  })

  test('that name no connection are malformed', async () => {
    for (const content of [{ event: {}, outcome: {} }, { event: {} }, { event: {}, outcome: 7 }])
      expect((await readAll(text(letter(content)))).malformed[0]?.problem).toContain('names no connection')
    expect((await readAll(text(letter({})))).malformed).toHaveLength(1)
  })

  test('that hold only the beginning of a record stay what they are', async () => {
    const { events, malformed } = await readAll(text(ofNoEvent({ text: '{"a":1}', bytes: 99_999 })))
    expect(events).toEqual([])
    expect(malformed[0]?.problem).toContain('only the beginning')
  })

  test('may be refused for where they came back from, and keep their text', async () => {
    const line = letter({ event: { type: 'track' }, outcome })
    const { events, malformed } = await readAll(text(line), { checkTarget: () => 'no such place' })
    expect(events).toEqual([])
    expect(malformed).toEqual([{ line: 1, record: 1, problem: 'no such place', text: line }])
  })

  test('are told from events by their marker alone, whatever else an event holds', async () => {
    const alike = [
      { type: 'track', event: 'Survey Answered', outcome: 'yes', properties: { outcome: {} } },
      { event: { type: 'track' }, outcome, attempts: [] },
      { line: 7, text: '{}', outcome: { kind: 'invalid', code: 'INVALID_INPUT' } },
      { waybillDeadLetter: '1', event: {}, outcome },
      { properties: { waybillDeadLetter: 1 } },
    ]
    const { events, targets } = await readAll(text(...alike.map((event) => JSON.stringify(event))))
    expect(events).toEqual(alike)
    expect(targets.every((target) => target === undefined)).toBe(true)
  })
})

describe('an event', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`

  test('that is nested too deep is refused with the limit, and keeps its text', async () => {
    for (const levels of [1_000, 6_000, 100_000]) {
      const { events, malformed } = await readAll(text('{"a":1}', nested(levels), '{"a":2}'))
      expect(events).toEqual([{ a: 1 }, { a: 2 }])
      expect(malformed).toMatchObject([
        { problem: expect.stringMatching(/1,000 levels.*limit/), text: nested(levels) },
      ])
    }
    const objects = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    expect((await readAll(text(`[${objects}]`))).malformed).toHaveLength(1)
    const wide = JSON.stringify({ a: Array.from({ length: 5_000 }, () => [{}]), b: '['.repeat(5_000) })
    expect((await readAll(text(nested(900), wide))).events).toHaveLength(2)
    const deepest = JSON.stringify({
      waybillDeadLetter: 1,
      event: JSON.parse(nested(999)),
      outcome: { connection: 'c' },
    })
    expect((await readAll(text(nested(999), deepest, nested(1_000)))).events).toHaveLength(2)
  })
})

test('a chunked source is closed when reading stops early', async () => {
  let isClosed = false
  async function* source() {
    try {
      for (;;) yield Buffer.from('{"a":1}\n')
    } finally {
      isClosed = true
    }
  }
  const reader = createEventReader(source(), { onMalformed: () => undefined })
  for await (const batch of reader.batches) {
    expect(batch).toEqual([{ a: 1 }])
    break
  }
  expect(isClosed).toBe(true)
})
