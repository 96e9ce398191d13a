import type { Body } from './acceptance'

export type TokenPlatform = 'apns' | 'fcm'

export type PushToken = { readonly platform: TokenPlatform; readonly token: string; active: boolean }

export type EventRecord = {
  readonly name: string
  readonly properties: Body
  /** The id under which it was sent. */
  readonly sentAs: string
  /** Milliseconds since the epoch: when it happened, and when it came. */
  readonly at: number
  readonly receivedAt: number
}

export type User = {
  id: string
  readonly createdAt: number
  /** False until an identify has named the user. */
  identified: boolean
  fields: Body
  attributes: Body
  tokens: PushToken[]
  groupId?: string
  events: EventRecord[]
  unsubscribedFromAll: boolean
  unsubscribedCampaigns: Set<string>
}

const fieldNames = ['first_name', 'last_name', 'email', 'phone_number', 'timezone']

/** The users of one environment: upserts, merges and what old ids lead to. */
export function createUsers() {
  const users = new Map<string, User>()
  const successors = new Map<string, string>()
  const groups = new Map<string, Body>()

  /** The id that an id leads to now; chains of aliases are shortened on the way. */
  function canonicalId(id: string): string {
    let last = id
    for (let next = successors.get(last); next !== undefined; next = successors.get(last)) last = next
    for (let step = id; step !== last; ) {
      const next = successors.get(step) as string
      successors.set(step, last)
      step = next
    }
    return last
  }

  function ensure(id: string, now: number): User {
    const canonical = canonicalId(id)
    let user = users.get(canonical)
    if (user === undefined) {
      user = {
        id: canonical,
        createdAt: now,
        identified: false,
        fields: {},
        attributes: {},
        tokens: [],
        events: [],
        unsubscribedFromAll: false,
        unsubscribedCampaigns: new Set(),
      }
      users.set(canonical, user)
    }
    return user
  }

  /** Joins the user of the old id into that of the new. False when that would lead in a circle or nowhere. */
  function alias(newId: string, oldId: string, now: number): boolean {
    const target = canonicalId(newId)
    const source = canonicalId(oldId)
    if (target === source) return false
    const old = users.get(source)
    const current = users.get(target)
    successors.set(source, target)
    if (old === undefined) {
      ensure(target, now)
      return true
    }
    users.delete(source)
    if (current === undefined) users.set(target, { ...old, id: target })
    else users.set(target, merged(current, old))
    return true
  }

  function merged(current: User, old: User): User {
    const known = new Set(current.tokens.map((token) => token.token))
    return {
      ...current,
      createdAt: Math.min(current.createdAt, old.createdAt),
      identified: current.identified || old.identified,
      fields: { ...old.fields, ...current.fields },
      attributes: { ...old.attributes, ...current.attributes },
      tokens: [...current.tokens, ...old.tokens.filter((token) => !known.has(token.token))],
      events: [...old.events, ...current.events].sort((a, b) => a.receivedAt - b.receivedAt),
      ...(current.groupId === undefined && old.groupId !== undefined ? { groupId: old.groupId } : {}),
      unsubscribedFromAll: current.unsubscribedFromAll || old.unsubscribedFromAll,
      unsubscribedCampaigns: new Set([...old.unsubscribedCampaigns, ...current.unsubscribedCampaigns]),
    }
  }

  /** Makes a token active; it leaves any other user, since a device has one owner. */
  function activateToken(user: User, platform: TokenPlatform, token: string): void {
    for (const other of users.values())
      if (other !== user) other.tokens = other.tokens.filter((entry) => entry.token !== token)
    const known = user.tokens.find((entry) => entry.token === token && entry.platform === platform)
    if (known === undefined) user.tokens.push({ platform, token, active: true })
    else known.active = true
  }

  function identify(body: Body, now: number): User {
    const user = ensure(String(body.user_id ?? body.anon_id), now)
    user.identified = true
    for (const name of fieldNames) if (body[name] !== undefined) user.fields[name] = body[name]
    Object.assign(user.attributes, body.attributes)
    for (const token of (body.apns ?? []) as string[]) activateToken(user, 'apns', token)
    for (const token of [...((body.fcm ?? []) as string[]), ...((body.gcm ?? []) as string[])])
      activateToken(user, 'fcm', token)
    if (body.group_id !== undefined) {
      user.groupId = String(body.group_id)
      groups.set(user.groupId, {
        ...groups.get(user.groupId),
        ...(body.group_attributes as Body | undefined),
      })
    }
    return user
  }

  return {
    all: users,
    groups,
    canonicalId,
    ensure,
    alias,
    identify,
    activateToken,
    /** The attributes of a user's group, overlaid by the user's own. */
    effectiveAttributes: (user: User): Body => ({
      ...(user.groupId === undefined ? {} : groups.get(user.groupId)),
      ...user.attributes,
    }),
  }
}
