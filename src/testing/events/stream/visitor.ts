import { createDevice, type Device, type Platform } from '../context'
import { type Body, compose, type Overrides, override } from '../message'
import { createPerson } from '../person'
import { createRandom, type Random } from '../random'
import { createScene, type Scene } from '../scene'
import { type SemanticEventName, semanticEvents } from '../semantic-events'

/** One made-up visitor of the shop, and how far their story has come. */
export type Visitor = {
  readonly random: Random
  readonly scene: Scene
  readonly device: Device
  /** The device of calls that the shop's own server or a partner makes about the visitor. */
  readonly server: Device
  /** True once the visitor has an account: from then on calls carry the user id. */
  known: boolean
  /** What the visitor has spent, in the order's currency. */
  spent: number
  /** Keys of the audiences that the visitor is in. */
  readonly audiences: Set<string>
  /** Trait `timezone` of identify calls. One visitor in eight has one that is not an Olson name. */
  readonly timezone: unknown
}

/** An event of the stream: plain JSON. */
export type StreamEvent = ReturnType<typeof compose>

const badTimezones = ['PST', '-07:00', 'Mars/Olympus', 'GMT+2', 5] as const

/** Makes up visitor number `index`, who first turns up at `time` (Unix milliseconds). */
export function createVisitor(seed: string | number, index: number, time: number): Visitor {
  const random = createRandom(seed).fork(`visitor ${index}`)
  const person = createPerson(random)
  const platform: Platform = random.weighted([
    [6, 'web'],
    [2, 'ios'],
    [2, 'android'],
  ])
  return {
    random,
    scene: createScene(random, person, time),
    device: createDevice(platform, random),
    server: createDevice('server', random),
    known: false,
    spent: 0,
    audiences: new Set(),
    timezone: random.chance(1 / 8) ? random.pick(badTimezones) : person.timezone,
  }
}

/** True for a visitor who uses the application on a telephone. */
export const isMobile = ({ device }: Visitor) => device.platform === 'ios' || device.platform === 'android'

/** Lets time pass for the visitor: a whole number of seconds between the two bounds. */
export function wait(visitor: Visitor, minimum: number, maximum: number): void {
  visitor.scene.time += visitor.random.integer(minimum, maximum) * 1000
}

/** A call of the visitor's own device, 2 to 40 seconds after the one before. */
export function call(visitor: Visitor, body: Body, overrides?: Overrides): StreamEvent {
  wait(visitor, 2, 40)
  return override(compose(visitor.scene, visitor.device, visitor, body), overrides)
}

/** A call that a server makes about a known visitor. */
export function serverCall(visitor: Visitor, body: Body, overrides?: Overrides): StreamEvent {
  wait(visitor, 1, 5)
  return override(compose(visitor.scene, visitor.server, { known: true }, body), overrides)
}

const trackOf = (visitor: Visitor, event: SemanticEventName): Body => ({
  type: 'track',
  event,
  properties: semanticEvents[event](visitor.scene),
})

/** A semantic event of the visitor's device. */
export const track = (visitor: Visitor, event: SemanticEventName, overrides?: Overrides): StreamEvent =>
  call(visitor, trackOf(visitor, event), overrides)

/** A semantic event that a server sends. */
export const serverTrack = (visitor: Visitor, event: SemanticEventName, overrides?: Overrides): StreamEvent =>
  serverCall(visitor, trackOf(visitor, event), overrides)
