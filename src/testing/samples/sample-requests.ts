import type { SegmentEvent } from 'waybill'
import { createHarness, type Harness } from '../harness/create-harness'
import { formatRequest } from '../harness/exchange'
import type { AnyDestination, HarnessOptions } from '../harness/harness-options'
import { type Run, runOnWaybill } from '../harness/run'

/** What an action sends for one event. */
export type SampleRequest = {
  /** Name of the track event, else the type of the call. */
  readonly event: string
  /** False where some fields were given made-up values, since no sample event has what they require. */
  readonly isOfEvent: boolean
  /** In their order, as HTTP text with secrets masked. Empty where the action sent nothing. */
  readonly requests: readonly string[]
}

const nameOf = ({ event, type }: SegmentEvent): string => (typeof event === 'string' ? event : String(type))

/** The ways to run an action, the most natural first: as its preset does, with its defaults, with made-up values. */
async function runsOf(harness: Harness, action: string): Promise<{ run: Run; isOfEvent: boolean }[]> {
  const { presets = [] } = harness.stage.definition
  const preset = presets.find(({ partnerAction }) => partnerAction === action)
  const [presetRun] = preset === undefined ? [] : await harness.presetRuns(preset)
  return [
    ...(presetRun === undefined ? [] : [{ run: presetRun, isOfEvent: true }]),
    { run: await harness.fieldsRun(action, 'defaults'), isOfEvent: true },
    { run: await harness.fieldsRun(action, 'all'), isOfEvent: false },
  ]
}

async function sampleRequest(harness: Harness, action: string): Promise<SampleRequest> {
  let sample: SampleRequest = { event: '', isOfEvent: false, requests: [] }
  for (const { run, isOfEvent } of await runsOf(harness, action)) {
    const { calls, outcomes } = await runOnWaybill(harness.stage, run)
    sample = {
      event: nameOf(run.events[0] ?? {}),
      isOfEvent,
      requests: calls.map(({ request }) => formatRequest(request, harness.redact)),
    }
    if (calls.length > 0 && outcomes.every(({ kind }) => kind === 'delivered')) return sample
  }
  return sample
}

/**
 * What each action of a destination sends, by its slug: every action is really run, on the sample event that it is for
 * and with made-up settings, and its requests are recorded instead of sent. The same for the same definition, whenever
 * and wherever it runs.
 * @throws ConfigurationError INVALID_SETTINGS when the made-up settings do not fit; then give your own.
 */
export async function sampleRequests(
  definition: AnyDestination,
  options: HarnessOptions = {},
): Promise<{ readonly [action: string]: SampleRequest }> {
  const harness = createHarness(definition, options)
  const samples: Record<string, SampleRequest> = {}
  for (const action of Object.keys(definition.actions)) samples[action] = await sampleRequest(harness, action)
  return samples
}
