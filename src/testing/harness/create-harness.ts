import {
  createRedact,
  type Redact,
  type SegmentEvent,
  type SubscriptionConfiguration,
  secretsOf,
} from 'waybill'
import { type CandidateEvent, candidateEvents, typicalEvents } from './candidate-events'
import { failures } from './failures'
import type { AnyDestination, HarnessOptions } from './harness-options'
import { anyEvent, matchEvents } from './probe'
import { replyText } from './reply'
import type { Run, Stage } from './run'
import { defaultsOf, type Extent, sampleMapping } from './sample-mapping'
import { type SampleField, sampleSettings, sampleValue } from './sample-value'

type Preset = NonNullable<AnyDestination['presets']>[number]

/** All events of a preset that names up to this many; of one that takes more, one of each type. */
const maxPresetEvents = 8

/** Makes the runs of a destination's cases. What it needs to know of the events is found out once. */
export type Harness = {
  readonly stage: Stage
  /** The secrets of the stage's settings. */
  readonly secrets: readonly string[]
  /** Hides them. */
  readonly redact: Redact
  /** The event that an action is for. */
  eventOf(action: string): Promise<SegmentEvent>
  /** The action with required fields, all fields or its defaults alone, on its own event. */
  fieldsRun(action: string, extent: Extent): Promise<Run>
  /** The action's defaults on an event of each type. */
  typeRuns(action: string): readonly Run[]
  /** The action's own event, answered well and then with each failure. */
  replyRuns(action: string): Promise<readonly Run[]>
  /** Two events of two people in one batch. */
  batchRun(action: string): Promise<Run>
  /** A preset with each event that it is for. Empty if no sample event passes its filter. */
  presetRuns(preset: Preset): Promise<readonly Run[]>
}

/** Opens the harness for a destination. */
export function createHarness(definition: AnyDestination, options: HarnessOptions = {}): Harness {
  const fields = definition.authentication?.fields as Readonly<Record<string, SampleField>> | undefined
  const settings = { ...sampleSettings(fields), ...sampleTokens(definition), ...options.settings }
  const secrets = secretsOf(fields, settings)
  const candidates = candidatesOf(definition, options)
  let matching: ReturnType<typeof matchEvents> | undefined

  const matchesOf = async (filter: string): Promise<CandidateEvent[]> => {
    matching ??= matchEvents(
      filtersOf(definition),
      candidates.map(({ event }) => event),
    )
    return ((await matching).get(filter) ?? []).map((index) => candidates[index] as CandidateEvent)
  }
  const fieldsOf = (action: string) =>
    (definition.actions[action]?.fields ?? {}) as unknown as Readonly<Record<string, SampleField>>
  const subscriptionOf = (
    action: string,
    mapping: Readonly<Record<string, unknown>>,
  ): SubscriptionConfiguration => ({ action, filter: anyEvent, mapping, isPreset: true, batch: false })

  const eventOf = async (action: string): Promise<SegmentEvent> => {
    const own = options.actions?.[action]?.event
    if (own !== undefined) return own
    const filters = [
      definition.actions[action]?.defaultSubscription,
      ...presetsOf(definition, action).map(filterOf),
    ]
    for (const filter of filters) {
      const [match] = filter === undefined ? [] : await matchesOf(filter)
      if (match !== undefined) return match.event
    }
    return (candidates[0] as CandidateEvent).event
  }
  const fieldsRun = async (action: string, extent: Extent): Promise<Run> => {
    const event = await eventOf(action)
    const mapping = await sampleMapping(fieldsOf(action), event, extent, options.actions?.[action]?.mapping)
    return { events: [event], subscription: subscriptionOf(action, mapping) }
  }

  return {
    stage: { definition, settings, replies: options.replies ?? [] },
    secrets,
    redact: createRedact(secrets),
    eventOf,
    fieldsRun,
    typeRuns: (action) =>
      typicalEvents().map(({ name, event }) => ({
        title: name,
        events: [event],
        subscription: subscriptionOf(action, {
          ...defaultsOf(fieldsOf(action)),
          ...options.actions?.[action]?.mapping,
        }),
      })),
    async replyRuns(action) {
      const run = await fieldsRun(action, 'all')
      return [
        { ...run, title: 'accepted' },
        ...failures.map((reply) => ({ ...run, title: replyText(reply), reply })),
      ]
    },
    async batchRun(action) {
      const run = await fieldsRun(action, 'all')
      return {
        events: run.events.flatMap((event) => [event, ofSomebodyElse(event)]),
        subscription: { ...run.subscription, batch: {} },
      }
    },
    async presetRuns(preset) {
      const matches = await matchesOf(filterOf(preset))
      return chosen(matches).map(({ name, event }) => ({
        title: name,
        events: [event],
        subscription: {
          name: preset.name ?? preset.partnerAction,
          action: preset.partnerAction,
          filter: filterOf(preset),
          mapping: { ...defaultsOf(fieldsOf(preset.partnerAction)), ...preset.mapping },
          isPreset: true,
          batch: false,
        },
      }))
    },
  }
}

/** The filter of a preset. One for an event of Engage has none: its slug ends with the type of call. */
function filterOf(preset: Preset): string {
  if (preset.type === 'automatic') return preset.subscribe
  const type = preset.eventSlug.endsWith('identify') ? 'identify' : 'track'
  return `type = "${type}" and context.personas.computation_class = "audience"`
}

const presetsOf = (definition: AnyDestination, action: string): readonly Preset[] =>
  (definition.presets ?? []).filter((preset) => preset.partnerAction === action)

const filtersOf = (definition: AnyDestination): string[] => [
  ...Object.values(definition.actions).flatMap(({ defaultSubscription }) =>
    defaultSubscription ? [defaultSubscription] : [],
  ),
  ...(definition.presets ?? []).map(filterOf),
]

const candidatesOf = (definition: AnyDestination, options: HarnessOptions): CandidateEvent[] => [
  ...Object.entries(options.events ?? {}).map(([name, event]) => ({ name, event })),
  ...candidateEvents(filtersOf(definition)),
]

const secret = (key: string): unknown => sampleValue(key, { type: 'password' })

const sampleTokens = ({ authentication }: AnyDestination): Record<string, unknown> =>
  authentication?.scheme.startsWith('oauth')
    ? { oauth: { access_token: secret('access_token'), refresh_token: secret('refresh_token') } }
    : {}

function chosen(matches: readonly CandidateEvent[]): readonly CandidateEvent[] {
  if (matches.length <= maxPresetEvents) return matches
  const types = new Set<unknown>()
  return matches.filter(({ event: { type } }) => !types.has(type) && types.add(type))
}

const ofSomebodyElse = (event: SegmentEvent): SegmentEvent => ({
  ...event,
  messageId: `${event.messageId ?? 'message'}-2`,
  ...(event.userId ? { userId: `${event.userId}-2` } : {}),
  ...(event.anonymousId ? { anonymousId: `${event.anonymousId}-2` } : {}),
})
