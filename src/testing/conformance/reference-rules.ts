import { compareWithReference } from '../harness/compare-with-reference'
import { type Run, runOnWaybill } from '../harness/run'
import type { ConformanceRule, Subject } from './conformance-rule'

/** What makes a destination one of the reference too. */
export const referenceRules: readonly ConformanceRule[] = [
  {
    promise: "sends the same requests on the reference's Destination",
    check: async (subject) => {
      const problems: string[] = []
      for (const { name, run } of await runsOf(subject)) {
        const exchange = await runOnWaybill(subject.harness.stage, run)
        const { ours, theirs } = await compareWithReference(subject.harness.stage, run, exchange)
        if (JSON.stringify(ours) !== JSON.stringify(theirs))
          problems.push(
            subject.harness.redact.text(
              `${name}: waybill sends ${JSON.stringify(ours)}, the reference ${JSON.stringify(theirs)}`,
            ),
          )
      }
      return problems
    },
  },
]

async function runsOf({ harness }: Subject): Promise<{ name: string; run: Run }[]> {
  const runs: { name: string; run: Run }[] = []
  for (const [slug, { performBatch }] of Object.entries(harness.stage.definition.actions)) {
    runs.push({ name: `${slug}, all fields`, run: await harness.fieldsRun(slug, 'all') })
    if (performBatch !== undefined) runs.push({ name: `${slug}, a batch`, run: await harness.batchRun(slug) })
  }
  for (const preset of harness.stage.definition.presets ?? [])
    for (const run of await harness.presetRuns(preset))
      runs.push({ name: `preset "${preset.name}", ${run.title}`, run })
  return runs
}
