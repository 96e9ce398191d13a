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
    expect(first.malformed).toEqual([])
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
