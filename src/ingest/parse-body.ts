import { asStrings, findLargeNumbers, mayHoldLargeNumbers } from '../large-numbers'
import { isObject } from './check-event'
import { depthOf, type Measure, measureItems } from './measure-items'
import type { FailureCode } from './reply'
import type { Route } from './route'

type Fields = Record<string, unknown>

/** What a body holds: its root, its events, and how large each is. */
export type ParsedBody = {
  readonly root: Fields
  readonly items: readonly unknown[]
  /** The size of an item as it stands on the wire; nothing where it cannot be told. */
  measure(index: number): Measure | undefined
  /** The name `__proto__` may be somewhere. */
  readonly mayBeUnsafe: boolean
}

/** A text that names `__proto__`, with escapes or without. */
const unsafe = /__proto__|\\u005f/i

/** Numbers that JavaScript would change become strings, as they are written: a client cannot be asked to mend them. */
function parseExactly(bytes: Buffer, text: string): unknown {
  const value = JSON.parse(text)
  if (!mayHoldLargeNumbers(bytes, 0, bytes.length, text)) return value
  const numbers = findLargeNumbers(text)
  return numbers.length === 0 ? value : JSON.parse(asStrings(text, numbers))
}

/** Reads the body of an event or a batch. */
export function parseBody(
  bytes: Buffer,
  route: Route & { kind: 'event' | 'batch' },
): ParsedBody | FailureCode {
  const text = bytes.toString('utf8')
  let root: unknown
  try {
    root = parseExactly(bytes, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return 'invalid_json'
  }
  if (!isObject(root)) return 'invalid_json'
  const mayBeUnsafe = unsafe.test(text)
  if (route.kind === 'event')
    return {
      root,
      items: [root],
      measure: () => ({ bytes: bytes.length, depth: depthOf(bytes) }),
      mayBeUnsafe,
    }
  if (!Array.isArray(root.batch)) return 'invalid_json'
  const items: readonly unknown[] = root.batch
  if (items.length === 0) return 'empty_batch'
  const measures = measureItems(bytes)
  const isKnown = measures?.length === items.length
  return { root, items, measure: (index) => (isKnown ? measures[index] : undefined), mayBeUnsafe }
}
