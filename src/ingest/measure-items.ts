const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const openBrace = 0x7b
const closeBracket = 0x5d
const closeBrace = 0x7d
const comma = 0x2c
const colon = 0x3a

/** Bytes and levels of one JSON value, as it stands on the wire. */
export type Measure = { readonly bytes: number; readonly depth: number }

const batchKey = Buffer.from('"batch"')

/**
 * Measures the items of the root's `batch`, in one pass without recursion. The bytes must be valid JSON. Gives nothing
 * where it cannot tell (the name is spelled with escapes, say): count by other means then.
 */
export function measureItems(json: Uint8Array): Measure[] | undefined {
  const bytes = json
  let items: Measure[] | undefined
  let level = 0
  let deepest = 0
  let start = -1
  let isInBatch = false
  /** The last string at the root's level, a name if a colon follows. */
  let nameStart = -1
  let isBatchNext = false
  const end = (at: number): void => {
    if (start !== -1) items?.push({ bytes: at - start, depth: deepest - 2 })
    start = -1
    deepest = 2
  }
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte <= 0x20) continue
    if (isInBatch && level === 2 && start === -1 && byte !== comma && byte !== closeBracket) {
      start = at
      deepest = 2
    }
    if (byte === quote) {
      if (level === 1) nameStart = at
      at++
      while (bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
    } else if (byte === openBrace || byte === openBracket) {
      level++
      if (level > deepest) deepest = level
      if (level === 2 && isBatchNext && byte === openBracket) {
        isInBatch = true
        items = []
        deepest = 2
      }
      isBatchNext = false
    } else if (byte === closeBrace || byte === closeBracket) {
      if (isInBatch && level === 2) {
        end(at)
        isInBatch = false
      }
      level--
    } else if (byte === comma) {
      if (isInBatch && level === 2) end(at)
      isBatchNext = false
    } else if (byte === colon && level === 1) {
      isBatchNext =
        nameStart !== -1 &&
        Buffer.compare(bytes.subarray(nameStart, nameStart + batchKey.length), batchKey) === 0
    }
  }
  return items
}

/** Levels of objects and lists in a JSON text. The bytes must be valid JSON. */
export function depthOf(json: Uint8Array): number {
  let level = 0
  let deepest = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number
    if (byte === quote) {
      at++
      while (json[at] !== quote) at += json[at] === backslash ? 2 : 1
    } else if (byte === openBrace || byte === openBracket) {
      level++
      if (level > deepest) deepest = level
    } else if (byte === closeBrace || byte === closeBracket) level--
  }
  return deepest
}
