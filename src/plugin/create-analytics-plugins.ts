import { ConfigurationError, isWaybillError } from '../errors'
import type { SegmentEvent } from '../event'
import type { Outcome } from '../outcome'
import { createRuntime, type Runtime } from '../runtime/create-runtime'
import type { Connection, Limits, RetryOptions } from '../runtime/options'
import type { AnalyticsContext, AnalyticsPlugin } from './analytics-plugin'
import { isBrowser, refuseSecrets } from './browser-secrets'
import { copyEvent } from './copy-event'

export type AnalyticsPluginOptions = {
  readonly connections: readonly Connection[]
  /**
   * Milliseconds for one event, retries included. What has not ended then counts as `unknown`, and the SDK's `flush`
   * need not wait for it any longer. Default 30,000.
   */
  readonly deadlineMs?: number
  /** Default: retries within the deadline. */
  readonly retry?: RetryOptions
  readonly limits?: Limits
  /** Default: pooled connections in Node, the page's `fetch` in a browser. */
  readonly fetch?: typeof fetch
  /**
   * On a page, allow settings of type `password`, which everybody can then read: for keys that are public, and for
   * emulators. Default false.
   */
  readonly allowPublicSecrets?: boolean
  /** Let the SDK's callback and `error` event tell of events that were not delivered here, in place of Segment's own result. Default false. */
  readonly failEvents?: boolean
  /** Called once for each event and subscription. One that throws changes nothing. */
  readonly onOutcome?: (outcome: Outcome, event: SegmentEvent) => void
}

const version = '0.1.0'
const defaultDeadlineMs = 30_000

const isFailure = ({ kind }: Outcome): boolean => kind !== 'delivered' && kind !== 'skipped'

/** The one outcome of an event that no subscription could be asked about. */
function failureOf(
  connection: string,
  messageId: unknown,
  error: unknown,
  kind: 'retry' | 'invalid' | 'unknown',
): Outcome {
  const base = {
    index: 0,
    connection,
    attempt: 0,
    durationMs: 0,
    ...(typeof messageId === 'string' && { messageId }),
    message: error instanceof Error ? error.message : String(error),
  }
  if (kind === 'invalid') return { ...base, kind, owner: 'event', code: 'INVALID_PAYLOAD', fields: [] }
  if (kind === 'unknown') return { ...base, kind, owner: 'network', code: 'DEADLINE_EXCEEDED' }
  return {
    ...base,
    kind,
    owner: 'configuration',
    code: isWaybillError(error) ? error.code : 'INVALID_CONFIGURATION',
  }
}

const wait = (ms: number): { readonly over: Promise<undefined>; cancel(): void } => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return { over, cancel: () => clearTimeout(timer) }
}

/** How long an event's attempts may take to wind up after its deadline. */
const windUpMs = 500

function createPlugin(connection: Connection, options: AnalyticsPluginOptions): AnalyticsPlugin {
  const { deadlineMs = defaultDeadlineMs, limits, fetch, onOutcome, failEvents = false } = options
  const { name, integrationNames } = connection.destination
  const ownName = connection.name ?? connection.destination.slug ?? name
  const channel = isBrowser() ? 'browser' : 'server'
  const pending = new Set<Promise<unknown>>()
  let opened: { readonly runtime: Runtime } | { readonly error: unknown } | undefined

  function open() {
    try {
      const runtime = createRuntime({
        connections: [{ ordering: 'user', ...connection }],
        retry: { forMs: deadlineMs, ...options.retry },
        ...(limits !== undefined && { limits }),
        ...(fetch !== undefined && { fetch }),
      })
      return { runtime }
    } catch (error) {
      return { error }
    }
  }

  /** Within the deadline, whatever the destination does. */
  async function sendWithin(runtime: Runtime, event: SegmentEvent): Promise<readonly Outcome[]> {
    const controller = new AbortController()
    const sending = runtime.send([event], { signal: controller.signal })
    sending.catch(() => undefined)
    for (const ms of [deadlineMs, windUpMs]) {
      const deadline = wait(ms)
      const outcomes = await Promise.race([sending, deadline.over])
      deadline.cancel()
      if (outcomes !== undefined) return outcomes
      controller.abort()
    }
    return [failureOf(ownName, event.messageId, `nothing came of it within ${deadlineMs} ms`, 'unknown')]
  }

  async function outcomesOf(event: SegmentEvent): Promise<readonly Outcome[]> {
    opened ??= open()
    if ('error' in opened) return [failureOf(ownName, event.messageId, opened.error, 'retry')]
    try {
      return await sendWithin(opened.runtime, event)
    } catch (error) {
      return [failureOf(ownName, event.messageId, error, 'retry')]
    }
  }

  function report(context: AnalyticsContext, event: SegmentEvent, outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      try {
        onOutcome?.(outcome, event)
      } catch {
        // The listener's own fault must not become the event's.
      }
    }
    const failures = outcomes.filter(isFailure)
    for (const outcome of failures)
      context.log('error', `waybill: ${outcome.kind}`, { plugin: name, outcome })
    if (failEvents && failures.length > 0) context.setFailedDelivery?.({ reason: failures[0] })
  }

  async function deliver<Context extends AnalyticsContext>(context: Context): Promise<Context> {
    let event: SegmentEvent
    try {
      event = copyEvent(context.event, Date.now(), channel)
    } catch (error) {
      const { messageId } = context.event as SegmentEvent
      report(context, context.event as SegmentEvent, [failureOf(ownName, messageId, error, 'invalid')])
      return context
    }
    const sending = outcomesOf(event)
    pending.add(sending)
    const outcomes = await sending
    pending.delete(sending)
    report(context, event, outcomes)
    return context
  }

  const flush = async (): Promise<void> => {
    await Promise.all(pending)
  }
  const load = async (): Promise<void> => {
    opened ??= open()
  }
  return {
    name,
    ...(integrationNames !== undefined && { alternativeNames: [...integrationNames] }),
    type: 'destination',
    version,
    isLoaded: () => opened !== undefined && 'runtime' in opened,
    load,
    ready: load,
    async unload() {
      await flush()
      if (opened !== undefined && 'runtime' in opened) await opened.runtime.close()
    },
    flush,
    identify: deliver,
    track: deliver,
    page: deliver,
    screen: deliver,
    group: deliver,
    alias: deliver,
  }
}

/**
 * Makes a plugin for each connection, for `@segment/analytics-node` (`analytics.register(...plugins)`) and
 * `@segment/analytics-next` (`plugins` of `load`). An event's `integrations` object chooses among them by the names of
 * the destinations. Events of one person are delivered in order, refusals that pass are tried again, and a connection
 * that cannot be opened harms no other and no event of Segment's.
 * @throws ConfigurationError for a list that is none, and on a page for settings of type `password`.
 */
export function createAnalyticsPlugins(options: AnalyticsPluginOptions): AnalyticsPlugin[] {
  const { connections, allowPublicSecrets = false } = options
  if (!Array.isArray(connections))
    throw new ConfigurationError('INVALID_CONFIGURATION', 'give a list of connections', {
      path: 'connections',
    })
  for (const [index, connection] of (connections as readonly Connection[]).entries())
    if (typeof connection?.destination?.name !== 'string')
      throw new ConfigurationError('INVALID_CONFIGURATION', 'give a destination definition', {
        path: `connections[${index}].destination`,
      })
  if (isBrowser() && !allowPublicSecrets) refuseSecrets(connections)
  return connections.map((connection) => createPlugin(connection, options))
}
