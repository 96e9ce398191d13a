import groupBy from 'lodash/groupBy'
import { DefinitionError } from 'waybill'
import { compareWithReference } from '../harness/compare-with-reference'
import { createHarness, type Harness } from '../harness/create-harness'
import { type Exchange, exchangeSerializer, exchanges } from '../harness/exchange'
import type { AnyDestination, HarnessOptions } from '../harness/harness-options'
import { askOnWaybill, type Run, runOnWaybill } from '../harness/run'
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

type Preset = NonNullable<AnyDestination['presets']>[number]

/** One snapshot. Its events also run on the reference where that is asked for. */
type SnapshotCase = {
  readonly group: string
  readonly name: string
  readonly runs?: () => Promise<readonly Run[]>
  readonly record?: () => Promise<readonly Exchange[]>
}

/**
 * Writes a test suite that holds every request of a destination against a snapshot. For each action: required fields
 * alone; all fields, answered with 200, 400, 401, 429, 500 and not at all; the defaults on an event of each type; a
 * batch. For each preset: the events that it is for. And what the definition can be asked beside: the test of the
 * credentials, the renewal of a token, dynamic fields, hooks, audiences, a deletion. Credentials are shown by their
 * shape, `Bearer {apiKey}`. Call it at the top of a test file.
 */
export function snapshotDestination(definition: AnyDestination, options: SnapshotOptions = {}): void {
  const { describe, test, expect } = frameworkOf(options.framework)
  const harness = createHarness(definition, options)
  expect.addSnapshotSerializer(exchangeSerializer)

  const recordRuns = async (runs: readonly Run[]): Promise<readonly Exchange[]> => {
    const list: Exchange[] = []
    for (const run of runs) {
      const exchange = await runOnWaybill(harness.stage, run)
      list.push(exchange)
      if (options.reference) {
        const { ours, theirs } = await compareWithReference(harness.stage, run, exchange)
        expect(ours).toEqual(theirs)
      }
    }
    return list
  }
  const isSkipped = ({ group, name }: SnapshotCase): boolean =>
    (options.skip ?? []).some((skip) => isNamed(`${group} › ${name}`, skip))

  const cases = casesOf(definition, harness).filter((each) => !isSkipped(each))
  describe(definition.name, () => {
    for (const [group, ofGroup] of Object.entries(groupBy(cases, 'group')))
      describe(group, () => {
        for (const { name, runs, record } of ofGroup)
          test(
            name,
            async () => {
              const list = runs === undefined ? await record?.() : await recordRuns(await runs())
              expect(exchanges(list ?? [], harness.redact)).toMatchSnapshot()
            },
            testTimeoutMs,
          )
      })
  })
}

const isNamed = (name: string, pattern: string | RegExp): boolean =>
  typeof pattern === 'string' ? name === pattern : pattern.test(name)

const casesOf = (definition: AnyDestination, harness: Harness): SnapshotCase[] => [
  ...Object.entries(definition.actions).flatMap(([slug, action]) => actionCases(slug, action, harness)),
  ...(definition.presets ?? []).map((preset) => presetCase(preset, harness)),
  ...refreshCases(definition, harness),
  ...harness.operations.map(({ group, name, run }) => ({
    group,
    name,
    record: async () => [
      await askOnWaybill(harness.stage, { ...run, title: 'accepted' }),
      await askOnWaybill(harness.stage, { ...run, title: '401' }, { reply: { status: 401 } }),
    ],
  })),
]

const actionCases = (group: string, action: { performBatch?: unknown }, harness: Harness): SnapshotCase[] => [
  { group, name: 'required fields', runs: async () => [await harness.fieldsRun(group, 'required')] },
  { group, name: 'all fields and every reply', runs: () => harness.replyRuns(group) },
  { group, name: 'defaults on each event type', runs: async () => harness.typeRuns(group) },
  ...(action.performBatch === undefined
    ? []
    : [{ group, name: 'batch', runs: async () => [await harness.batchRun(group)] }]),
]

const presetCase = (preset: Preset, harness: Harness): SnapshotCase => ({
  group: 'presets',
  name: presetName(preset),
  runs: async () => {
    const runs = await harness.presetRuns(preset)
    if (runs.length > 0) return runs
    throw new DefinitionError(
      'INVALID_DEFINITION',
      `no sample event passes the filter of the preset "${preset.name}"; give one with the option "events"`,
    )
  },
})

/** By everything that tells a preset apart, so that another one in the list moves no snapshot. */
const presetName = (preset: Preset): string => {
  const filter = preset.type === 'automatic' ? preset.subscribe : `event ${preset.eventSlug}`
  return `${preset.name ?? preset.partnerAction} (${preset.partnerAction}): ${filter}`
}

const refreshCases = ({ authentication }: AnyDestination, harness: Harness): SnapshotCase[] =>
  authentication !== undefined && 'refreshAccessToken' in authentication
    ? [
        {
          group: 'connection',
          name: 'token refresh',
          record: async () => {
            const run = await harness.refreshRun()
            return run === undefined ? [] : [await runOnWaybill(harness.stage, run)]
          },
        },
      ]
    : []
