import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { decode } from '../../../../src/cli/input/decode'
import { chunked, cut, readAll } from './read-all'

async function decoded(chunks: Buffer[]): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of decode(chunked(chunks))) parts.push(part)
  return Buffer.concat(parts)
}

const lines = Array.from({ length: 2000 }, (_, index) =>
  JSON.stringify({ index, noise: createHash('sha256').update(String(index)).digest('hex') }),
)
const packed = gzipSync(`${lines.join('\n')}\n`)

describe('gzip', () => {
  test('is unpacked whatever the chunks, also in several members', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }),
        async (members, sizes) => {
          const text = members.map((member) => Buffer.concat([Buffer.from('{'), member]))
          const bytes = Buffer.concat(text.map((member) => gzipSync(member)))
          expect(await decoded(cut(bytes, sizes))).toEqual(Buffer.concat(text))
        },
      ),
      { numRuns: 50 },
    )
  })

  test('that is cut off gives everything up to there, and says so', async () => {
    const cutAt = Math.floor(packed.length * 0.6)
    const first = await readAll(cut(packed.subarray(0, cutAt), [5000]))
    expect(first.error).toMatchObject({ code: 'UNREADABLE_INPUT' })
    expect(first.error?.message).toContain(`cut off after ${cutAt} bytes`)
    expect(first.malformed).toMatchObject([
      { problem: expect.stringContaining('breaks off'), text: expect.stringMatching(/^\{"index"/) },
    ])
    expect(first.events.length).toBeGreaterThan(900)
    expect(first.events).toEqual(lines.slice(0, first.events.length).map((line) => JSON.parse(line)))
    const again = await readAll([packed.subarray(0, cutAt)])
    expect(again.events).toEqual(first.events)
  })

  test('that lacks only its checksum is cut off too', async () => {
    const { error, events } = await readAll([packed.subarray(0, packed.length - 4)])
    expect(error?.message).toContain('cut off')
    expect(events).toHaveLength(lines.length)
  })

  test.each([
    ['zeros, as tapes append them', Buffer.alloc(512)],
    ['one zero', Buffer.alloc(1)],
    ['a newline', Buffer.from('\n')],
    ['carriage returns and blanks', Buffer.from('\r\n \t\r\n')],
    ['zeros and a newline', Buffer.from('\0\0\n\0')],
    ['an empty member', gzipSync('')],
  ])('with %s after each member is whole', async (_, padding) => {
    const first = gzipSync('{"a":1}\n{"a":')
    const bytes = Buffer.concat([first, padding, gzipSync('2}'), padding])
    for (const size of [1, 2, 7, first.length, first.length + 1, 10_000]) {
      const { events, error, malformed } = await readAll(cut(bytes, [size]))
      expect({ events, error, malformed }).toEqual({
        events: [{ a: 1 }, { a: 2 }],
        error: undefined,
        malformed: [],
      })
    }
  })

  test.each([
    ['text', Buffer.from('{"a":9}\n')],
    ['the beginning of a header that goes wrong', Buffer.from([0x1f, 0x8b, 0x08, 0xff, 1, 2, 3, 4, 5, 6, 7])],
    ['bytes after padding', Buffer.from('\0\0\n\0garbage')],
  ])('followed by %s gives all that was packed, and says that more follows', async (_, garbage) => {
    const member = gzipSync('{"a":1}\n{"a":2}')
    for (const size of [1, 5, 10_000]) {
      const { events, error } = await readAll(cut(Buffer.concat([member, garbage]), [size]))
      expect(events).toEqual([{ a: 1 }, { a: 2 }])
      expect(error?.message).toMatch(/what follows is no gzip data: all that was packed has been read/)
    }
  })

  test('with every part that a header may have is read', async () => {
    const plain = gzipSync('{"a":1}')
    const header = Buffer.from(plain.subarray(0, 10))
    header[3] = 2 + 4 + 8 + 16
    const parts = Buffer.concat([
      Buffer.from([3, 0, 1, 2, 3]),
      Buffer.from('name\0a comment\0'),
      Buffer.from([9, 9]),
    ])
    const bytes = Buffer.concat([header, parts, plain.subarray(10)])
    for (const size of [1, 4, 100]) expect((await readAll(cut(bytes, [size]))).events).toEqual([{ a: 1 }])
    for (let end = 2; end < bytes.length; end++)
      expect((await readAll([bytes.subarray(0, end)])).error ?? end).toMatchObject({
        code: 'UNREADABLE_INPUT',
      })
  })

  test('that is cut off at its end still gives a last line without a newline', async () => {
    const bytes = gzipSync('{"a":1}\n{"a":2}')
    for (let missing = 1; missing <= 8; missing++) {
      const { events, error } = await readAll([bytes.subarray(0, bytes.length - missing)])
      expect(events).toEqual([{ a: 1 }, { a: 2 }])
      expect(error?.message).toContain('cut off')
    }
  })

  test('whose checksum does not fit is damaged', async () => {
    const bytes = gzipSync('{"a":1}\n')
    bytes[bytes.length - 8] = (bytes[bytes.length - 8] as number) ^ 1
    const { events, error } = await readAll([bytes])
    expect(events).toEqual([{ a: 1 }])
    expect(error?.message).toContain('checksum')
  })

  test('that was packed twice is read, and what unpacks without end is refused', async () => {
    expect((await readAll([gzipSync(gzipSync('{"a":1}'))])).events).toEqual([{ a: 1 }])
    let deep = gzipSync('{"a":1}')
    for (let times = 0; times < 20; times++) deep = gzipSync(deep)
    expect((await readAll([deep])).error?.message).toContain('packed more than 3 times')
  })

  test('that is damaged says where', async () => {
    const damaged = Buffer.from(packed)
    const middle = Math.floor(packed.length / 2)
    damaged.fill(0xff, middle, middle + 200)
    const { error } = await readAll([damaged])
    expect(error?.message).toMatch(/damaged near byte \d+/)
  })

  test('that holds a JSON array or a byte order mark is read', async () => {
    expect((await readAll([gzipSync('[{"a":1},{"a":2}]')])).events).toHaveLength(2)
    expect((await readAll([gzipSync('\uFEFF{"a":1}\n')])).events).toHaveLength(1)
  })
})

describe('other formats', () => {
  test.each([
    ['zip archive', '504b030414000000'],
    ['zstd', '28b52ffd24000000'],
    ['bzip2', '425a683931415926'],
    ['xz', 'fd377a585a000000'],
    ['UTF-16', 'fffe7b0022000000'],
    ['UTF-16', 'feff007b00220000'],
    ['UTF-16', '7b00220061002200'],
    ['UTF-16', '007b002200610022'],
    ['UTF-16', '5b007b0022006100'],
    ['UTF-32', 'fffe00007b000000'],
    ['Parquet', '5041523115041500'],
  ])('%s is named, with what to do', async (name, hex) => {
    for (const size of [1, 100]) {
      const { error } = await readAll(cut(Buffer.from(hex, 'hex'), [size]))
      expect(error?.message).toContain(name)
      expect(error?.message).toMatch(/: (unpack|pipe|convert|export)/)
    }
  })

  test('an input shorter than any signature is text', async () => {
    expect((await decoded([Buffer.from('{}')])).toString()).toBe('{}')
    expect(await decoded([])).toHaveLength(0)
  })
})
