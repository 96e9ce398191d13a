import { writeSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { Claimed, Delivery, Settlement, Store } from 'waybill/queue'
import { createKillPoints, type KillPoint } from './kill-points'

export type WorkerOptions = {
  readonly life: number
  readonly port: number
  /** A file, or `postgres://...`. */
  readonly store: string
  readonly leaseMs: number
  readonly produces: boolean
  readonly killPoint?: KillPoint
  readonly nth: number
}

const options = JSON.parse(process.argv[2] ?? '{}') as WorkerOptions
const { life, port, leaseMs } = options
const pass = createKillPoints(options.killPoint, options.nth)
const mostInFlight = 64
const agent = new Agent({ keepAlive: true, maxSockets: mostInFlight })

/** A synchronous write: what it wrote survives the kill. */
const say = (word: string, value: unknown) => writeSync(1, `${word} ${JSON.stringify(value)}\n`)
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function open(): Promise<Store> {
  if (options.store.startsWith('postgres:')) {
    const { openPostgresStore } = require('waybill/queue/postgres') as typeof import('waybill/queue/postgres')
    return openPostgresStore({ url: options.store, maxConnections: 4 })
  }
  const { openSqliteStore } = require('waybill/queue/sqlite') as typeof import('waybill/queue/sqlite')
  return openSqliteStore({ file: options.store, reserveBytes: 0 })
}

type Answer = { readonly status: number; readonly afterMs: number }

const post = ({ delivery, maybeDone }: Claimed): Promise<Answer> =>
  new Promise((resolve) => {
    const query = new URLSearchParams({
      ...{ id: delivery.idempotencyKey, life: String(life), maybe: maybeDone ? '1' : '0' },
      ...(delivery.person !== undefined && { person: delivery.person }),
    })
    const none = { status: 0, afterMs: 0 }
    const sent = request(
      { host: '127.0.0.1', port, method: 'POST', path: `/?${query}`, agent, timeout: 5000 },
      (response) => {
        response.resume()
        const { statusCode: status = 0, headers } = response
        response
          .on('end', () => resolve({ status, afterMs: Number(headers['x-retry-after-ms'] ?? 50) }))
          .on('error', () => resolve(none))
      },
    )
    sent.on('error', () => resolve(none)).on('timeout', () => sent.destroy())
    sent.end(JSON.stringify(delivery.event))
  })

function settlementOf({ lease, delivery }: Claimed, { status, afterMs }: Answer): Settlement {
  if (status === 200) return { lease, kind: 'done' }
  const { connection, subscription, attempt } = delivery
  const fault = { owner: 'destination' as const, code: `HTTP_${status}`, message: 'refused', status }
  if (status === 400)
    return {
      ...{ lease, kind: 'dead', reason: 'HTTP_400' },
      outcome: { kind: 'rejected', index: 0, connection, subscription, attempt, durationMs: 1, ...fault },
    }
  const record = { attempt, at: new Date().toISOString(), kind: status === 0 ? 'unknown' : 'retry' } as const
  return { lease, kind: 'again', afterMs: status === 0 ? 50 : afterMs, unknown: status === 0, record }
}

async function produce({ queue }: Store): Promise<void> {
  for (let number = 0; ; number += 20) {
    const deliveries = Array.from({ length: 20 }, (_, index): Delivery => {
      const id = `${life}-${number + index}`
      return {
        event: { type: 'track', messageId: id, properties: { text: 'x'.repeat(300) } },
        ...{ connection: 'shop', subscription: (number + index) % 3 === 0 ? 'a' : 'b', idempotencyKey: id },
        ...{ attempt: 0, receivedAt: Date.now(), firstAttemptAt: 0, history: [] },
        ...((number + index) % 4 === 0 && { person: `person ${(number + index) % 40}` }),
      }
    })
    pass('before put')
    await queue.put(deliveries)
    pass('after put')
    say(
      'accepted',
      deliveries.map(({ idempotencyKey }) => idempotencyKey),
    )
    await sleep(10)
  }
}

async function deliver({ queue }: Store): Promise<void> {
  let inFlight = 0
  const one = async (claimed: Claimed) => {
    pass('before send')
    const answer = await post(claimed)
    pass('after response')
    inFlight -= 1
    pass('before settle')
    const { late } = await queue.settle([settlementOf(claimed, answer)])
    pass('after settle')
    if (late.length > 0) say('late', late.length)
  }
  for (;;) {
    if (inFlight >= mostInFlight) await sleep(2)
    else {
      pass('before claim')
      const claims = await queue.claim({
        max: mostInFlight - inFlight,
        leaseMs,
        signal: AbortSignal.timeout(100),
      })
      pass('after claim')
      inFlight += claims.length
      for (const claimed of claims)
        one(claimed).catch((error) => say('error', `settle: ${(error as Error).message}`))
    }
  }
}

async function finish({ queue }: Store): Promise<void> {
  for (;;) {
    const stats = await queue.stats()
    const waiting = stats.reduce((sum, { ready, waiting, leased }) => sum + ready + waiting + leased, 0)
    if (waiting === 0) break
    await sleep(100)
  }
  const dead: string[] = []
  for (let after: string | undefined, isMore = true; isMore; ) {
    const page = await queue.dead.list({}, { limit: 500, ...(after !== undefined && { after }) })
    dead.push(...page.letters.map(({ delivery }) => delivery.idempotencyKey))
    after = page.next
    isMore = after !== undefined
  }
  say('finished', { dead })
}

async function main(): Promise<void> {
  const store = await open()
  say('ready', life)
  const fail = (error: unknown) => say('error', String(error))
  deliver(store).catch(fail)
  if (options.produces) await produce(store).catch(fail)
  else await finish(store)
}
void main()
