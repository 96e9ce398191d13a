import type { JSONObject, Result, SegmentEvent, StatsContext, Subscription } from '@segment/actions-core'
import type { ResultMultiStatusNode } from '@segment/actions-core/destination-kit/types'
import type { AuthTokens } from '../../../contract/auth-data'
import { duration, time } from '../time'
import { type BatchNode, countDiscarded, refusedNode } from './batch-nodes'
import { filterOf } from './filter'
import type { OnEventOptions } from './on-event-options'

/** A subscription and what its events are to be sent with. */
export type SubscriptionRun = {
  readonly subscription: Subscription
  readonly settings: JSONObject
  readonly auth: AuthTokens
  readonly options: OnEventOptions | undefined
}

type ActionInput = ReturnType<typeof actionInput>

/** What a run needs of its destination. */
export type RunContext = {
  readonly name: string
  hasAction(slug: string): boolean
  executeAction(slug: string, input: ActionInput & { event: SegmentEvent }): Promise<Result[]>
  executeBatch(
    slug: string,
    input: ActionInput & { events: SegmentEvent[] },
  ): Promise<ResultMultiStatusNode[]>
  /** The settings as observers may see them. */
  visibleSettings(settings: JSONObject): JSONObject
}

/** What an action gets besides its events. One literal, since it is made for every event. */
const actionInput = (
  { subscription, settings, auth, options }: SubscriptionRun,
  statsContext: StatsContext,
) => ({
  mapping: subscription.mapping || {},
  subscriptionMetadata: {
    actionConfigId: subscription.ID,
    destinationConfigId: subscription.ConfigID,
    actionId: subscription.ActionID,
    sourceId: subscription.ProjectID,
  },
  settings,
  auth,
  features: options?.features || {},
  statsContext,
  logger: options?.logger,
  engageDestinationCache: options?.engageDestinationCache,
  transactionContext: options?.transactionContext,
  stateContext: options?.stateContext,
  signal: options?.signal,
  event: undefined as SegmentEvent | undefined,
  events: undefined as SegmentEvent[] | undefined,
})

/** Matches, maps, checks and sends one event, or a list of them, for one subscription. */
export async function runSubscription(
  context: RunContext,
  run: SubscriptionRun,
  data: SegmentEvent | SegmentEvent[],
): Promise<Result[]> {
  const startedAt = run.options?.onComplete && time()
  const statsContext = taggedStats(run)
  let output: Result[] | null = null
  try {
    // What is not sent ends at once, so that listeners are told in the order of the subscriptions.
    const results = send(context, run, data, statsContext)
    output = results instanceof Promise ? await results : results
    return output
  } catch (error) {
    const { name, message } = error as Error
    output = [{ error: { message } }]
    if (name === 'AggregateAjvError' || name === 'ValidationError')
      (error as { status?: number }).status = 400
    throw error
  } finally {
    const { subscription } = run
    run.options?.onComplete?.({
      duration: startedAt === undefined ? 0 : duration(startedAt, time()),
      destination: context.name,
      action: subscription.partnerAction,
      subscribe: subscription.subscribe,
      input: {
        data: data as never,
        mapping: subscription.mapping || {},
        settings: context.visibleSettings(run.settings),
      },
      output,
    })
  }
}

/** Tags statistics with the action. The reference tags the caller's own object, and so do we in its place. */
function taggedStats({ subscription, options }: SubscriptionRun): StatsContext {
  const statsContext = options?.statsContext
  if (statsContext?.tags === undefined) return statsContext ?? ({} as StatsContext)
  statsContext.tags = [...statsContext.tags, `partnerAction:${subscription.partnerAction}`]
  return statsContext
}

function send(
  context: RunContext,
  run: SubscriptionRun,
  data: SegmentEvent | SegmentEvent[],
  statsContext: StatsContext,
): Result[] | Promise<Result[]> {
  const { subscribe, partnerAction } = run.subscription
  const filter =
    !subscribe || typeof subscribe !== 'string'
      ? { problem: 'Failed to validate subscription' }
      : filterOf(subscribe)
  if ('problem' in filter) return refuseAll(filter.problem, data, statsContext)
  if (Array.isArray(data)) return sendBatch(context, run, data, filter.matches, statsContext)
  if (!filter.matches(data)) {
    countDiscarded('action', statsContext)
    return [{ output: 'not subscribed' }]
  }
  const input = actionInput(run, statsContext)
  input.event = data
  return context.executeAction(partnerAction, input as typeof input & { event: SegmentEvent })
}

/** What is wrong with a filter is an output, as in the reference. */
function refuseAll(
  problem: string,
  data: SegmentEvent | SegmentEvent[],
  statsContext: StatsContext,
): Result[] {
  if (!Array.isArray(data)) return [{ output: problem }]
  countDiscarded('action', statsContext, data.length)
  return [{ multistatus: data.map(() => refusedNode(problem)) as ResultMultiStatusNode[] }]
}

function sendBatch(
  context: RunContext,
  run: SubscriptionRun,
  events: SegmentEvent[],
  matches: (event: unknown) => boolean,
  statsContext: StatsContext,
): Result[] | Promise<Result[]> {
  const nodes: BatchNode[] = []
  const matched: number[] = []
  events.forEach((event, index) => {
    if (matches(event)) matched.push(index)
    else {
      nodes[index] = refusedNode('Payload is either invalid or does not match the subscription')
      countDiscarded('action', statsContext)
    }
  })
  if (matched.length === 0) return [{ output: 'not subscribed' }]
  const subscribed = matched.map((index) => events[index] as SegmentEvent)
  return executeMatched(context, run, subscribed, statsContext).then((results) => {
    matched.forEach((index, position) => {
      nodes[index] = results[position] as BatchNode
    })
    return [{ multistatus: nodes as ResultMultiStatusNode[] }]
  })
}

async function executeMatched(
  context: RunContext,
  run: SubscriptionRun,
  events: SegmentEvent[],
  statsContext: StatsContext,
): Promise<BatchNode[]> {
  const { partnerAction } = run.subscription
  if (context.hasAction(partnerAction)) {
    const input = actionInput(run, statsContext)
    input.events = events
    return context.executeBatch(partnerAction, input as typeof input & { events: SegmentEvent[] })
  }
  countDiscarded('action', statsContext, events.length)
  const problem = `The destination has no action ${JSON.stringify(partnerAction)}.`
  return events.map(() => refusedNode(problem, 501, 'NOT_IMPLEMENTED'))
}
