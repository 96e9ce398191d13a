import type { ObservedExchange } from '../../delivery/request/observe-transport'
import type { Redact } from '../../delivery/request/redact'
import type { OutcomeKind, Verdict } from '../../outcome'
import type { RunningClock } from '../system-clock'
import type { OpenDelivery } from './open-delivery'

/** One request of an attempt. Secrets are masked; bodies are masked and cut. */
export type RequestReport = {
  readonly method: string
  readonly url: string
  /** Names and values. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Absent: no response came. */
  readonly status?: number
  readonly responseBody?: string
  /** Why no response came, or why its body could not be read. */
  readonly error?: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly durationMs: number
}

/** One attempt: a call of an action for one delivery, or for a batch. */
export type AttemptReport = {
  readonly connection: string
  readonly subscription: string
  readonly action: string
  /** Of the first delivery. */
  readonly messageId?: string
  /** Of the first delivery, from 1. */
  readonly attempt: number
  /** What the attempt came to for the first delivery. */
  readonly kind: OutcomeKind
  /** Of the last request, where one was made. */
  readonly method?: string
  readonly url?: string
  readonly status?: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly durationMs: number
  readonly requests: readonly RequestReport[]
  /** Each delivery of the batch; one for an attempt that is none. A delivery that is part of a job has no kind yet. */
  readonly deliveries: readonly {
    readonly messageId?: string
    readonly idempotencyKey: string
    readonly attempt: number
    readonly kind?: OutcomeKind
    readonly code?: string
    readonly status?: number
  }[]
}

export type AttemptListener = (report: AttemptReport) => void

/** Characters of a body that are kept. */
const maxBody = 4_000
/** Characters that are read of it: masking looks for secrets that begin before the cut. */
const maxRead = 16_000

/** Notes what an attempt does, for a listener. */
export type AttemptRecorder = {
  readonly observe: (exchange: ObservedExchange) => void
  /** The attempt has ended. */
  tell(verdicts: readonly (Verdict | undefined)[]): void
}

/** Creates the recorder of one attempt that begins now. */
export function createAttemptRecorder(
  listener: AttemptListener,
  deliveries: readonly [OpenDelivery, ...OpenDelivery[]],
  clock: RunningClock,
): AttemptRecorder {
  const [{ connection, subscription }] = deliveries
  const begin = performance.now()
  const toEpoch = clock.now() - begin
  const requests: RequestReport[] = []
  return {
    observe: (exchange) => void requests.push(requestReport(exchange, connection.redact, toEpoch)),
    tell(verdicts) {
      const told = deliveries.map((delivery, position) => ({
        ...(delivery.event.messageId !== undefined && { messageId: delivery.event.messageId }),
        idempotencyKey: delivery.idempotencyKey,
        attempt: delivery.attempt,
        ...verdictReport(verdicts[position], connection.redact),
      }))
      const [first] = told as [AttemptReport['deliveries'][number]]
      const last = requests.at(-1)
      listener({
        connection: connection.name,
        subscription: subscription.name,
        action: subscription.action,
        ...(first.messageId !== undefined && { messageId: first.messageId }),
        attempt: first.attempt,
        kind: first.kind ?? 'unknown',
        ...(last !== undefined && { method: last.method, url: last.url }),
        ...(last?.status !== undefined && { status: last.status }),
        startedAt: Math.round(begin + toEpoch),
        durationMs: Math.round(performance.now() - begin),
        requests,
        deliveries: told,
      })
    },
  }
}

function verdictReport(verdict: Verdict | undefined, redact: Redact) {
  const { kind, code, status } = (verdict ?? {}) as { kind?: OutcomeKind; code?: string; status?: number }
  return {
    ...(kind !== undefined && { kind }),
    ...(code !== undefined && { code: redact.text(code) }),
    ...(status !== undefined && { status }),
  }
}

function requestReport(
  { request, response, error, startedAt, endedAt }: ObservedExchange,
  redact: Redact,
  toEpoch: number,
): RequestReport {
  const problem = error ?? response?.unreadable
  const body = bodyText(request.body, redact)
  const responseBody = bodyText(response?.body, redact)
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < request.headers.length; index += 2)
    headers[request.headers[index] as string] = request.headers[index + 1] as string
  return {
    method: request.method,
    url: redact.text(request.url),
    headers: redact.headers(headers),
    ...(body !== undefined && { body }),
    ...(response !== undefined && { status: response.status }),
    ...(responseBody !== undefined && { responseBody }),
    ...(problem !== undefined && { error: redact.text(String((problem as Error).message ?? problem)) }),
    startedAt: Math.round(startedAt + toEpoch),
    durationMs: Math.round(endedAt - startedAt),
  }
}

const decoder = new TextDecoder()

function bodyText(body: string | Uint8Array | undefined, redact: Redact): string | undefined {
  if (body === undefined || body.length === 0) return undefined
  const text = typeof body === 'string' ? body.slice(0, maxRead) : decoder.decode(body.subarray(0, maxRead))
  const masked = redact.text(text)
  return masked.length > maxBody ? `${masked.slice(0, maxBody)}…` : masked
}
