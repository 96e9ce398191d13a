import fc from 'fast-check'
import { depthOf, measureItems } from '../../../src/ingest/measure-items'

/** Levels of a value, counted on the value itself. */
const levels = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levels)) : 0

const json = fc.jsonValue({ maxDepth: 6 })

test('sizes and depths of the items of any batch are those of the values', () => {
  fc.assert(
    fc.property(
      fc.array(json),
      fc.dictionary(fc.string(), json),
      fc.dictionary(fc.string(), json),
      (batch, before, after) => {
        const root = {
          ...before,
          batch,
          ...Object.fromEntries(Object.entries(after).filter(([name]) => name !== 'batch')),
        }
        const bytes = Buffer.from(JSON.stringify(root))
        const items = (JSON.parse(bytes.toString()) as { batch: unknown[] }).batch
        expect(measureItems(bytes)).toEqual(
          items.map((item) => ({ bytes: Buffer.byteLength(JSON.stringify(item)), depth: levels(item) })),
        )
        expect(depthOf(bytes)).toBe(levels(JSON.parse(bytes.toString())))
      },
    ),
  )
})

test.each([
  ['{ "x" : [ "batch", {"batch":[1]} ] , "batch" : [ {} , 1 ] }', 2],
  ['{"batch":[1,2],"batch":[3]}', 1],
  ['{"batch":[]}', 0],
  ['{"b\\u0061tch":[1]}', undefined],
  ['{"batch":{"batch":[1]}}', undefined],
  ['{"x":"batch","y":[1]}', undefined],
  ['{"batch":["]","\\"]","\\\\"]}', 3],
])('%s holds %s items', (text, count) => {
  JSON.parse(text)
  expect(measureItems(Buffer.from(text))?.length).toBe(count)
})
