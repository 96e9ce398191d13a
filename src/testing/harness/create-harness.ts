import cloneDeepWith from 'lodash/cloneDeepWith'
import type { Redact, SegmentEvent, SubscriptionConfiguration } from 'waybill'
import { type CandidateEvent, candidateEvents, typicalEvents } from './candidate-events'
import { createCredentialShapes, type NamedSecret } from './credential-shapes'
import { failures } from './failures'
import type { AnyDestination, HarnessOptions } from './harness-options'
import { type OperationCase, operationCases, sampleInputs } from './operation-runs'
import { anyEvent, matchEvents, probePayload } from './probe'
import { replyText, ruleFor } from './reply'
import { type Run, runOnWaybill, type Stage } from './run'
import { namedSecrets, renewedToken, sampleTokens } from './sample-credentials'
import { defaultsOf, type Extent, sampleMapping } from './sample-mapping'
import { type SampleField, sampleSettings } from './sample-value'

type Preset = NonNullable<AnyDestination['presets']>[number]

/** All events of a preset that names up to this many; of one that takes more, one of each type. */
const maxPresetEvents = 8

/** Makes the runs of a destination's cases. What it needs to know of the events is found out once. */
export type Harness = {
  readonly stage: Stage
  /** The secrets of the stage's settings. */
  readonly secrets: readonly NamedSecret[]
  /** Shows their names in place of them. */
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
  /** An event whose token is refused once, where tokens can be renewed and an action makes a request. */
  refreshRun(): Promise<Run | undefined>
  /** What the definition can be asked beside delivering events. */
  readonly operations: readonly OperationCase[]
}

/** Opens the harness for a destination. */
export function createHarness(definition: AnyDestination, options: HarnessOptions = {}): Harness {
  const fields = definition.authentication?.fields as Readonly<Record<string, SampleField>> | undefined
  const settings = { ...sampleSettings(fields), ...sampleTokens(definition), ...options.settings }
  const secrets = namedSecrets(fields, settings)
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

  const payloadOf = async (action: string) => {
    const { events, subscription } = await fieldsRun(action, 'all')
    const { payload = {} } = await probePayload(
      fieldsOf(action),
      subscription.mapping ?? {},
      events[0] as SegmentEvent,
    )
    return payload
  }
  const stage: Stage = { definition, settings, replies: options.replies ?? [] }

  return {
    stage,
    secrets,
    redact: createCredentialShapes([...secrets, renewedToken]),
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
    async refreshRun() {
      if (!('refreshAccessToken' in (definition.authentication ?? {}))) return undefined
      for (const action of Object.keys(definition.actions)) {
        const run = {
          ...(await fieldsRun(action, 'all')),
          title: 'token refresh',
          replyTo: refusedOnce(stage),
        }
        if ((await runOnWaybill(stage, run)).calls.length > 0) return run
      }
      return undefined
    },
    operations: operationCases(definition, payloadOf),
  }
}

/** The first request is refused; the one after asks for a new token, and gets one unless a rule answers it. */
const refusedOnce =
  ({ replies }: Stage): NonNullable<Run['replyTo']> =>
  (place, { method, url }) => {
    if (place === 0) return { status: 401 }
    return place === 1 ? (ruleFor(replies, method, url)?.reply ?? newToken) : undefined
  }

const newToken = {
  status: 200,
  body: { access_token: renewedToken.value, token_type: 'Bearer', expires_in: 3600 },
} as const

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
  ...candidateEvents(filtersOf(definition)).map(({ name, event }) => ({
    name,
    event: withAudienceSettings(event, definition),
  })),
]

/** An event of an audience carries what the destination lets users set for audiences. */
function withAudienceSettings(event: SegmentEvent, definition: AnyDestination): SegmentEvent {
  const { audienceFields } = definition as { readonly audienceFields?: Readonly<Record<string, SampleField>> }
  const { personas } = (event.context ?? {}) as { readonly personas?: Readonly<Record<string, unknown>> }
  if (audienceFields === undefined || personas?.audience_settings === undefined) return event
  const audience_settings = sampleInputs(audienceFields)
  return { ...event, context: { ...event.context, personas: { ...personas, audience_settings } } }
}

function chosen(matches: readonly CandidateEvent[]): readonly CandidateEvent[] {
  if (matches.length <= maxPresetEvents) return matches
  const types = new Set<unknown>()
  return matches.filter(({ event: { type } }) => !types.has(type) && types.add(type))
}

/** The same call by another person: ids and names of people differ, so that items of a batch can be told apart. */
function ofSomebodyElse(event: SegmentEvent): SegmentEvent {
  const other = cloneDeepWith(event, (value, key) => {
    if (typeof value !== 'string') return undefined
    if (value.includes('@')) return `second.${value}`
    return typeof key === 'string' && personal.test(key) ? `${value}-2` : undefined
  }) as SegmentEvent
  return { ...other, messageId: `${event.messageId ?? 'message'}-2` }
}

const personal = /^(userId|user_id|anonymousId|firstName|first_name|lastName|last_name|name|username)$/
