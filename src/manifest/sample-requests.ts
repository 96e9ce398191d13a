import { createRedact, createRuntime, literal, type Outcome, type SegmentEvent, secretsOf } from 'waybill'
import { createSampleEvents, type Platform, semanticEventNames } from 'waybill/testing'
import { type Definition, describeDestination } from './create-manifest'
import type { ActionManifest, DestinationManifest } from './manifest'
import { sampleValues } from './sample-values'

/** A request as it would go out, with secrets masked. JSON bodies are indented. */
export type RecordedRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an action sends. */
export type SampleRequest = {
  /** `event`: made of a sample event. `values`: of values that fit the fields, where no sample event serves. */
  readonly source: 'event' | 'values'
  /** Name of the track event, else the type of the call. */
  readonly event: string
  /** In their order. Empty where the action sent nothing. */
  readonly requests: readonly RecordedRequest[]
}

type Attempt = { readonly requests: RecordedRequest[]; readonly outcome: Outcome | undefined }

const quotedName = /\bevent\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')/g

/** Calls of every kind from one platform; those first that a filter names, or that carry the most. */
function eventsOf(platform: Platform, filter: string): SegmentEvent[] {
  const samples = createSampleEvents({ seed: 'documents', platform })
  const named = [...filter.matchAll(quotedName)].map((match) =>
    (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'),
  )
  const rest = Object.values(semanticEventNames).flat()
  const names = new Set<string>([...named, 'Order Completed', 'Product Viewed', ...rest])
  return [
    samples.identify(),
    ...[...names].map((name) => samples.track(name)),
    samples.page(),
    samples.screen(),
    samples.group(),
    samples.alias(),
    samples.audience({ call: 'identify' }),
    samples.computedTrait({ call: 'track' }),
  ]
}

/** Those of a phone serve actions that need its push token. */
const sampleEvents = (filter: string): SegmentEvent[] => [
  ...eventsOf('web', filter),
  ...eventsOf('ios', filter),
]

const isText = (value: unknown): value is string => typeof value === 'string'

function bodyText(body: unknown): string {
  if (body === undefined || body === null) return ''
  const text = isText(body) ? body : Buffer.from(body as Uint8Array).toString('utf8')
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/** A `fetch` that keeps each request and answers 200 with an empty object. */
function createRecorder(definition: Definition, settings: Readonly<Record<string, unknown>>) {
  const fields = definition.authentication?.fields as Record<string, { type?: string }> | undefined
  const redact = createRedact(secretsOf(fields, settings))
  const requests: RecordedRequest[] = []
  const record: typeof fetch = async (address, options = {}) => {
    requests.push({
      method: (options.method ?? 'GET').toUpperCase(),
      url: redact.text(String(address)),
      headers: redact.headers(Object.fromEntries(new Headers(options.headers))),
      body: redact.text(bodyText(options.body)),
    })
    return Response.json({})
  }
  return { requests, record }
}

/** Runs one action on one event as a connection would. Mistakes of a definition are its author's to see elsewhere. */
function createTrial(definition: Definition, settings: Readonly<Record<string, unknown>>, action: string) {
  return async (
    event: SegmentEvent,
    filter: string,
    mapping?: Readonly<Record<string, unknown>>,
  ): Promise<Attempt> => {
    const { requests, record } = createRecorder(definition, settings)
    const runtime = createRuntime({
      fetch: record,
      connections: [
        {
          destination: definition,
          settings,
          limits: { requestsPerSecond: 1000 },
          subscriptions: [{ action, filter, ...(mapping === undefined ? {} : { mapping }) }],
        },
      ],
    })
    try {
      const [outcome] = await runtime.send([event])
      return { requests, outcome }
    } finally {
      await runtime.close()
    }
  }
}

const nameOf = (event: SegmentEvent): string => (isText(event.event) ? event.event : String(event.type))

const anyCall =
  'type = "identify" or type = "track" or type = "page" or type = "screen" or type = "group" or type = "alias"'

/** How subscriptions to an action are set up: as its first preset says, else by its own default. */
function setupOf(slug: string, action: ActionManifest, { presets }: DestinationManifest) {
  const preset = presets.find((candidate) => candidate.action === slug && candidate.type === 'automatic')
  const defaults = Object.fromEntries(
    Object.entries(action.fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )
  return {
    filter: preset?.filter ?? action.defaultSubscription ?? anyCall,
    mapping: { ...defaults, ...preset?.mapping },
  }
}

const literals = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, literal(value as never)]))

async function sampleRequest(
  definition: Definition,
  settings: Readonly<Record<string, unknown>>,
  slug: string,
  manifest: DestinationManifest,
): Promise<SampleRequest> {
  const action = manifest.actions[slug] as ActionManifest
  const { filter, mapping } = setupOf(slug, action, manifest)
  const trial = createTrial(definition, settings, slug)
  const events = sampleEvents(filter)
  const fits: SegmentEvent[] = []
  for (const event of events) {
    const { requests, outcome } = await trial(event, filter, mapping)
    if (outcome?.kind === 'delivered' && requests.length > 0)
      return { source: 'event', event: nameOf(event), requests }
    if (outcome?.kind !== 'skipped') fits.push(event)
  }
  const event = (fits[0] ?? events[0]) as SegmentEvent
  const filled = { ...mapping, ...literals(sampleValues(action.fields)) }
  const { requests } = await trial(event, anyCall, filled)
  return { source: 'values', event: nameOf(event), requests }
}

/**
 * What each action of a destination sends, by its slug: every action is really run, on a sample event and with
 * settings made of the definition, and its requests are recorded instead of sent. `settings` go over the made ones.
 * @throws ConfigurationError INVALID_SETTINGS when the made settings do not fit and `settings` does not mend it.
 */
export async function sampleRequests(
  definition: Definition,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly [action: string]: SampleRequest }> {
  const manifest = describeDestination(definition)
  const filled = { ...sampleValues(manifest.settings), ...settings }
  const samples: Record<string, SampleRequest> = {}
  for (const slug of Object.keys(manifest.actions))
    samples[slug] = await sampleRequest(definition, filled, slug, manifest)
  return samples
}
