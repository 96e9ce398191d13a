import { Destination } from '@segment/actions-core'
import {
  type Connection,
  createRuntime,
  type Outcome,
  type SegmentEvent,
  type SubscriptionConfiguration,
} from 'waybill'
import { startEmulator } from 'waybill/testing'
import { defaultMapping } from './default-mapping'

/** A request as far as both runtimes have to agree on it. */
export type RecordedRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body: unknown
}

/** Headers that belong to a connection or a stack, not to a destination. */
const ofTheStack = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'accept',
])

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

/** A server on loopback that answers every request alike and keeps what it got. */
export async function startRecorder(
  answer: (path: string, body: unknown, headers: Readonly<Record<string, string>>) => Answer = () => ({
    status: 200,
  }),
) {
  const requests: RecordedRequest[] = []
  const server = await startEmulator({
    handle: (request) => {
      const text = request.body.toString()
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
      const body: unknown = text === '' ? undefined : isForm ? text : JSON.parse(text)
      const search = request.query.size > 0 ? `?${request.query}` : ''
      requests.push({
        method: request.method,
        path: `${request.path}${search}`,
        headers: Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => !ofTheStack.has(name)),
        ),
        body,
      })
      return answer(request.path, body, request.headers)
    },
  })
  return { url: server.url, requests, close: server.close }
}

type Delivery = {
  destination: Connection['destination']
  settings: (url: string) => Record<string, unknown>
  events: readonly SegmentEvent[]
  subscriptions?: readonly SubscriptionConfiguration[]
  answer?: (path: string, body: unknown) => Answer
}

/** Delivers the events with our runtime. */
export async function deliverWithWaybill(
  delivery: Delivery,
): Promise<{ requests: RecordedRequest[]; outcomes: Outcome[] }> {
  const recorder = await startRecorder(delivery.answer)
  const runtime = createRuntime({
    connections: [
      {
        destination: delivery.destination,
        settings: delivery.settings(recorder.url),
        subscriptions: delivery.subscriptions ?? 'presets',
      },
    ],
  })
  const outcomes = []
  for (const event of delivery.events) outcomes.push(...(await runtime.send([event])))
  await runtime.close()
  await recorder.close()
  return { requests: recorder.requests, outcomes }
}

/** Delivers the events with the reference's `Destination`; an event that throws sends what it sent before. */
export async function deliverWithReference(
  delivery: Delivery,
): Promise<{ requests: RecordedRequest[]; errors: Error[] }> {
  const recorder = await startRecorder(delivery.answer)
  const destination = new Destination(delivery.destination)
  const errors: Error[] = []
  for (const event of delivery.events)
    await destination
      .onEvent(
        event as never,
        {
          ...delivery.settings(recorder.url),
          subscriptions: referenceSubscriptions(delivery),
        } as never,
      )
      .catch((error: Error) => errors.push(error))
  await recorder.close()
  return { requests: recorder.requests, errors }
}

function referenceSubscriptions({ destination, subscriptions }: Delivery) {
  const chosen =
    subscriptions ??
    (destination.presets ?? []).flatMap((preset) =>
      preset.type === 'automatic'
        ? [
            {
              action: preset.partnerAction,
              filter: preset.subscribe,
              ...(preset.mapping ? { mapping: preset.mapping } : {}),
            },
          ]
        : [],
    )
  return chosen.map(({ action, filter, mapping }) => {
    const defaults = defaultMapping(destination.actions[action as string])
    const complete = subscriptions && mapping ? mapping : { ...defaults, ...mapping }
    return { partnerAction: action, subscribe: filter, mapping: complete }
  })
}

/** Delivers with both, demands equal requests, and gives those and our outcomes. */
export async function deliverWithBoth(delivery: Delivery) {
  const ours = await deliverWithWaybill(delivery)
  const theirs = await deliverWithReference(delivery)
  expect(ours.requests).toEqual(theirs.requests)
  return { ...ours, errors: theirs.errors }
}
