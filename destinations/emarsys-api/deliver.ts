import {
  type ActionState,
  type BatchItem,
  type BodyContext,
  type DeliveryNotes,
  type ItemResponse,
  type RequestClient,
  sendInBatches,
} from 'waybill'
import { type Connection, maxBytes, maxContacts } from './api'
import { throwIfFailed } from './replies'
import type { EmarsysSettings } from './settings'

type Identified = { readonly message_id?: string }

type Shared = {
  readonly settings: EmarsysSettings
  readonly state?: ActionState
  readonly notes?: DeliveryNotes
}
type Single<Payload> = Shared & { readonly payload: Payload; readonly idempotencyKey?: string }
type Batch<Payload> = Shared & {
  readonly payload: readonly Payload[]
  readonly idempotencyKeys?: readonly string[]
}

/** How an action becomes requests; the same alone and in a batch. */
export type Plan<Payload, Body> = {
  readonly bodyOf: (payload: Payload, context: BodyContext & { readonly settings: EmarsysSettings }) => Body
  /** Payloads that may travel together. */
  readonly groupOf: (payload: Payload, settings: EmarsysSettings) => string
  /** What became of each item, in order. */
  readonly send: (
    connection: Connection,
    items: readonly BatchItem<Payload, Body>[],
  ) => Promise<readonly ItemResponse[]>
}

const connectionOf = (
  request: RequestClient,
  { settings, state, notes }: Shared,
  dropped: Connection['dropped'],
): Connection => ({
  request,
  settings,
  state,
  // Only waybill listens to notes, and only it keeps connections open.
  isOpen: notes !== undefined,
  ...(dropped !== undefined && { dropped }),
})

/** Sends one payload, in the form of a batch of one. */
export async function deliver<Payload extends Identified, Body>(
  request: RequestClient,
  input: Single<Payload>,
  plan: Plan<Payload, Body>,
): Promise<unknown> {
  const { payload, settings, notes } = input
  const key = input.idempotencyKey ?? payload.message_id
  const dropped = (field: string, reason: string): void => notes?.dropped(field, reason)
  const body = plan.bodyOf(payload, { index: 0, key, dropped, settings })
  const [response] = await plan.send(connectionOf(request, input, dropped), [
    { index: 0, payload, body, key },
  ])
  if (response === undefined) return undefined
  throwIfFailed(response)
  if (response.reason !== undefined) dropped('event', response.reason)
  return response.data
}

/** Sends payloads in groups, up to 1,000 contacts and 8 MB a request, and says what became of each. */
export const deliverBatch = <Payload extends Identified, Body>(
  request: RequestClient,
  input: Batch<Payload>,
  plan: Plan<Payload, Body>,
) =>
  sendInBatches<Payload, Body>(input, {
    vendor: 'Emarsys',
    maxItems: maxContacts,
    // Room for what stands around the contacts.
    maxBytes: maxBytes - 1000,
    groupOf: (payload) => plan.groupOf(payload, input.settings),
    bodyOf: (payload, context) =>
      plan.bodyOf(payload, {
        ...context,
        settings: input.settings,
        key: context.key ?? payload.message_id,
      }),
    send: async (items) => {
      const keyed = items.map((item) => ({ ...item, key: item.key ?? item.payload.message_id }))
      const responses = await plan.send(
        connectionOf(request, input, (field, reason, index) => input.notes?.dropped(field, reason, index)),
        keyed,
      )
      for (const [position, { status, reason }] of responses.entries())
        if (status < 300 && reason !== undefined)
          input.notes?.dropped('event', reason, items[position]?.index)
      return responses
    },
  })
