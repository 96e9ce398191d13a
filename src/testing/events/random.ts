/**
 * A deterministic source of randomness. The same seed gives the same values on every platform and in every
 * version of waybill: the algorithm is part of the promise.
 */
export type Random = {
  /** A whole number from 0 to 4294967295. */
  uint32(): number
  /** A number from 0 (included) to 1 (excluded), in steps of 2^-32. */
  fraction(): number
  /** A whole number from `minimum` to `maximum`, both included. */
  integer(minimum: number, maximum: number): number
  /** True with the given probability, from 0 to 1. */
  chance(probability: number): boolean
  /** One item of a list that is not empty. */
  pick<const List extends readonly [unknown, ...unknown[]]>(list: List): List[number]
  /** One of the values, each as likely as its weight says. */
  weighted<T>(choices: readonly [readonly [weight: number, value: T], ...(readonly [number, T])[]]): T
  /** Lower-case hexadecimal digits. */
  hex(length: number): string
  /** A version 4 UUID. */
  uuid(): string
  /** A new generator that depends on the seed and the label alone, not on what was drawn before. */
  fork(label: string): Random
}

const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

/** FNV-1a, 32 bits, over the UTF-16 code units of a text, low byte first. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    value = Math.imul(value ^ (unit & 0xff), 0x01000193)
    value = Math.imul(value ^ (unit >>> 8), 0x01000193)
  }
  return value >>> 0
}

/** The four words of state: successive multiples of the golden ratio through the finalizer of MurmurHash3. */
function expand(seed: number): [number, number, number, number] {
  const word = (step: number) => {
    let value = (seed + Math.imul(step, 0x9e3779b9)) | 0
    value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
    return (value ^ (value >>> 16)) >>> 0
  }
  return [word(1), word(2), word(3), word(4)]
}

/** xoshiro128** 1.1 of Blackman and Vigna. */
function xoshiro(state: [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

/** Makes a generator from a seed: text, or a number, which stands for its decimal text. */
export function createRandom(seed: string | number): Random {
  const text = String(seed)
  const uint32 = xoshiro(expand(hash(text)))
  const fraction = () => uint32() / 0x1_0000_0000
  const integer = (minimum: number, maximum: number) =>
    minimum + Math.floor(fraction() * (maximum - minimum + 1))
  const hex = (length: number) => {
    let digits = ''
    while (digits.length < length) digits += uint32().toString(16).padStart(8, '0')
    return digits.slice(0, length)
  }
  return {
    uint32,
    fraction,
    integer,
    hex,
    chance: (probability) => fraction() < probability,
    pick: (list) => list[integer(0, list.length - 1)] ?? list[0],
    weighted: (choices) => {
      let rest = fraction() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, value] of choices) {
        rest -= weight
        if (rest < 0) return value
      }
      return choices[0][1]
    },
    uuid: () => {
      const digits = hex(32)
      const variant = '89ab'[Number.parseInt(digits[16] ?? '0', 16) & 3]
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
    },
    fork: (label) => createRandom(`${text}/${label}`),
  }
}
