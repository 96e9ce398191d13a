import {
  createRuntime,
  type OperationResult,
  type Outcome,
  type Runtime,
  type SegmentEvent,
  type SubscriptionConfiguration,
} from 'waybill'
import { createRandom } from '../events/random'
import type { Exchange } from './exchange'
import { createSteppingClock, inFrozenWorld } from './frozen-world'
import type { AnyDestination } from './harness-options'
import type { OperationRun } from './operation-runs'
import { createRecorder, type RecordedRequest } from './recorder'
import { type Reply, type ReplyRule, replyBy } from './reply'

/** Events that go through one subscription. */
export type Run = {
  readonly title?: string
  readonly events: readonly SegmentEvent[]
  readonly subscription: SubscriptionConfiguration
  /** What every request is answered instead of what the vendor's rules say. */
  readonly reply?: Reply
  /** The same for some requests, by their place in the run, from 0; undefined: as the rules say. */
  readonly replyTo?: (place: number, request: RecordedRequest) => Reply | undefined
}

/** Where a run takes place. */
export type Stage = {
  readonly definition: AnyDestination
  readonly settings: Readonly<Record<string, unknown>>
  readonly replies: readonly ReplyRule[]
}

/** Carries a run out on waybill's runtime, with a recorder instead of a network and with time standing still. */
export const runOnWaybill = (stage: Stage, run: Run): Promise<Exchange> =>
  record(stage, [run.subscription], run, async (runtime) => ({ outcomes: await runtime.send(run.events) }))

/** Carries out what is asked of a connection, in the same world. */
export const askOnWaybill = (
  stage: Stage,
  { title, ask }: OperationRun,
  reply?: Pick<Run, 'reply' | 'replyTo'>,
): Promise<Exchange> =>
  record(stage, [], { title, ...reply }, async (runtime) => {
    const result = await ask(runtime.connection(connectionName))
    return isOutcome(result) ? { outcomes: [result] } : { outcomes: [], result }
  })

const connectionName = 'sample'

const isOutcome = (result: OperationResult<unknown> | Outcome): result is Outcome =>
  'connection' in result && !('ok' in result)

async function record(
  { definition, settings, replies }: Stage,
  subscriptions: readonly SubscriptionConfiguration[],
  { title, reply, replyTo }: Pick<Run, 'title' | 'reply' | 'replyTo'>,
  use: (runtime: Runtime) => Promise<Pick<Exchange, 'outcomes' | 'result'>>,
): Promise<Exchange> {
  return inFrozenWorld('waybill', async () => {
    let place = 0
    const recorder = createRecorder(
      (request) => replyTo?.(place++, request) ?? reply ?? replyBy(replies, request.method, request.url),
    )
    const runtime = createRuntime({
      connections: [
        {
          name: connectionName,
          destination: definition,
          settings,
          subscriptions,
          // One request at a time, so that their order is no chance.
          limits: { concurrency: 1 },
        },
      ],
      fetch: recorder.fetch,
      clock: createSteppingClock(),
      random: createRandom('jitter').fraction,
    })
    const ends = await use(runtime)
    await runtime.close()
    return { ...(title === undefined ? {} : { title }), calls: recorder.calls, ...ends }
  })
}
