import type { Body } from './acceptance'
import type { EventRecord, User } from './users'

/** A test of a property, an attribute or the history of a user. */
export type Filter =
  | { readonly property: string; readonly operator: Operator; readonly value?: unknown }
  | { readonly attribute: string; readonly operator: Operator; readonly value?: unknown }
  | { readonly hasDone: string; readonly not?: boolean; readonly withinMs?: number }

export type Operator =
  | 'equals'
  | 'not equals'
  | 'is greater than'
  | 'is less than'
  | 'contains'
  | 'exists'
  | 'not exists'

export type Goal = {
  readonly event: string
  /** Milliseconds after delivery. */
  readonly withinMs: number
  readonly property?: { readonly name: string; readonly operator: Operator; readonly value?: unknown }
  /** A property that must have the value that it had on the trigger event. */
  readonly matchesTrigger?: string
}

/** A message that an event triggers. */
export type Campaign = {
  readonly id: string
  readonly trigger: string
  /** Milliseconds between the trigger and the filters. */
  readonly delayMs?: number
  /** Groups are joined by AND, the filters of a group by OR. */
  readonly filters?: readonly (readonly Filter[])[]
  readonly channel: 'email' | 'sms' | 'voice' | 'ios' | 'android'
  /** Local hours in the user's time zone, `from` included, `to` excluded. */
  readonly window?: { readonly from: number; readonly to: number }
  /** `{{name}}`: a property of the event, else a field, else an attribute of the user. */
  readonly template: string
  readonly goals?: readonly Goal[]
}

export type Delivery = {
  readonly campaign: string
  readonly user: string
  readonly at: number
  readonly text: string
  readonly trigger: EventRecord
  /** Events of the goals that were reached, each once. */
  readonly goals: string[]
}

/** What is known of a user when filters run. */
export type Subject = { readonly user: User; readonly attributes: Body; readonly now: number }

export function passes(filters: Campaign['filters'], trigger: EventRecord, subject: Subject): boolean {
  return (filters ?? []).every((group) => group.some((filter) => passesOne(filter, trigger, subject)))
}

function passesOne(filter: Filter, trigger: EventRecord, { user, attributes, now }: Subject): boolean {
  if ('hasDone' in filter) {
    const done = user.events.some(
      (event) =>
        event.name === filter.hasDone && now - event.at <= (filter.withinMs ?? Number.POSITIVE_INFINITY),
    )
    return done !== (filter.not ?? false)
  }
  const actual =
    'property' in filter
      ? trigger.properties[filter.property]
      : (user.fields[filter.attribute] ?? attributes[filter.attribute])
  return compare(actual, filter.operator, filter.value)
}

/** The form has text boxes only, so values of different types are compared as texts. */
export function compare(actual: unknown, operator: Operator, value: unknown): boolean {
  switch (operator) {
    case 'exists':
      return actual !== undefined && actual !== null
    case 'not exists':
      return actual === undefined || actual === null
    case 'equals':
      return isEqual(actual, value)
    case 'not equals':
      return !isEqual(actual, value)
    case 'contains':
      return actual !== undefined && String(actual).includes(String(value))
    case 'is greater than':
      return isNumeric(actual) && isNumeric(value) && Number(actual) > Number(value)
    case 'is less than':
      return isNumeric(actual) && isNumeric(value) && Number(actual) < Number(value)
  }
}

const isEqual = (actual: unknown, value: unknown): boolean =>
  actual !== undefined &&
  (typeof actual === typeof value ? actual === value : String(actual) === String(value))
const isNumeric = (value: unknown): boolean =>
  value !== '' && value !== null && typeof value !== 'boolean' && Number.isFinite(Number(value))

/** Why a user cannot get a message over a channel; undefined when it can. */
export function channelProblem(campaign: Campaign, user: User): string | undefined {
  if (user.unsubscribedFromAll || user.unsubscribedCampaigns.has(campaign.id)) return 'unsubscribed'
  const hasToken = (platform: string): boolean =>
    user.tokens.some((token) => token.platform === platform && token.active)
  const isReachable = {
    email: () => Boolean(user.fields.email),
    sms: () => Boolean(user.fields.phone_number),
    voice: () => Boolean(user.fields.phone_number),
    ios: () => hasToken('apns'),
    android: () => hasToken('fcm'),
  }[campaign.channel]()
  return isReachable ? undefined : `no ${campaign.channel} data`
}

/** Milliseconds until the delivery window opens in a time zone; 0 when it is open. */
export function untilWindowMs(window: Campaign['window'], timezone: string, now: number): number {
  if (window === undefined) return 0
  const isOpen = (time: number): boolean => {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hour: 'numeric', hourCycle: 'h23' })
    const hour = Number(parts.format(time))
    return window.from <= window.to
      ? hour >= window.from && hour < window.to
      : hour >= window.from || hour < window.to
  }
  if (isOpen(now)) return 0
  const hourMs = 3_600_000
  const nextHour = Math.ceil((now + 1) / (hourMs / 4)) * (hourMs / 4)
  for (let time = nextHour; time < now + 25 * hourMs; time += hourMs / 4) if (isOpen(time)) return time - now
  return 0
}

export function render(template: string, trigger: EventRecord, user: User, attributes: Body): string {
  return template.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_, name: string) =>
    String(trigger.properties[name] ?? user.fields[name] ?? attributes[name] ?? ''),
  )
}

/** Whether an event reaches a goal of a delivered message. */
export const reachesGoal = (goal: Goal, delivery: Delivery, event: EventRecord): boolean =>
  event.name === goal.event &&
  event.at >= delivery.at &&
  event.at <= delivery.at + goal.withinMs &&
  (goal.property === undefined ||
    compare(event.properties[goal.property.name], goal.property.operator, goal.property.value)) &&
  (goal.matchesTrigger === undefined ||
    isEqual(event.properties[goal.matchesTrigger], delivery.trigger.properties[goal.matchesTrigger]))
