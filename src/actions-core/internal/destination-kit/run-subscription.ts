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
  readonly isCompatible: boolean
  hasAction(slug: string): boolean
  executeAction(slug: string, input: ActionInput & { event: SegmentEvent }): Promise<Result[]>
  executeBatch(
    slug: string,
    input: ActionInput & { events: SegmentEvent[] },
  ): Promise<ResultMultiStatusNode[]>
  /** The settings as observers may see them. */
  visibleSettings(settings: JSONObject): JSONObject
}

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
})

/** Matches, maps, checks and sends one event, or a list of them, for one subscription. */
export async function runSubscription(
  context: RunContext,
  run: SubscriptionRun,
  data: SegmentEvent | SegmentEvent[],
): Promise<Result[]> {
  const startedAt = time()
  const statsContext = taggedStats(context, run)
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
      duration: duration(startedAt, time()),
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
function taggedStats({ isCompatible }: RunContext, { subscription, options }: SubscriptionRun): StatsContext {
  const statsContext = options?.statsContext
  if (statsContext?.tags === undefined) return statsContext ?? ({} as StatsContext)
  const tags = [...statsContext.tags, `partnerAction:${subscription.partnerAction}`]
  if (!isCompatible) return { ...statsContext, tags }
  statsContext.tags = tags
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
      : readFilter(subscribe, context.isCompatible)
  if ('problem' in filter) return refuseAll(context, filter.problem, data, statsContext)
  if (Array.isArray(data)) return sendBatch(context, run, data, filter.matches, statsContext)
  if (!filter.matches(data as never)) {
    countDiscarded('action', statsContext)
    return [{ output: 'not subscribed' }]
  }
  if (!context.hasAction(partnerAction)) return [{ error: { ...unknownAction(partnerAction) } }]
  return context.executeAction(partnerAction, { ...actionInput(run, statsContext), event: data })
}

function readFilter(subscribe: string, isCompatible: boolean) {
  const filter = filterOf(subscribe, isCompatible)
  return 'problem' in filter ? { problem: `Invalid subscription : ${filter.problem}` } : filter
}

/** The reference says what is wrong with a filter as an output; by default it is an error. */
function refuseAll(
  { isCompatible }: RunContext,
  problem: string,
  data: SegmentEvent | SegmentEvent[],
  statsContext: StatsContext,
): Result[] {
  if (!Array.isArray(data))
    return isCompatible
      ? [{ output: problem }]
      : [{ error: { message: problem, code: 'INVALID_SUBSCRIPTION', status: 400 } }]
  countDiscarded('action', statsContext, data.length)
  return [{ multistatus: data.map(() => refusedNode(problem)) as ResultMultiStatusNode[] }]
}

const unknownAction = (slug: string) => ({
  message: `The destination has no action ${JSON.stringify(slug)}.`,
  code: 'NotImplemented',
  status: 501,
})

function sendBatch(
  context: RunContext,
  run: SubscriptionRun,
  events: SegmentEvent[],
  matches: (event: never) => boolean,
  statsContext: StatsContext,
): Result[] | Promise<Result[]> {
  const nodes: BatchNode[] = []
  const matched: number[] = []
  events.forEach((event, index) => {
    if (matches(event as never)) matched.push(index)
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
  return context.hasAction(partnerAction)
    ? context.executeBatch(partnerAction, { ...actionInput(run, statsContext), events })
    : refuseUnknown(partnerAction, events.length, statsContext)
}

function refuseUnknown(slug: string, count: number, statsContext: StatsContext): BatchNode[] {
  const { message, status } = unknownAction(slug)
  countDiscarded('action', statsContext, count)
  return Array.from({ length: count }, () => refusedNode(message, status, 'NOT_IMPLEMENTED'))
}
