import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { MalformedRecord } from '../../../../src/cli/input/malformed-record'
import { cut, readAll } from './read-all'

type Damage = {
  readonly at: number
  readonly kind: 'replace' | 'insert' | 'remove' | 'cut'
  readonly bytes: Uint8Array
}

const event = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
})
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('replace', 'insert', 'remove', 'cut'),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom('"', '{', '}', '[', ']', ',', '\n', '\\', '\uFEFF', '1e999', '\0')
      .map((text) => Buffer.from(text)),
  ),
})
const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 })

function damaged(bytes: Buffer, damages: readonly Damage[]): Buffer {
  let result = bytes
  for (const { at, kind, bytes: other } of damages) {
    const place = Math.floor(at * result.length)
    const before = result.subarray(0, place)
    if (kind === 'cut') result = before
    else if (kind === 'insert') result = Buffer.concat([before, other, result.subarray(place)])
    else {
      const after = result.subarray(place + other.length)
      result = kind === 'remove' ? Buffer.concat([before, after]) : Buffer.concat([before, other, after])
    }
  }
  return result
}

const contentOf = ({ text, base64 }: MalformedRecord): Buffer =>
  base64 === undefined ? Buffer.from(text as string) : Buffer.from(base64, 'base64')

/** Reads a line as the rules say, by other means: strict decoding, and comparison of numbers by their digits. */
function isEvent(line: Buffer): boolean {
  try {
    let content = line
    while (content.subarray(0, 3).toString('hex') === 'efbbbf') content = content.subarray(3)
    const text = new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(content)
    const value = JSON.parse(text)
    const hasLargeNumber = /[\d.]{16}|\de[+-]?\d{3}/i.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ''))
    if (hasLargeNumber) return JSON.stringify(JSON.parse(text)) === text.trim()
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const linesOf = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
  lines.push(bytes.subarray(start))
  return lines.filter((line) => line.some((byte) => byte > 0x20))
}

const isPlainText = (bytes: Buffer) =>
  // Whatever begins like another format is refused as a whole.
  bytes.find((byte) => byte > 0x20) === 0x7b && !bytes.subarray(0, 4).includes(0)

describe('random damage to bytes', () => {
  test('of NDJSON: every line is delivered, or reported with all its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 6 }),
        fc.array(damage, { maxLength: 3 }),
        sizes,
        async (events, damages, pieces) => {
          const bytes = damaged(Buffer.from(events.map((one) => JSON.stringify(one)).join('\n')), damages)
          if (!isPlainText(bytes)) return
          const { events: read, malformed, error } = await readAll(cut(bytes, pieces))
          expect(error).toBeUndefined()
          const lines = linesOf(bytes)
          expect(read.length + malformed.length).toBe(lines.length)
          const bad = lines.filter((line) => !isEvent(line))
          const reported = malformed.map(contentOf)
          for (const line of bad) expect(reported.some((record) => record.equals(line))).toBe(true)
          for (const record of reported) expect(lines.some((line) => line.equals(record))).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('of a JSON array: every element that was left whole is delivered or part of a report', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 6 }),
        damage,
        sizes,
        async (events, { at, kind, bytes: other }, pieces) => {
          const elements = events.map((one, index) => JSON.stringify({ ...one, index }))
          const victim = Math.min(Math.floor(at * elements.length), elements.length - 1)
          const damagedElements = elements.map((element, index) =>
            index === victim
              ? damaged(Buffer.from(element), [{ at: 0.5, kind, bytes: other }])
              : Buffer.from(element),
          )
          const parts = damagedElements.flatMap((element, index) => [
            Buffer.from(index === 0 ? '[\n' : ',\n'),
            element,
          ])
          const {
            events: read,
            malformed,
            error,
          } = await readAll(cut(Buffer.concat([...parts, Buffer.from('\n]')]), pieces))
          if (error !== undefined) expect(error).toMatchObject({ code: 'UNREADABLE_INPUT' })
          const delivered = read.map((one) => JSON.stringify(one))
          const reported = Buffer.concat(malformed.map(contentOf))
          for (const [index, element] of elements.entries())
            if (index !== victim) expect(delivered.includes(element) || reported.includes(element)).toBe(true)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('of gzip: what was packed before the damage is delivered, and an error says that something is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 6 }),
        fc.array(damage, { minLength: 1, maxLength: 2 }),
        sizes,
        async (events, damages, pieces) => {
          const lines = events.map((one) => JSON.stringify(one))
          const members = lines.map((line) => gzipSync(`${line}\n`))
          const whole = Buffer.concat(members)
          const bytes = damaged(whole, damages)
          const { events: read, malformed, error } = await readAll(cut(bytes, pieces))
          let same = 0
          while (same < bytes.length && bytes[same] === whole[same]) same += 1
          const ends = members.map((_, index) => Buffer.concat(members.slice(0, index + 1)).length)
          const untouched = ends.filter((end) => end <= same).length
          const delivered = read.map((one) => JSON.stringify(one))
          expect(delivered.slice(0, untouched)).toEqual(lines.slice(0, untouched))
          const isAll = delivered.length === lines.length
          if (!isAll && malformed.length === 0)
            expect([undefined, 'UNREADABLE_INPUT']).toContain((error as { code?: string } | undefined)?.code)
          if (error !== undefined) expect(error).toMatchObject({ code: 'UNREADABLE_INPUT' })
        },
      ),
      { numRuns: 300 },
    )
  })

  test('of any bytes at all: nothing crashes, and nothing waits for ever', async () => {
    const magic = fc.constantFrom('', '\u001f\u008b\b', '[', '{', '[{', '\u001f\u008b\b\u0000\0\0\0\0\0\0')
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 200 }), sizes, async (head, bytes, pieces) => {
        const { error } = await readAll(cut(Buffer.concat([Buffer.from(head, 'latin1'), bytes]), pieces))
        if (error !== undefined) expect(error).toMatchObject({ code: 'UNREADABLE_INPUT' })
      }),
      { numRuns: 400 },
    )
  })
})
