import { type Body, unknownKeys } from './acceptance'
import {
  type Campaign,
  channelProblem,
  type Delivery,
  passes,
  reachesGoal,
  render,
  untilWindowMs,
} from './campaigns'
import { createEventsView } from './events-view'
import { createUsers, type EventRecord, type TokenPlatform, type User } from './users'

export type FeedEntry = {
  readonly at: number
  readonly kind: 'identify' | 'track'
  readonly user: string
  readonly name?: string
}
export type Skip = { readonly campaign: string; readonly user: string; readonly reason: string }

const maxFeed = 1_000
const guidMs = 24 * 3_600_000

/** One environment of the vendor: what it holds, and what its messages do. Data never leaves it. */
export function createEnvironment(name: string, defaultTimezone = 'UTC') {
  const users = createUsers()
  const events = createEventsView()
  const feed: FeedEntry[] = []
  const warnings: string[] = []
  const campaigns: Campaign[] = []
  const deliveries: Delivery[] = []
  const skips: Skip[] = []
  const held: { readonly due: number; readonly campaign: Campaign; readonly trigger: EventRecord }[] = []
  const guids = new Map<string, number>()
  let accepted = 0

  const note = (entry: FeedEntry): void => {
    feed.unshift(entry)
    if (feed.length > maxFeed) feed.pop()
  }

  function identify(body: Body, now: number): void {
    accepted += 1
    for (const key of unknownKeys('identify', body)) warnings.push(`identify: unknown key ${key}`)
    const id = String(body.user_id ?? body.anon_id)
    if (body.previous_id !== undefined && !users.alias(id, String(body.previous_id), now))
      warnings.push('alias: the two ids are one already')
    const user = users.identify(body, now)
    note({ at: now, kind: 'identify', user: user.id })
  }

  function track(body: Body, now: number): void {
    accepted += 1
    for (const key of unknownKeys('track', body)) warnings.push(`track: unknown key ${key}`)
    const sentAs = String(body.user_id ?? body.anon_id)
    const user = users.ensure(sentAs, now)
    const event: EventRecord = {
      name: body.event as string,
      properties: (body.properties ?? {}) as Body,
      sentAs,
      at: body.timestamp === undefined ? now : (body.timestamp as number) * 1000,
      receivedAt: now,
    }
    user.events.push(event)
    // User data inside a track call says what an identify would have said before it.
    if (body.user !== undefined) users.identify({ ...(body.user as Body), user_id: sentAs }, now)
    events.receive(event.name, now)
    note({ at: now, kind: 'track', user: user.id, name: event.name })
    countGoals(user, event)
    for (const campaign of campaigns)
      if (campaign.trigger === event.name)
        held.push({ due: now + (campaign.delayMs ?? 0), campaign, trigger: event })
    runDue(now)
  }

  function countGoals(user: User, event: EventRecord): void {
    for (const delivery of deliveries) {
      if (users.canonicalId(delivery.user) !== user.id) continue
      const campaign = campaigns.find(({ id }) => id === delivery.campaign)
      for (const goal of campaign?.goals ?? [])
        if (!delivery.goals.includes(goal.event) && reachesGoal(goal, delivery, event))
          delivery.goals.push(goal.event)
    }
  }

  /** Runs everything whose delay is over or whose window is open. */
  function runDue(now: number): void {
    for (const entry of held.filter(({ due }) => due <= now)) {
      held.splice(held.indexOf(entry), 1)
      const { campaign, trigger } = entry
      const user = users.ensure(trigger.sentAs, now)
      const attributes = users.effectiveAttributes(user)
      const problem = passes(campaign.filters, trigger, { user, attributes, now })
        ? channelProblem(campaign, user)
        : 'filters not met'
      if (problem !== undefined) {
        skips.push({ campaign: campaign.id, user: user.id, reason: problem })
        continue
      }
      const waitMs = untilWindowMs(
        campaign.window,
        (user.fields.timezone as string | undefined) ?? defaultTimezone,
        now,
      )
      if (waitMs > 0) held.push({ ...entry, due: now + waitMs })
      else
        deliveries.push({
          campaign: campaign.id,
          user: user.id,
          at: now,
          text: render(campaign.template, trigger, user, attributes),
          trigger,
          goals: [],
        })
    }
  }

  return {
    name,
    users,
    events,
    feed,
    warnings,
    deliveries,
    skips,
    get accepted() {
      return accepted
    },
    addCampaign: (campaign: Campaign): void => void campaigns.push(campaign),
    identify,
    track,
    runDue,
    /** Whether a call was processed before; remembers it otherwise, for 24 hours. */
    isRepetition(guid: string | undefined, now: number): boolean {
      if (guid === undefined) return false
      const seen = guids.get(guid)
      return seen !== undefined && now - seen < guidMs
    },
    remember: (guid: string | undefined, now: number): void => {
      if (guid !== undefined) guids.set(guid, now)
    },
    registerToken(body: Body, platform: TokenPlatform, now: number): void {
      users.activateToken(users.ensure(String(body.user_id), now), platform, String(body.token))
    },
    disableTokens(body: Body, platform: TokenPlatform, now: number): void {
      for (const entry of users.ensure(String(body.user_id), now).tokens)
        if (entry.platform === platform && (body.all === true || entry.token === body.token))
          entry.active = false
    },
    setSubscription(body: Body, isSubscribed: boolean, now: number): void {
      const user = users.ensure(String(body.user_id), now)
      const ids = body.campaign_ids as string[] | undefined
      if (ids === undefined) {
        user.unsubscribedFromAll = !isSubscribed
        if (isSubscribed) user.unsubscribedCampaigns.clear()
      } else
        for (const id of ids)
          isSubscribed ? user.unsubscribedCampaigns.delete(id) : user.unsubscribedCampaigns.add(id)
    },
  }
}

export type Environment = ReturnType<typeof createEnvironment>
