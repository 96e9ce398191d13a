import fc from 'fast-check'
import { createRandom } from '../../../../src/testing/events/random'

const mask = (1n << 32n) - 1n
const rotate = (value: bigint, bits: bigint) => ((value << bits) | (value >> (32n - bits))) & mask

/** The published algorithms in unbounded whole numbers: FNV-1a, the MurmurHash3 finalizer, xoshiro128**. */
function oracle(seed: string): () => bigint {
  const bytes = Buffer.from(seed, 'utf16le')
  let hash = 0x811c9dc5n
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x01000193n) & mask
  const state = [1n, 2n, 3n, 4n].map((step) => {
    let value = (hash + step * 0x9e3779b9n) & mask
    value = ((value ^ (value >> 16n)) * 0x85ebca6bn) & mask
    value = ((value ^ (value >> 13n)) * 0xc2b2ae35n) & mask
    return value ^ (value >> 16n)
  }) as [bigint, bigint, bigint, bigint]
  return () => {
    const result = (rotate((state[1] * 5n) & mask, 7n) * 9n) & mask
    const shifted = (state[1] << 9n) & mask
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 11n)
    return result
  }
}

describe('the seeded generator', () => {
  test('is xoshiro128** over the hashed seed, for any seed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (seed) => {
        const random = createRandom(seed)
        const expected = oracle(seed)
        for (let draw = 0; draw < 50; draw++) expect(random.uint32()).toBe(Number(expected()))
      }),
    )
  })

  test('keeps the values that it once gave: stored samples depend on them', () => {
    const random = createRandom('waybill')
    expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([651409478, 4251187009, 1379923124])
    expect(random.uuid()).toBe('7ab9fac7-39de-42b4-a422-84cf09e13897')
    expect(createRandom(1).fork('a').hex(12)).toBe('d3c659bcd28d')
  })

  test('draws within the bounds, and both bounds', () => {
    const random = createRandom('bounds')
    const drawn = new Set(Array.from({ length: 500 }, () => random.integer(-2, 2)))
    expect([...drawn].sort((one, other) => one - other)).toEqual([-2, -1, 0, 1, 2])
    for (let draw = 0; draw < 500; draw++) {
      const fraction = random.fraction()
      expect(fraction >= 0 && fraction < 1).toBe(true)
    }
  })

  test('picks by weight', () => {
    const random = createRandom('weights')
    const counts = { often: 0, seldom: 0, never: 0 }
    for (let draw = 0; draw < 10_000; draw++)
      counts[
        random.weighted<keyof typeof counts>([
          [9, 'often'],
          [1, 'seldom'],
          [0, 'never'],
        ])
      ]++
    expect(counts.never).toBe(0)
    expect(counts.seldom).toBeGreaterThan(850)
    expect(counts.seldom).toBeLessThan(1150)
  })

  test('makes version 4 UUIDs that differ', () => {
    const random = createRandom('ids')
    const ids = Array.from({ length: 1000 }, () => random.uuid())
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(ids).size).toBe(1000)
  })

  test('a fork does not depend on what was drawn before, and labels differ', () => {
    const fresh = createRandom('seed').fork('label').hex(32)
    const used = createRandom('seed')
    used.hex(100)
    expect(used.fork('label').hex(32)).toBe(fresh)
    expect(used.fork('other').hex(32)).not.toBe(fresh)
  })
})
