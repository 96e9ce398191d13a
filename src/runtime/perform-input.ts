import type { ActionDefinition } from '@segment/actions-core'
import { resolveAudienceMembership } from '../actions-core/audience-membership'
import { markInput } from '../actions-core/multi-status'
import type { SegmentEvent } from '../event'
import type { AttemptNotes } from './notes'
import type { OpenConnection } from './open-connection'
import type { OpenSubscription } from './open-subscription'

// biome-ignore lint/suspicious/noExplicitAny: settings and payload types differ between definitions
type Input = Parameters<ActionDefinition<any>['perform']>[1]

type Personas = { audience_settings?: unknown }

const personasOf = (event: SegmentEvent): Personas | undefined =>
  event.context?.personas as Personas | undefined

function sharedInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  event: SegmentEvent | undefined,
) {
  const personas = event && personasOf(event)
  return {
    rawMapping: subscription.mapping,
    settings: connection.settings,
    auth: connection.credentials.auth,
    features: connection.context.features ?? {},
    statsContext: connection.context.statsContext,
    personasContext: personas,
    logger: connection.context.logger,
    engageDestinationCache: connection.context.engageDestinationCache,
    transactionContext: connection.context.transactionContext,
    stateContext: connection.context.stateContext,
    audienceSettings: personas?.audience_settings ?? {},
    hookOutputs: subscription.hookOutputs,
    syncMode: subscription.syncMode,
    matchingKey: subscription.matchingKey,
    subscriptionMetadata: subscription.metadata,
  }
}

/** What `perform` gets for one event: the reference's members, and those of `WaybillInput`. */
export function performInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  item: { event: SegmentEvent; payload: unknown; idempotencyKey: string },
  notes: AttemptNotes,
  signal: AbortSignal | undefined,
): Input {
  const membership = resolveAudienceMembership(item.event, subscription.syncMode)
  const input = {
    rawData: item.event,
    payload: item.payload,
    ...sharedInput(connection, subscription, item.event),
    ...(typeof membership === 'boolean' ? { audienceMembership: membership } : {}),
    signal,
    idempotencyKey: item.idempotencyKey,
    notes,
  }
  return markInput(input) as unknown as Input
}

/** What `performBatch` gets: lists whose items agree by position, raw events included. */
export function performBatchInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  items: readonly { event: SegmentEvent; payload: unknown; idempotencyKey: string }[],
  notes: AttemptNotes,
  signal: AbortSignal | undefined,
): Input {
  const input = {
    rawData: items.map((item) => item.event),
    payload: items.map((item) => item.payload),
    ...sharedInput(connection, subscription, items[0]?.event),
    audienceMembership: items.map((item) => resolveAudienceMembership(item.event, subscription.syncMode)),
    signal,
    idempotencyKeys: items.map((item) => item.idempotencyKey),
    notes,
  }
  return markInput(input) as unknown as Input
}

/** What `performPoll` gets: the job, and how many items were submitted with it. */
export function performPollInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  job: { readonly jobId: string; readonly uploadCount: number },
  signal: AbortSignal | undefined,
): Input {
  const input = { rawData: job, payload: job, ...sharedInput(connection, subscription, undefined), signal }
  return markInput(input) as unknown as Input
}
