import { path } from 'waybill'
import { type SemanticEvent, semanticEvents } from './vocabulary'

type PresetAction = SemanticEvent['partnerAction'] | 'upsertCustomer' | 'pageView' | 'listSubscription'

type Json = string | boolean | Json[] | { [key: string]: Json }

type Preset = {
  name: string
  type: 'automatic'
  partnerAction: PresetAction
  subscribe: string
  mapping?: { [key: string]: Json }
}

const quoted = (text: string): string => JSON.stringify(text)

/** What differs from the defaults of the action's fields. */
function mappingOf({
  partnerAction,
  type,
  action,
  fields,
  without,
}: SemanticEvent): NonNullable<Preset['mapping']> {
  const values = Object.entries(fields ?? {}).map(([field, property]) => [
    field,
    path(`$.properties.${property}`),
  ])
  return {
    ...(partnerAction === 'trackEvent' ? { type } : {}),
    action,
    ...(values.length === 0 ? {} : { fields: Object.fromEntries(values) }),
    ...(without === undefined ? {} : { excluded_properties: [...without] }),
  }
}

const semanticPresets = semanticEvents.map(
  (semantic): Preset => ({
    name: semantic.event,
    type: 'automatic',
    partnerAction: semantic.partnerAction,
    subscribe: `type = "track" and event = ${quoted(semantic.event)}`,
    mapping: mappingOf(semantic),
  }),
)

/** The Spec has no names for subscriptions to a list; `list_id` says which, none means all. */
const listPresets = (['List Subscribed', 'List Unsubscribed'] as const).map(
  (name): Preset => ({
    name,
    type: 'automatic',
    partnerAction: 'listSubscription',
    subscribe: `event = ${quoted(name)} and type = "track"`,
    mapping: { subscribed: name === 'List Subscribed' },
  }),
)

/** Every track event that has no preset of its own. */
const otherEvents = [
  'type = "track"',
  ...[...semanticEvents.map(({ event }) => event), ...listPresets.map(({ name }) => name)].map(
    (event) => `event != ${quoted(event)}`,
  ),
].join(' and ')

/** Identify, page, each semantic event, and all other events. Screen, group and alias are not supported. */
export const presets: Preset[] = [
  { name: 'Customers', type: 'automatic', partnerAction: 'upsertCustomer', subscribe: 'type = "identify"' },
  { name: 'Page Views', type: 'automatic', partnerAction: 'pageView', subscribe: 'type = "page"' },
  ...semanticPresets,
  ...listPresets,
  { name: 'Other Events', type: 'automatic', partnerAction: 'trackEvent', subscribe: otherEvents },
]
