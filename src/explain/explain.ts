import { createRedact } from '../delivery/request/redact'
import type { SegmentEvent } from '../event'
import type { FieldProblem, Outcome, SkipReason } from '../outcome'
import { parseSubscription } from '../pipeline/filter/parse-subscription'
import { InvalidPayload } from '../pipeline/prepare'
import { createRuntime } from '../runtime/create-runtime'
import { idempotencyKey } from '../runtime/dispatch/idempotency-key'
import { secretsOfConnection } from '../runtime/open/connection-redact'
import { transportOf } from '../runtime/open/network'
import type { OpenSubscription } from '../runtime/open/open-subscription'
import type { Connection } from '../runtime/options'
import { type ExplainedRequest, recordRequests } from './explained-request'
import { fetchOver } from './fetch-over'
import { openForExplanation } from './open-for-explanation'
import { type FieldTrace, traceFields } from './trace-fields'
import { type FilterTrace, traceFilter } from './trace-filter'

/** What is to be explained. */
export type ExplainOptions = {
  readonly connection: Connection
  readonly event: SegmentEvent
  /** Name of one subscription. Default: all of the connection. */
  readonly subscription?: string
  /** Really send, and tell the answer. Default false: the requests are made, and none leaves. */
  readonly send?: boolean
  /** With `send`: what sends. Default: as the runtime does. */
  readonly fetch?: typeof fetch
  /** Reads filters and mappings as `@segment/actions-core` does. Default false. */
  readonly compatibility?: boolean
}

/** What a connection does with an event, and why. Requests and outcomes hold no secret of the settings. */
export type Explanation = {
  readonly connection: string
  readonly messageId?: string
  /** Why the connection as a whole skips the event. */
  readonly skipped?: SkipReason
  readonly subscriptions: readonly SubscriptionExplanation[]
}

/** What one subscription does with an event. */
export type SubscriptionExplanation = {
  readonly name: string
  readonly action: string
  readonly isEnabled: boolean
  readonly filter: {
    readonly text: string
    readonly matches: boolean
    /** Part by part; absent where the filter fails on this event, or where compatibility decides otherwise. */
    readonly trace?: FilterTrace
    readonly error?: string
  }
  /** Field by field, in the order of the definition. Absent where the filter does not match. */
  readonly fields?: readonly FieldTrace[]
  /** What the action gets. Absent where it gets nothing. */
  readonly payload?: Readonly<Record<string, unknown>>
  /** Why the event cannot satisfy the action's fields. */
  readonly problems?: readonly FieldProblem[]
  readonly problem?: string
  /** In the order in which they are made. Without `send`, as if each were answered with 200 and `{}`. */
  readonly requests?: readonly ExplainedRequest[]
  /** With `send`, or where nothing would be sent. */
  readonly outcome?: Outcome
}

/**
 * Explains what a connection does with one event.
 * @throws ConfigurationError or DefinitionError where the connection cannot be opened.
 */
export async function explain(options: ExplainOptions): Promise<Explanation> {
  const { connection, event, compatibility } = options
  const opened = openForExplanation(connection, compatibility)
  const skipped = opened.skips(event)
  const messageId = event.messageId === undefined ? {} : { messageId: event.messageId }
  const chosen = opened.subscriptions.filter(
    ({ name }) => options.subscription === undefined || name === options.subscription,
  )
  const matching = opened.subscriptions.filter((each) => each.isEnabled && each.matches(event))
  const subscriptions: SubscriptionExplanation[] = []
  for (const subscription of chosen) {
    const judged = judge(subscription, opened.filterOf(subscription), event)
    const isDelivered = skipped === undefined && subscription.isEnabled && judged.filter.matches
    subscriptions.push(
      isDelivered
        ? { ...judged, ...(await delivery(options, opened.name, subscription, matching[0] === subscription)) }
        : judged,
    )
  }
  return {
    connection: opened.name,
    ...messageId,
    ...(skipped === undefined ? {} : { skipped }),
    subscriptions,
  }
}

/** Filter, fields and payload of one subscription. */
function judge(subscription: OpenSubscription, filter: string, event: SegmentEvent): SubscriptionExplanation {
  const { name, action, isEnabled, definition, preparation } = subscription
  const matches = subscription.matches(event)
  const base = {
    name,
    action,
    isEnabled,
    filter: { text: filter, matches, ...filterTrace(filter, matches, event) },
  }
  if (!matches) return base
  const payload = prepared(subscription, event)
  const fields = traceFields(
    (definition.fields ?? {}) as Parameters<typeof traceFields>[0],
    preparation.mapping.root,
    event,
    payload,
  )
  if (!(payload instanceof InvalidPayload)) return { ...base, fields, payload }
  return { ...base, fields, problems: payload.fields, problem: payload.message }
}

function filterTrace(
  filter: string,
  matches: boolean,
  event: SegmentEvent,
): { trace?: FilterTrace; error?: string } {
  try {
    const trace = traceFilter(parseSubscription(filter), event)
    return trace.result === matches ? { trace } : {}
  } catch (error) {
    return { error: (error as Error).message }
  }
}

function prepared({ preparation }: OpenSubscription, event: SegmentEvent) {
  try {
    return preparation.prepare(event)
  } catch (error) {
    return new InvalidPayload([], `The payload could not be made: ${(error as Error).message}.`)
  }
}

/** Lets the runtime deliver the event to the one subscription, and keeps its requests. */
async function delivery(
  { connection, event, send = false, fetch: given, compatibility = false }: ExplainOptions,
  name: string,
  subscription: OpenSubscription,
  isFirstMatch: boolean,
): Promise<Pick<SubscriptionExplanation, 'requests' | 'outcome'>> {
  const redact = createRedact(secretsOfConnection(connection))
  const transport = send && given === undefined ? transportOf(connection, 1, {}) : undefined
  const recorder = recordRequests(
    transport === undefined ? (send ? given : undefined) : fetchOver(transport),
    redact,
  )
  const runtime = createRuntime({ connections: [connection], fetch: recorder.fetch, compatibility })
  let outcome: Outcome | undefined
  const key = idempotencyKey(event, isFirstMatch, subscription.name)
  try {
    await runtime.stream([[event]], {
      only: () => ({ connection: name, subscription: subscription.name, idempotencyKey: key }),
      onOutcome: (result) => {
        outcome = result
      },
    })
  } finally {
    await runtime.close()
    await transport?.close()
  }
  const { requests } = recorder
  const isTold = outcome !== undefined && (send || requests.length === 0 || outcome.kind !== 'delivered')
  return { requests, ...(isTold && outcome !== undefined ? { outcome } : {}) }
}
