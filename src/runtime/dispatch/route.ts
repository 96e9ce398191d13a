import type { SegmentEvent } from '../../event'
import type { SkipReason } from '../../outcome'
import type { OpenSubscription } from '../open/open-subscription'
import type { ConnectionDispatcher } from './connection-dispatcher'

/** Restricts an event to some of the subscriptions, by connection and name. */
export type Only = {
  readonly connection: string
  readonly subscription?: string | undefined
  /** The key of the earlier attempts, so that the destination recognizes them. */
  readonly idempotencyKey?: string | undefined
}

/** A connection with the place of its first subscription among all of the runtime. */
export type Route = { readonly dispatcher: ConnectionDispatcher; readonly firstPlace: number }

/** Who is told where an event goes, and where it does not. */
export type RouteListener = {
  /** `isFirstMatch`: no earlier subscription of the connection wants the event. */
  matched(
    dispatcher: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    isFirstMatch: boolean,
  ): void
  skipped(
    dispatcher: ConnectionDispatcher,
    subscription: OpenSubscription,
    place: number,
    reason: SkipReason,
  ): void
}

/** The connections in their order, with places for all their subscriptions. */
export function routesTo(dispatchers: readonly ConnectionDispatcher[]): readonly Route[] {
  let firstPlace = 0
  return dispatchers.map((dispatcher) => {
    const route = { dispatcher, firstPlace }
    firstPlace += dispatcher.connection.subscriptions.length
    return route
  })
}

/** How many outcomes an event may have, and whether some are for deletions alone. */
export type Places = { readonly size: number; readonly hasDeletions: boolean }

export function placesOf(routes: readonly Route[]): Places {
  const last = routes.at(-1)
  const size = last === undefined ? 0 : last.firstPlace + last.dispatcher.connection.subscriptions.length
  const hasDeletions = routes.some(({ dispatcher }) =>
    dispatcher.connection.subscriptions.some(({ isDeletion }) => isDeletion),
  )
  return { size, hasDeletions }
}

/** Tells the deliveries of an event: every subscription that wants it, and why the others do not. */
export function routeEvent(
  routes: readonly Route[],
  event: SegmentEvent,
  only: Only | undefined,
  listener: RouteListener,
): void {
  for (const { dispatcher, firstPlace } of routes) {
    const { connection } = dispatcher
    if (only !== undefined && only.connection !== connection.name) continue
    const reason = connection.skips(event)
    let isFirstMatch = true
    let place = firstPlace - 1
    for (const subscription of connection.subscriptions) {
      place += 1
      if (only?.subscription !== undefined && only.subscription !== subscription.name) continue
      if (subscription.isDeletion && event.type !== 'delete') continue
      const skip = reason ?? skipOf(subscription, event)
      if (skip !== undefined) listener.skipped(dispatcher, subscription, place, skip)
      else {
        listener.matched(dispatcher, subscription, place, isFirstMatch)
        isFirstMatch = false
      }
    }
  }
}

/** Tells every subscription that would have been asked about an event, had it been one. */
export function routeNonEvent(
  routes: readonly Route[],
  only: Only | undefined,
  visit: (dispatcher: ConnectionDispatcher, subscription: OpenSubscription, place: number) => void,
): void {
  for (const { dispatcher, firstPlace } of routes) {
    const { name, subscriptions } = dispatcher.connection
    if (only !== undefined && only.connection !== name) continue
    subscriptions.forEach((subscription, index) => {
      if (subscription.isDeletion) return
      if (only?.subscription === undefined || only.subscription === subscription.name)
        visit(dispatcher, subscription, firstPlace + index)
    })
  }
}

/** Whether a value can be read as an event. */
export const isEvent = (value: unknown): value is SegmentEvent =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function skipOf(subscription: OpenSubscription, event: SegmentEvent): SkipReason | undefined {
  if (!subscription.isEnabled) return 'disabled'
  return subscription.matches(event) ? undefined : 'not-subscribed'
}
