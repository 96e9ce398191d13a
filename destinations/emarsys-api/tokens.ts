import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type ActionState, InvalidAuthenticationError, type RequestClient, RetryableError } from 'waybill'
import type { EmarsysSettings } from './settings'

type Token = { readonly token: string /** Milliseconds since the epoch. */; readonly until: number }

/** Where a token is kept for other processes. */
type TokenStore = {
  read(): Promise<string | undefined>
  write(text: string): Promise<void>
  /** True where nobody else has the lock. */
  lock(until: number): Promise<boolean>
  unlock(): Promise<void>
}

const earlyMs = 60_000
const lockMs = 30_000
/** At most one renewal that a refused token asks for: the rations are 2 a minute and 10 an hour. */
const forcedEveryMs = 6 * 60_000
/** Waits after the token endpoint said that it has had enough: 60 s, then 6 minutes. */
const rationWaits = [60, 360] as const

const memory = new Map<string, Token>()
const underWay = new Map<string, Promise<Token>>()
const rationed = new Map<string, number>()
const forcedAt = new Map<string, number>()
const maxRemembered = 1000

/** Forgets what this process knows of tokens. */
export function forgetTokens(): void {
  for (const map of [memory, underWay, rationed, forcedAt]) map.clear()
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.size >= maxRemembered) map.delete(map.keys().next().value as string)
  map.set(key, value)
}

export const tokenAddress = ({ tokenUrl }: EmarsysSettings): string =>
  tokenUrl || 'https://auth.emarsys.net/oauth2/token'

/** Tokens of other credentials are other tokens; nothing can be read out of the name. */
const nameOf = (settings: EmarsysSettings): string =>
  createHash('sha256')
    .update(JSON.stringify([tokenAddress(settings), settings.clientId, settings.clientSecret]))
    .digest('hex')
    .slice(0, 32)

const isFresh = (token: Token | undefined): token is Token => token !== undefined && token.until > Date.now()

/**
 * The access token of the credentials: one for all calls and, with a store or a file, for all processes, kept until a
 * minute before its end and fetched by one at a time. `refused`: the token that the API has just refused.
 * @throws InvalidAuthenticationError where the credentials are refused; RetryableError while the rations are used up.
 */
export async function accessToken(
  request: RequestClient,
  settings: EmarsysSettings,
  state: ActionState | undefined,
  refused?: string,
): Promise<string> {
  const name = nameOf(settings)
  const known = memory.get(name)
  if (isFresh(known) && known.token !== refused) return known.token
  const running =
    underWay.get(name) ??
    obtain(request, settings, name, storeOf(settings, state, name), refused).finally(() =>
      underWay.delete(name),
    )
  underWay.set(name, running)
  return (await running).token
}

/** Whether a refused token may be answered by a new one yet. */
export function mayRenew(settings: EmarsysSettings): boolean {
  const name = nameOf(settings)
  const last = forcedAt.get(name)
  if (last !== undefined && Date.now() - last < forcedEveryMs) return false
  remember(forcedAt, name, Date.now())
  return true
}

