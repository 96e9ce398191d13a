import { ConfigurationError } from '../../errors'
import type { SegmentEvent } from '../../event'
import { type Explanation, explain } from '../../explain/explain'
import { didYouMean } from '../../nearest'
import type { Connection, SubscriptionConfiguration } from '../../runtime/options'
import { ApiError } from '../api-error'
import type { ExplainResult } from '../shapes'
import type { ExplainRequest } from '../source'
import { nearestPath, pathsOf } from './nearest-path'
import { nameOf } from './runtime-view'

const deadlineMs = 500
const sendDeadlineMs = 15_000

/** What can be tried: destinations by slug with made-up settings, and what emulators need. */
export type Testable = {
  readonly definition: Connection['destination']
  readonly sampleSettings: Readonly<Record<string, unknown>>
  /** Settings that point at the emulator of this process. */
  readonly emulatorSettings?: () => Readonly<Record<string, unknown>> | undefined
}

export type TesterOptions = {
  readonly connections: () => readonly Connection[]
  readonly destinations: () => ReadonlyMap<string, Testable>
  readonly compatibility: boolean
  readonly fetch?: typeof fetch
}

export type Tester = {
  explain(request: ExplainRequest): Promise<ExplainResult>
  send(request: ExplainRequest, to: 'emulator' | 'connection'): Promise<ExplainResult>
  /** What every connection makes of an event. */
  explainAll(event: SegmentEvent): Promise<Explanation[]>
}

/** Explains and sends single events, with the filter, mapping and checks of the runtime. */
export function createTester({
  connections,
  destinations,
  compatibility,
  fetch: given,
}: TesterOptions): Tester {
  function testable(slug: string): Testable {
    const all = destinations()
    const found = all.get(slug)
    if (found === undefined)
      throw new ConfigurationError(
        'UNKNOWN_DESTINATION',
        `there is no destination "${slug}"${didYouMean(slug, [...all.keys()])}`,
      )
    return found
  }

  function baseOf({ destination, connection, settings }: ExplainRequest): Connection {
    if (connection === undefined) {
      const { definition, sampleSettings } = testable(destination as string)
      return {
        destination: definition,
        settings: { ...sampleSettings, ...settings },
        subscriptions: 'presets',
      }
    }
    const names = connections().map(nameOf)
    const found = connections().find((each) => nameOf(each) === connection)
    if (found === undefined)
      throw new ConfigurationError(
        'UNKNOWN_CONNECTION',
        `there is no connection "${connection}"${didYouMean(connection, names)}`,
      )
    return found
  }

  function connectionOf(request: ExplainRequest): Connection {
    const base = baseOf(request)
    const own = ownSubscription(base, request)
    return own === undefined ? base : { ...base, subscriptions: [own] }
  }

  async function run(request: ExplainRequest, connection: Connection, send: boolean): Promise<ExplainResult> {
    const startedAt = performance.now()
    const { event, subscription } = request
    const explanation = await withDeadline(
      explain({
        connection,
        event,
        compatibility,
        send,
        ...(subscription !== undefined && { subscription }),
        ...(given !== undefined && { fetch: given }),
      }),
      send ? sendDeadlineMs : deadlineMs,
    )
    return {
      ...explanation,
      nearest: nearestPaths(explanation, event),
      durationMs: Math.round(performance.now() - startedAt),
    }
  }

  return {
    explain: async (request) => run(request, connectionOf(request), false),
    async send(request, to) {
      const connection = connectionOf(request)
      if (to === 'connection') {
        if (request.connection === undefined)
          throw new ApiError(400, 'INVALID_REQUEST', 'connection: name the connection to send to')
        return run(request, connection, true)
      }
      const slug = connection.destination.slug ?? ''
      const settings = testable(slug).emulatorSettings?.()
      if (settings === undefined)
        throw new ApiError(
          404,
          'NOT_FOUND',
          `no emulator of "${slug}" runs here; start one with --emulate ${slug}`,
        )
      return run(request, { ...connection, settings: { ...connection.settings, ...settings } }, true)
    },
    explainAll: async (event) =>
      Promise.all(
        connections().map((connection) =>
          explain({ connection, event, compatibility }).catch(
            (): Explanation => ({ connection: nameOf(connection), subscriptions: [] }),
          ),
        ),
      ),
  }
}

/** `action`, `filter` and `mapping` replace the subscriptions by one. */
function ownSubscription(base: Connection, request: ExplainRequest): SubscriptionConfiguration | undefined {
  const { action, filter, mapping, subscription } = request
  if (action === undefined && filter === undefined && mapping === undefined) return undefined
  const { actions, presets = [] } = base.destination
  const stored =
    base.subscriptions === 'presets'
      ? undefined
      : base.subscriptions.find(({ name }) => name === subscription)
  const slug = action ?? stored?.action ?? stored?.partnerAction
  const definition = slug === undefined ? undefined : actions[slug]
  if (slug === undefined || definition === undefined)
    throw new ConfigurationError(
      'UNKNOWN_ACTION',
      slug === undefined
        ? `action: name one of ${Object.keys(actions).join(', ')}`
        : `there is no action "${slug}"${didYouMean(slug, Object.keys(actions))}`,
    )
  const preset = presets.find(({ partnerAction }) => partnerAction === slug)
  const presetFilter = preset !== undefined && 'subscribe' in preset ? preset.subscribe : undefined
  return {
    ...(subscription !== undefined && { name: subscription }),
    action: slug,
    filter:
      filter ??
      stored?.filter ??
      stored?.subscribe ??
      definition.defaultSubscription ??
      presetFilter ??
      'type != ""',
    ...(mapping !== undefined ? { mapping } : stored?.mapping !== undefined && { mapping: stored.mapping }),
  }
}

async function withDeadline<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ApiError(504, 'TIMED_OUT', `it took longer than ${ms} ms`)), ms)
    timer.unref()
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** For each field whose path finds nothing: the path of the event that is nearest to it by name. */
function nearestPaths({ subscriptions }: Explanation, event: SegmentEvent): Record<string, string> {
  const paths = pathsOf(event)
  const found: Record<string, string> = {}
  for (const { fields = [] } of subscriptions)
    for (const { key, mapping, problems } of fields) {
      if (problems.length === 0 || mapping === undefined || mapping.output !== undefined) continue
      const wanted = /\$\.([\w.[\]]+)/.exec(mapping.text)?.[1]
      const near = wanted === undefined ? undefined : nearestPath(wanted, paths)
      if (near !== undefined) found[key] = near
    }
  return found
}
