import {
  aliasBody,
  groupBody,
  type groupTraits,
  identifyBody,
  pageBody,
  type personTraits,
  screenBody,
  trackBody,
} from './calls'
import { createDevice, type Platform } from './context'
import { audienceBody, type Computation, computedTraitBody, type EngageCall, engageContext } from './engage'
import { type Body, type CommonFields, compose, type Overrides, override } from './message'
import { createPerson, type Person } from './person'
import { createRandom } from './random'
import { createScene, type Scene } from './scene'
import { type PropertiesOf, type SemanticEventName, semanticEvents } from './semantic-events'

export type IdentifyEvent<Traits = ReturnType<typeof personTraits>> = CommonFields & {
  readonly type: 'identify'
  readonly traits: Traits
}
export type TrackEvent<Properties = Record<string, unknown>, Name extends string = string> = CommonFields & {
  readonly type: 'track'
  readonly event: Name
  readonly properties: Properties
}
export type PageEvent = CommonFields & ReturnType<typeof pageBody>
export type ScreenEvent = CommonFields & ReturnType<typeof screenBody>
export type GroupEvent = CommonFields & {
  readonly type: 'group'
  readonly groupId: string
  readonly traits: ReturnType<typeof groupTraits>
}
export type AliasEvent = CommonFields & { readonly type: 'alias'; readonly previousId: string }

export type SampleOptions = {
  /** The same seed gives the same events. Default `waybill`. */
  readonly seed?: string | number
  /** Whose library's `context` the events carry. Default `web`. */
  readonly platform?: Platform
  /** False: the person has no user id yet. Default true. */
  readonly identified?: boolean
  /** Time of the first event; each further one is a second later. Default 2026-01-15T12:00:00.000Z. */
  readonly start?: string | number | Date
}

/** Factories for every call of the Spec. All events of one instance are about the same person and device. */
export type SampleEvents = {
  /** The person that the events are about. */
  readonly person: Person
  /** Who the person is: all traits that the Spec reserves. */
  identify(overrides?: Overrides): IdentifyEvent
  /** A semantic event with its properties, or an event of your own with the properties that `overrides` gives. */
  track<Name extends SemanticEventName>(
    event: Name,
    overrides?: Overrides,
  ): TrackEvent<PropertiesOf<Name>, Name>
  track(event: string, overrides?: Overrides): TrackEvent
  page(overrides?: Overrides): PageEvent
  screen(overrides?: Overrides): ScreenEvent
  group(overrides?: Overrides): GroupEvent
  alias(overrides?: Overrides): AliasEvent
  /** Engage: the person enters (default) or leaves an audience. Sent as `track` by default. */
  audience(
    change?: { key?: string; entered?: boolean; call?: EngageCall },
    overrides?: Overrides,
  ): EngageEvent
  /** Engage: a computed trait of the person has a new value. Sent as `identify` by default. */
  computedTrait(
    change?: { key?: string; value?: unknown; call?: EngageCall },
    overrides?: Overrides,
  ): EngageEvent
}

/** A call of Engage: an `identify` with the one trait, or a `track` with its key and value. */
export type EngageEvent =
  | IdentifyEvent<Readonly<Record<string, unknown>>>
  | TrackEvent<Readonly<Record<string, unknown>>>

const isSemantic = (event: string): event is SemanticEventName => Object.hasOwn(semanticEvents, event)

/** Events whose context, by the Spec, names the account or the recipient. */
function contextOf(event: string, { account, person }: Scene): Record<string, unknown> {
  if (/^(Account|Signed|Trial|Invite) /.test(event)) return { groupId: account.groupId }
  if (/^(Email |Unsubscribed$)/.test(event)) return { traits: { email: person.email } }
  return {}
}

/** The person, the scene and the devices that all events of one instance share. */
function openStage(options: SampleOptions) {
  const random = createRandom(options.seed ?? 'waybill')
  const person = createPerson(random)
  const device = createDevice(options.platform ?? 'web', random)
  const start = new Date(options.start ?? '2026-01-15T12:00:00.000Z').getTime()
  const scene = createScene(random, person, start - 1000)
  return { person, device, scene, server: createDevice('server', random), known: options.identified ?? true }
}

type Stage = ReturnType<typeof openStage>
type Sender = { device?: Stage['device']; known?: boolean }

/** The next event, a second after the one before. The body is made when the time is set. */
function build<B extends Body>(
  stage: Stage,
  bodyOf: (scene: Scene) => B,
  overrides?: Overrides,
  { device = stage.device, known = stage.known }: Sender = {},
) {
  stage.scene.time += 1000
  return override(compose(stage.scene, device, { known }, bodyOf(stage.scene)), overrides)
}

function trackAny(stage: Stage, event: string, overrides?: Overrides) {
  const context = { ...contextOf(event, stage.scene), ...overrides?.context }
  const changes = { ...overrides, context }
  return isSemantic(event)
    ? build(stage, (scene) => trackBody(scene, event), changes)
    : build(stage, () => ({ type: 'track', event, properties: {} }), changes)
}

function engage(stage: Stage, body: Body & { computation: Computation }, overrides?: Overrides): EngageEvent {
  const { computation, ...call } = body
  const context = {
    ...engageContext(computation, call.type as EngageCall, stage.scene),
    ...overrides?.context,
  }
  return build(stage, () => call, { ...overrides, context }, { device: stage.server }) as EngageEvent
}

/**
 * Makes sample events that are valid by the Segment Spec, all about one made-up person. Deterministic: the same
 * options and the same calls in the same order give the same events, message ids and times included.
 */
export function createSampleEvents(options: SampleOptions = {}): SampleEvents {
  const stage = openStage(options)
  return {
    person: stage.person,
    identify: (overrides) => build(stage, identifyBody, overrides),
    track: ((event: string, overrides?: Overrides) =>
      trackAny(stage, event, overrides)) as SampleEvents['track'],
    page: (overrides) => build(stage, pageBody, overrides),
    screen: (overrides) => build(stage, screenBody, overrides),
    group: (overrides) => build(stage, groupBody, overrides),
    alias: (overrides) => build(stage, aliasBody, overrides, { known: true }),
    audience: ({ key = 'big_spenders', entered = true, call = 'track' } = {}, overrides) =>
      engage(stage, audienceBody(key, entered, call), overrides),
    computedTrait: ({ key = 'total_spent_90_days', value = 129.5, call = 'identify' } = {}, overrides) =>
      engage(stage, computedTraitBody(key, value, call), overrides),
  }
}
