import * as fc from 'fast-check'
import { compareMapping } from '../../../src/lint/mapping/compare-mapping'
import { compileMapping } from '../../../src/pipeline/mapping/compile-mapping'
import { oddPathText, pathText, randomEvent, randomMapping } from '../pipeline/random-mapping'

/** What a mapping gives in a mode, or that it fails. */
function run(mapping: unknown, event: unknown, compatibility: boolean): unknown {
  try {
    const { value } = compileMapping({ value: mapping }, { compatibility }).map(event) as { value?: unknown }
    // JSON has no methods, and no items of lists that are undefined.
    return JSON.stringify([value], (_key, member) =>
      typeof member === 'function' || member === undefined ? `a ${typeof member}` : member,
    )
  } catch {
    return 'failed'
  }
}

const isReadable = (mapping: unknown): boolean => {
  try {
    compileMapping({ value: mapping })
    return true
  } catch {
    return false
  }
}

/** The directive that holds a place, and is held by none: where the way to the place first meets one. */
function outermostDirective(mapping: unknown, place: readonly string[]): unknown {
  let value = mapping
  for (const key of place) {
    if (key.startsWith('@')) return value
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** The reference cannot show an object with such a property; no event that lint speaks of has one. */
const hasText = (event: unknown): boolean => !JSON.stringify(event).includes('"toString":')

const mapping = randomMapping({
  path: fc.oneof(pathText, pathText, oddPathText),
  withLiquid: true,
  withFalsyElse: true,
})

test('a difference is told when there is one, and its witness shows it', () => {
  fc.assert(
    fc.property(mapping, fc.array(randomEvent, { minLength: 10, maxLength: 10 }), (given, events) => {
      fc.pre(isReadable(given))
      const differences = compareMapping(given)
      for (const { place, witness } of differences) {
        const part = outermostDirective(given, place)
        if (witness !== undefined) expect(run(part, witness, false)).not.toEqual(run(part, witness, true))
      }
      const differs = (event: unknown) => run(given, event, false) !== run(given, event, true)
      if (differences.length === 0)
        expect(events.filter((event) => hasText(event) && differs(event))).toEqual([])
    }),
    { numRuns: process.env.WAYBILL_LONG ? 5_000 : 150 },
  )
})
