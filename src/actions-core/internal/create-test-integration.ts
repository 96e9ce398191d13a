import type {
  DecoratedResponse,
  DestinationDefinition,
  DynamicFieldResponse,
  JSONObject,
  Result,
  SegmentEvent,
} from '@segment/actions-core'
import { createTestEvent } from './create-test-event'
import type { AsyncBatchResponse, PollPayload, PollResponse } from './destination-kit/async-action'
import type { ExecuteContext } from './destination-kit/bundle'
import { Destination } from './destination-kit/destination'

type TestInput<Settings> = Partial<Omit<ExecuteContext<Settings>, 'signal'>> & {
  /** Merged over the template of `createTestEvent`. */
  event?: Partial<SegmentEvent>
  mapping?: JSONObject
  /** Put the fields' defaults under the mapping. */
  useDefaultMappings?: boolean
}
type BatchTestInput<Settings> = Omit<TestInput<Settings>, 'event'> & { events?: SegmentEvent[] }
type PollTestInput<Settings> = Omit<TestInput<Settings>, 'event' | 'mapping' | 'useDefaultMappings'> & {
  pollPayload: PollPayload
}

const noop = () => {}
const silent = { info: noop, error: noop }

/** A destination for tests: actions are called directly, and every answer is returned. */
export class TestDestination<Settings> extends Destination<Settings> {
  /** What the last action gave. */
  results: Result[] = []
  protected override readonly maxResponses = Number.POSITIVE_INFINITY

  /** Asks a dynamic field for its choices. */
  testDynamicField(
    ...parameters: Parameters<Destination<Settings>['executeDynamicField']>
  ): Promise<never[] | DynamicFieldResponse> {
    return this.executeDynamicField(...parameters)
  }

  /** Sends one event with an action; returns the responses it got. */
  async testAction(action: string, input: TestInput<Settings>): Promise<DecoratedResponse[]> {
    this.results = []
    this.results = await this.executeAction(action, {
      ...withDefaults(input),
      event: createTestEvent(input.event),
      mapping: this.mappingOf(action, input),
      logger: input.logger ?? (silent as never),
      engageDestinationCache: input.engageDestinationCache,
    })
    return this.takeResponses()
  }

  /** Sends a batch with an action; returns the responses it got, and keeps the nodes in `results`. */
  async testBatchAction(action: string, input: BatchTestInput<Settings>): Promise<DecoratedResponse[]> {
    this.results = []
    const multistatus = await this.executeBatch(action, this.batchInput(action, input))
    this.results = [{ multistatus }]
    return this.takeResponses()
  }

  /** Submits a batch with an action that answers later. */
  testAsyncBatchAction(action: string, input: BatchTestInput<Settings>): Promise<AsyncBatchResponse> {
    return this.executeAsyncBatch(action, this.batchInput(action, input))
  }

  /** Asks how a submitted batch stands. */
  testAsyncPollAction(action: string, input: PollTestInput<Settings>): Promise<PollResponse> {
    return this.executeAsyncPoll(action, { ...withDefaults(input), pollPayload: input.pollPayload })
  }

  private batchInput(action: string, input: BatchTestInput<Settings>) {
    const events = input.events?.length ? input.events : [{ type: 'track' as const }]
    return {
      ...withDefaults(input),
      events: events.map((event) => createTestEvent(event)),
      mapping: this.mappingOf(action, input),
    }
  }

  private mappingOf(action: string, { mapping = {}, useDefaultMappings }: TestInput<Settings>): JSONObject {
    if (!useDefaultMappings) return mapping
    const { definition } = (this.actions[action] ?? this.asyncActions[action]) as {
      definition: { fields: object }
    }
    const defaults = Object.entries(definition.fields).map(([key, field]) => [key, field.default])
    return { ...Object.fromEntries(defaults), ...mapping }
  }

  private takeResponses(): DecoratedResponse[] {
    const { responses } = this
    this.responses = []
    return responses
  }
}

const withDefaults = <Settings>(input: Omit<TestInput<Settings>, 'event'>) => ({
  settings: input.settings ?? {},
  auth: input.auth,
  features: input.features ?? {},
  statsContext: input.statsContext ?? ({} as never),
  logger: input.logger ?? ({} as never),
  engageDestinationCache: input.engageDestinationCache ?? ({} as never),
  transactionContext: input.transactionContext ?? ({} as never),
  stateContext: input.stateContext ?? ({} as never),
  subscriptionMetadata: input.subscriptionMetadata ?? {},
})

/** Creates a destination for tests. */
export function createTestIntegration<Settings>(
  destination: DestinationDefinition<Settings>,
): TestDestination<Settings> {
  return new TestDestination(destination)
}