async function obtain(
  request: RequestClient,
  settings: EmarsysSettings,
  name: string,
  store: TokenStore | undefined,
  refused: string | undefined,
): Promise<Token> {
  const giveUpAt = Date.now() + lockMs
  for (;;) {
    const kept = await readToken(store)
    if (isFresh(kept) && kept.token !== refused) {
      remember(memory, name, kept)
      return kept
    }
    if (store === undefined || (await store.lock(Date.now() + lockMs))) break
    if (Date.now() > giveUpAt)
      throw new RetryableError('Another process is fetching a token of Emarsys.', 503)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  try {
    // Somebody else may have fetched one between the look and the lock.
    const kept = await readToken(store)
    const token = isFresh(kept) && kept.token !== refused ? kept : await fetchToken(request, settings, name)
    if (token.until > Date.now()) {
      remember(memory, name, token)
      if (token !== kept) await store?.write(JSON.stringify(token))
    }
    return token
  } finally {
    await store?.unlock()
  }
}

async function readToken(store: TokenStore | undefined): Promise<Token | undefined> {
  try {
    return JSON.parse((await store?.read()) ?? 'null') ?? undefined
  } catch {
    // What cannot be read is replaced by the next token.
    return undefined
  }
}

async function fetchToken(request: RequestClient, settings: EmarsysSettings, name: string): Promise<Token> {
  const { clientId = '', clientSecret = '' } = settings
  if (clientId === '' || clientSecret === '')
    throw new InvalidAuthenticationError(
      'OpenID Connect needs the client ID and the client secret; or choose WSSE, with the API user and its secret.',
    )
  const response = await request<{ access_token?: unknown; expires_in?: unknown }>(tokenAddress(settings), {
    method: 'post',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: 'grant_type=client_credentials',
    throwHttpErrors: false,
  })
  const { status, data } = response
  if (status === 429) throw rationUsedUp(name)
  if (status === 400 || status === 401 || status === 403)
    throw new InvalidAuthenticationError(
      'Emarsys does not know these credentials: check the client ID, the client secret and the token address.',
    )
  if (status >= 300) throw new RetryableError(`The token address of Emarsys answered ${status}.`, 503)
  if (typeof data?.access_token !== 'string')
    throw new RetryableError('The token address of Emarsys answered without a token; check the address.', 503)
  rationed.delete(name)
  const seconds = Number(data.expires_in ?? 3600)
  return { token: data.access_token, until: Date.now() + seconds * 1000 - earlyMs }
}

function rationUsedUp(name: string): Error {
  const times = rationed.get(name) ?? 0
  remember(rationed, name, times + 1)
  const seconds = rationWaits[Math.min(times, rationWaits.length - 1)] as number
  return waiting('Emarsys gives no more tokens for now: 2 a minute and 10 an hour.', 429, seconds)
}

/** An error after which the runtime waits; it looks like that of a response with `Retry-After`. */
export function waiting(message: string, status: number, seconds: number): Error {
  return Object.assign(new RetryableError(message, status as 429), {
    response: { status, headers: new Headers({ 'retry-after': String(seconds) }), reason: message },
  })
}

function storeOf(
  { tokenFile }: EmarsysSettings,
  state: ActionState | undefined,
  name: string,
): TokenStore | undefined {
  if (state !== undefined) return stateStore(state, `emarsys-api/token/${name}`)
  return tokenFile ? fileStore(tokenFile) : undefined
}

function stateStore(state: ActionState, key: string): TokenStore {
  const lockKey = `${key}/lock`
  let own = ''
  return {
    read: () => state.get(key),
    write: (text) => state.set(key, text),
    async lock(until) {
      const before = await state.get(lockKey)
      if (before !== undefined && Number(before.split(' ')[0]) > Date.now()) return false
      own = `${until} ${process.pid} ${Math.random()}`
      return state.replace(lockKey, before, own)
    },
    async unlock() {
      if ((await state.get(lockKey)) === own) await state.delete(lockKey)
    },
  }
}

/** A file of mode 0600, replaced as a whole; beside it a lock that is broken when its owner is gone. */
function fileStore(file: string): TokenStore {
  const lockFile = `${file}.lock`
  return {
    read: () => readFile(file, 'utf8').catch(() => undefined),
    async write(text) {
      const draft = `${file}.${process.pid}`
      await writeFile(draft, text, { mode: 0o600 })
      await rename(draft, file)
    },
    async lock() {
      await mkdir(dirname(file), { recursive: true })
      const age = await stat(lockFile).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > lockMs) await rm(lockFile, { force: true })
      try {
        await (await open(lockFile, 'wx', 0o600)).close()
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      }
    },
    unlock: () => rm(lockFile, { force: true }),
  }
}
