import type { ActionDefinition } from '@segment/actions-core'
import { resolveAudienceMembership } from '../../contract/audience-membership'
import { markInput } from '../../contract/multi-status'
import type { ActionState } from '../../definition/execute-input'
import type { SegmentEvent } from '../../event'
import type { OpenConnection } from '../open/open-connection'
import type { OpenSubscription } from '../open/open-subscription'
import type { AttemptNotes } from './notes'

// biome-ignore lint/suspicious/noExplicitAny: settings and payload types differ between definitions
type Input = Parameters<ActionDefinition<any>['perform']>[1]

type Personas = { audience_settings?: unknown }

const personasOf = (event: SegmentEvent): Personas | undefined =>
  event.context?.personas as Personas | undefined

/** One literal without spreads, since it is made for every event. */
function inputOf<Raw, Payload>(
  rawData: Raw,
  payload: Payload,
  { credentials, context, settings }: OpenConnection,
  subscription: OpenSubscription,
  personas: Personas | undefined,
  signal: AbortSignal,
) {
  return {
    rawData,
    payload,
    rawMapping: subscription.mapping,
    settings,
    auth: credentials.auth,
    features: context.features ?? {},
    statsContext: context.statsContext,
    personasContext: personas,
    logger: context.logger,
    engageDestinationCache: context.engageDestinationCache,
    transactionContext: context.transactionContext,
    stateContext: context.stateContext,
    audienceSettings: personas ? personas.audience_settings : {},
    hookOutputs: subscription.hookOutputs,
    syncMode: subscription.syncMode,
    matchingKey: subscription.matchingKey,
    subscriptionMetadata: subscription.metadata,
    signal,
  }
}

/** What an item gives to the input. */
type Given = { readonly event: SegmentEvent; readonly payload: unknown; readonly idempotencyKey: string }

/** What `perform` gets for one event: the reference's members, and those of `WaybillInput`. */
export function performInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  item: Given,
  notes: AttemptNotes,
  signal: AbortSignal,
): Input {
  const { event } = item
  const input: ReturnType<typeof inputOf> & WaybillMembers = inputOf(
    event,
    item.payload,
    connection,
    subscription,
    personasOf(event),
    signal,
  )
  const membership = resolveAudienceMembership(event, subscription.syncMode, connection.context.features)
  if (membership !== undefined) input.audienceMembership = membership
  input.idempotencyKey = item.idempotencyKey
  input.notes = notes
  if (connection.context.state !== undefined) input.state = connection.context.state
  return input as unknown as Input
}

type WaybillMembers = {
  audienceMembership?: boolean
  idempotencyKey?: string
  notes?: AttemptNotes
  state?: ActionState
}

/** What `performBatch` gets: lists whose items agree by position, raw events included. */
export function performBatchInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  items: readonly Given[],
  notes: AttemptNotes,
  signal: AbortSignal,
): Input {
  const [first] = items
  const input = {
    ...inputOf(
      items.map((item) => item.event),
      items.map((item) => item.payload),
      connection,
      subscription,
      first && personasOf(first.event),
      signal,
    ),
    audienceMembership: items.map((item) =>
      resolveAudienceMembership(item.event, subscription.syncMode, connection.context.features),
    ),
    idempotencyKeys: items.map((item) => item.idempotencyKey),
    notes,
    ...(connection.context.state !== undefined && { state: connection.context.state }),
  }
  return input as unknown as Input
}

/** What `performPoll` gets: the job, and how many items were submitted with it. */
export function performPollInput(
  connection: OpenConnection,
  subscription: OpenSubscription,
  job: { readonly jobId: string; readonly uploadCount: number },
  signal: AbortSignal,
): Input {
  return markInput(inputOf(job, job, connection, subscription, undefined, signal)) as unknown as Input
}
