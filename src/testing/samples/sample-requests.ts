import type { SegmentEvent } from 'waybill'
import type { AnyDestination, BenchOptions } from '../bench/bench-options'
import { type Bench, createBench } from '../bench/create-bench'
import { formatRequest } from '../bench/exchange'
import { type Run, runOnWaybill } from '../bench/run'

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
async function runsOf(bench: Bench, action: string): Promise<{ run: Run; isOfEvent: boolean }[]> {
  const { presets = [] } = bench.stage.definition
  const preset = presets.find(({ partnerAction }) => partnerAction === action)
  const [presetRun] = preset === undefined ? [] : await bench.presetRuns(preset)
  return [
    ...(presetRun === undefined ? [] : [{ run: presetRun, isOfEvent: true }]),
    { run: await bench.fieldsRun(action, 'defaults'), isOfEvent: true },
    { run: await bench.fieldsRun(action, 'all'), isOfEvent: false },
  ]
}

async function sampleRequest(bench: Bench, action: string): Promise<SampleRequest> {
  let sample: SampleRequest = { event: '', isOfEvent: false, requests: [] }
  for (const { run, isOfEvent } of await runsOf(bench, action)) {
    const { calls, outcomes } = await runOnWaybill(bench.stage, run)
    sample = {
      event: nameOf(run.events[0] ?? {}),
      isOfEvent,
      requests: calls.map(({ request }) => formatRequest(request, bench.redact)),
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
  options: BenchOptions = {},
): Promise<{ readonly [action: string]: SampleRequest }> {
  const bench = createBench(definition, options)
  const samples: Record<string, SampleRequest> = {}
  for (const action of Object.keys(definition.actions)) samples[action] = await sampleRequest(bench, action)
  return samples
}
