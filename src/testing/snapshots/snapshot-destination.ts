import { DefinitionError } from 'waybill'
import { compareWithReference } from '../harness/compare-with-reference'
import { createHarness, type Harness } from '../harness/create-harness'
import { exchangeSerializer, exchanges } from '../harness/exchange'
import type { AnyDestination, HarnessOptions } from '../harness/harness-options'
import { type Run, runOnWaybill } from '../harness/run'
import { frameworkOf, type TestFramework, testTimeoutMs } from '../harness/test-framework'

/** What `snapshotDestination` can be told. */
export type SnapshotOptions = HarnessOptions & {
  /** Cases to leave out, by their names: `trackEvent › batch`, or a pattern for such names. */
  readonly skip?: readonly (string | RegExp)[]
  /**
   * Also carries each case out on the reference's `Destination`, and demands equal requests. Needs the packages
   * `@segment/actions-core` and `nock`. Default false.
   */
  readonly reference?: boolean
  /** Default: the globals of jest or vitest. */
  readonly framework?: TestFramework
}

/**
 * Writes a test suite that holds every request of a destination against a snapshot. For each action: required fields
 * alone; all fields, answered with 200, 400, 401, 429, 500 and not at all; the defaults on an event of each type; a
 * batch. For each preset: the events that it is for. Call it at the top of a test file.
 */
export function snapshotDestination(definition: AnyDestination, options: SnapshotOptions = {}): void {
  const { describe, test, expect } = frameworkOf(options.framework)
  const harness = createHarness(definition, options)
  expect.addSnapshotSerializer(exchangeSerializer)

  const write = (group: string, { name, runs }: SnapshotCase): void => {
    const isSkipped = (options.skip ?? []).some((skip) => isNamed(`${group} › ${name}`, skip))
    if (isSkipped) return
    const body = async (): Promise<void> => {
      const list = []
      for (const run of await runs(harness)) {
        const exchange = await runOnWaybill(harness.stage, run)
        list.push(exchange)
        if (options.reference) {
          const { ours, theirs } = await compareWithReference(harness.stage, run, exchange)
          expect(ours).toEqual(theirs)
        }
      }
      expect(exchanges(list, harness.redact)).toMatchSnapshot()
    }
    test(name, body, testTimeoutMs)
  }

  describe(definition.name, () => {
    for (const [slug, action] of Object.entries(definition.actions))
      describe(slug, () => {
        for (const each of actionCases(slug, action)) write(slug, each)
      })
    const presets = definition.presets ?? []
    if (presets.length > 0)
      describe('presets', () => {
        for (const preset of presets) write('presets', presetCase(preset))
      })
  })
}

type SnapshotCase = { readonly name: string; readonly runs: (harness: Harness) => Promise<readonly Run[]> }

const isNamed = (name: string, pattern: string | RegExp): boolean =>
  typeof pattern === 'string' ? name === pattern : pattern.test(name)

const actionCases = (slug: string, action: { performBatch?: unknown }): SnapshotCase[] => [
  { name: 'required fields', runs: async (harness) => [await harness.fieldsRun(slug, 'required')] },
  { name: 'all fields and every reply', runs: (harness) => harness.replyRuns(slug) },
  { name: 'defaults on each event type', runs: async (harness) => harness.typeRuns(slug) },
  ...(action.performBatch === undefined
    ? []
    : [{ name: 'batch', runs: async (harness: Harness) => [await harness.batchRun(slug)] }]),
]

const presetCase = (preset: NonNullable<AnyDestination['presets']>[number]): SnapshotCase => ({
  name: preset.name ?? preset.partnerAction,
  runs: async (harness) => {
    const runs = await harness.presetRuns(preset)
    if (runs.length > 0) return runs
    throw new DefinitionError(
      'INVALID_DEFINITION',
      `no sample event passes the filter of the preset "${preset.name}"; give one with the option "events"`,
    )
  },
})
