import { b2bEvents } from './b2b'
import { browsingEvents } from './ecommerce/browsing'
import { couponEvents } from './ecommerce/coupons'
import { orderingEvents } from './ecommerce/ordering'
import { sharingEvents } from './ecommerce/sharing'
import { emailEvents } from './email'
import { experimentEvents } from './experiment'
import { liveChatEvents } from './live-chat'
import { mobileEvents } from './mobile'
import type { Scene } from './scene'
import { videoEvents } from './video'

const ecommerceEvents = { ...browsingEvents, ...orderingEvents, ...couponEvents, ...sharingEvents }

/**
 * How the properties of each semantic track event are made, by the event's name. Names and properties are those
 * of the Segment Spec (segment.com/docs/connections/spec, read in 2026).
 */
export const semanticEvents = {
  ...ecommerceEvents,
  ...emailEvents,
  ...mobileEvents,
  ...videoEvents,
  ...liveChatEvents,
  ...b2bEvents,
  ...experimentEvents,
} satisfies Record<string, (scene: Scene) => Record<string, unknown>>

/** The name of a track event that the Spec describes. */
export type SemanticEventName = keyof typeof semanticEvents

/** The properties that the Spec describes for an event. */
export type PropertiesOf<Name extends SemanticEventName> = ReturnType<(typeof semanticEvents)[Name]>

const namesOf = <Events extends object>(events: Events) => Object.keys(events) as (keyof Events)[]

/** The names of all semantic events, by family, in the Spec's order: to test a destination with each of them. */
export const semanticEventNames = {
  ecommerce: namesOf(ecommerceEvents),
  email: namesOf(emailEvents),
  mobile: namesOf(mobileEvents),
  video: namesOf(videoEvents),
  liveChat: namesOf(liveChatEvents),
  b2b: namesOf(b2bEvents),
  experiment: namesOf(experimentEvents),
}
