import type { SegmentEvent } from 'waybill'
import { channelOf, createContext, type Device } from './context'
import type { Scene } from './scene'

/** What every sample event has, whatever its type: the common fields of the Spec. All times are ISO 8601. */
export type CommonFields = {
  readonly messageId: string
  readonly anonymousId?: string
  readonly userId?: string
  readonly channel: string
  readonly context: Readonly<Record<string, unknown>>
  readonly integrations: Readonly<Record<string, unknown>>
  /** The sender's clock at the call, which may be wrong. */
  readonly originalTimestamp: string
  /** The sender's clock when the call was sent. */
  readonly sentAt: string
  /** Segment's clock when the call arrived. */
  readonly receivedAt: string
  /** `receivedAt` less the time between call and sending: the call's true time. */
  readonly timestamp: string
  readonly version: 2
}

/** What a type of call adds to the common fields. */
export type Body = { readonly type: string } & Readonly<Record<string, unknown>>

/** Changes to a sample event. `context`, `integrations`, `properties` and `traits` are merged member by member; undefined removes. */
export type Overrides = Partial<SegmentEvent>

/** Who a call is about: the person with an account, the visitor alone, or (as mobile and web calls do) both. */
export type Identity = { readonly known: boolean }

const merged = ['context', 'integrations', 'properties', 'traits'] as const

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T

/** Lays changes over an event. */
export function override<Event extends object>(event: Event, overrides: Overrides = {}): Event {
  const result: Record<string, unknown> = { ...event, ...overrides }
  for (const member of merged) {
    const own = (event as Record<string, unknown>)[member]
    const change = overrides[member]
    if (own && change) result[member] = withoutUndefined({ ...own, ...change })
  }
  return withoutUndefined(result) as Event
}

const iso = (time: number) => new Date(time).toISOString()

/** A browser's or telephone's clock is off by up to two seconds; a server's is right. */
function timestamps({ random, time }: Scene, device: Device) {
  const skew = device.platform === 'server' ? 0 : random.integer(-2000, 2000)
  const delay = random.integer(5, 900)
  return {
    originalTimestamp: iso(time + skew),
    sentAt: iso(time + skew + delay),
    receivedAt: iso(time + delay),
    timestamp: iso(time),
  }
}

/** Makes a whole event of a body: ids, context, times. Servers send no anonymous id for somebody they know. */
export function compose<B extends Body>(
  scene: Scene,
  device: Device,
  identity: Identity,
  body: B,
): CommonFields & B {
  const { person, random } = scene
  return withoutUndefined({
    ...body,
    messageId: random.uuid(),
    anonymousId: device.platform === 'server' && identity.known ? undefined : person.anonymousId,
    userId: identity.known ? person.userId : undefined,
    channel: channelOf(device.platform),
    context: createContext(device, scene),
    integrations: {},
    ...timestamps(scene, device),
    version: 2 as const,
  })
}
