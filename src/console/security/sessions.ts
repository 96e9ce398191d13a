import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../api-error'
import { type Permission, permissions } from '../shapes'

/** Who may do what. Without tokens everyone who reaches the console (loopback) may do everything. */
export type Access = {
  readonly tokens?: { readonly operate: string; readonly read?: string }
  /** False hides values of events everywhere; keys and types stay. Default true. */
  readonly payloads?: boolean
}

export type Session = { readonly name: string; readonly permissions: readonly Permission[] }

/** Sessions live in memory: after a restart people sign in again. */
export type Sessions = {
  readonly needsToken: boolean
  /**
   * Signs in, and gives the id for the cookie.
   * @throws ApiError 401 for a wrong token, 429 after five of them within a minute.
   */
  open(token: string): { readonly id: string; readonly session: Session }
  /** By the cookie, or by a token in the `Authorization` header of a program. */
  find(cookie: string | undefined, bearer: string | undefined): Session | undefined
  close(cookie: string | undefined): void
}

/** Milliseconds: a working day. */
export const sessionMs = 12 * 3_600_000
const maxSessions = 1_000
const maxFailures = 5
const failureWindowMs = 60_000

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** A new token: 256 bits, for a file that the operator keeps. */
export const createToken = (): string => randomBytes(32).toString('base64url')

/** Creates the sessions of a console. */
export function createSessions({ tokens, payloads = true }: Access, now: () => number = Date.now): Sessions {
  const known = new Map<string, { readonly session: Session; readonly until: number }>()
  const failures: number[] = []
  const allowed = (list: readonly Permission[]): Permission[] =>
    list.filter((each) => payloads || each !== 'payloads')
  const everything: Session = { name: 'this machine', permissions: allowed(permissions) }
  const roles: { readonly hash: Buffer; readonly session: Session }[] = []
  if (tokens !== undefined) {
    roles.push({
      hash: hashOf(tokens.operate),
      session: { name: 'operator', permissions: allowed(permissions) },
    })
    if (tokens.read !== undefined)
      roles.push({
        hash: hashOf(tokens.read),
        session: { name: 'reader', permissions: allowed(['read', 'payloads']) },
      })
  }

  /** All roles are compared, so that the time tells nothing. */
  function roleOf(token: string): Session | undefined {
    const hash = hashOf(token)
    let found: Session | undefined
    for (const role of roles) if (timingSafeEqual(hash, role.hash)) found = role.session
    return found
  }

  function checkRate(): void {
    while (failures[0] !== undefined && failures[0] <= now() - failureWindowMs) failures.shift()
    if (failures.length < maxFailures) return
    throw new ApiError(429, 'TOO_MANY_REQUESTS', 'five wrong tokens within a minute; try again in a minute')
  }

  return {
    needsToken: tokens !== undefined,
    open(token) {
      checkRate()
      const session = roleOf(token)
      if (session === undefined) {
        failures.push(now())
        throw new ApiError(401, 'UNAUTHENTICATED', 'this is not a token of this console')
      }
      const id = randomBytes(32).toString('base64url')
      if (known.size >= maxSessions) known.delete(known.keys().next().value as string)
      known.set(hashOf(id).toString('hex'), { session, until: now() + sessionMs })
      return { id, session }
    },
    find(cookie, bearer) {
      if (tokens === undefined) return everything
      if (bearer !== undefined) {
        checkRate()
        const session = roleOf(bearer)
        if (session === undefined) failures.push(now())
        return session
      }
      if (cookie === undefined) return undefined
      const entry = known.get(hashOf(cookie).toString('hex'))
      return entry !== undefined && entry.until > now() ? entry.session : undefined
    },
    close(cookie) {
      if (cookie !== undefined) known.delete(hashOf(cookie).toString('hex'))
    },
  }
}
