import { comparable } from './comparable'
import type { Exchange } from './exchange'
import type { Run, Stage } from './run'
import { runOnReference } from './run-on-reference'

/** The requests of an exchange and those of the reference for the same run, in a form that must be equal. */
export async function compareWithReference(
  stage: Stage,
  run: Run,
  { calls, outcomes }: Exchange,
): Promise<{ ours: unknown[]; theirs: unknown[] }> {
  const ours = calls.map(({ request }) => request)
  return {
    ours: comparable(ours, outcomes),
    theirs: comparable(await runOnReference(stage, run), outcomes),
  }
}
