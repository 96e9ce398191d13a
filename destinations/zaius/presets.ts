import { path } from 'waybill'
import { type SemanticEvent, semanticEvents } from './vocabulary'

type PresetAction = SemanticEvent['partnerAction'] | 'upsertCustomer' | 'pageView'

type Json = string | Json[] | { [key: string]: Json }

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

/** Every track event that has no preset of its own. */
const otherEvents = [
  'type = "track"',
  ...semanticEvents.map(({ event }) => `event != ${quoted(event)}`),
].join(' and ')

/** Identify, page, each semantic event, and all other events. Screen, group and alias are not supported. */
export const presets: Preset[] = [
  { name: 'Customers', type: 'automatic', partnerAction: 'upsertCustomer', subscribe: 'type = "identify"' },
  { name: 'Page Views', type: 'automatic', partnerAction: 'pageView', subscribe: 'type = "page"' },
  ...semanticPresets,
  { name: 'Other Events', type: 'automatic', partnerAction: 'trackEvent', subscribe: otherEvents },
]
