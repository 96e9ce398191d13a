import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConnectionDetail, ExplainResult, Journey } from '../../../src/console/shapes'
import type { DestinationManifest, FieldManifest } from '../../../src/manifest/manifest'
import { type ApiFailure, get, post } from '../data/api'
import { pack, unpack } from '../data/fragment'
import { useResource } from '../data/resource'
import { hash, query, setQuery } from '../data/router'
import { may } from '../data/session'
import { dev, overview, want } from '../data/stream'
import { say, sayFailure } from '../data/toast'
import { takeKeys } from '../keys/keyboard'
import { Button, Menu, Segments } from '../parts/controls'
import { Confirm } from '../parts/dialog'
import { EditorField } from '../parts/editor-field'
import { Screen } from '../parts/frame'
import { Icon } from '../parts/icon'
import { Failure, Skeleton } from '../parts/states'
import { DevProblems } from './dev-problems'
import { copyAsCurl, copyAsTest } from './tester-copy'
import { TesterResult } from './tester-result'

type Sample = { readonly name: string; readonly event: Readonly<Record<string, unknown>> }
type Target = { readonly slug: string; readonly connection?: string }

const print = (value: unknown): string => JSON.stringify(value, undefined, 2)

/** What my filter and mapping make of this event. */
export function TesterScreen() {
  const destinations = useResource<Readonly<Record<string, DestinationManifest>>>('/api/destinations')
  const samples = useResource<{ items: readonly Sample[] }>('/api/samples')
  useEffect(() => want('dev'), [])
  const loaded = dev.value?.loadedAt
  useEffect(() => {
    if (loaded !== undefined) destinations.reload()
  }, [loaded])
  if (destinations.error && !destinations.data)
    return (
      <Screen title="Tester">
        <Failure what="The destinations" error={destinations.error} onRetry={destinations.reload} />
      </Screen>
    )
  if (!destinations.data || !samples.data)
    return (
      <Screen title="Tester">
        <Skeleton lines={8} />
      </Screen>
    )
  return <Tester destinations={destinations.data} samples={samples.data.items} loaded={loaded} />
}

function Tester({
  destinations,
  samples,
  loaded,
}: {
  readonly destinations: Readonly<Record<string, DestinationManifest>>
  readonly samples: readonly Sample[]
  readonly loaded: string | undefined
}) {
  const connections = overview.value?.connections ?? []
  const parameter = (name: string): string | undefined => query.value.get(name) ?? undefined
  const connection = parameter('connection')
  const slugs = Object.keys(destinations)
  const slug =
    connections.find(({ name }) => name === connection)?.destination.slug ??
    parameter('destination') ??
    dev.value?.destinations[0] ??
    slugs[0] ??
    ''
  const manifest = destinations[slug]
  const actions = Object.entries(manifest?.actions ?? {}).filter(([, { hidden }]) => !hidden)
  const action = actions.some(([key]) => key === parameter('action'))
    ? (parameter('action') as string)
    : (actions[0]?.[0] ?? '')
  const target: Target = { slug, ...(connection !== undefined && { connection }) }
  const [event, setEvent] = useState('')
  const [filter, setFilter] = useState('')
  const [mapping, setMapping] = useState('')
  const [isReady, setReady] = useState(false)
  const [side, setSide] = useState<'input' | 'result'>('input')
  const [sent, setSent] = useState<ExplainResult | undefined>(undefined)
  const [isAsking, setAsking] = useState(false)
  const subscription = parameter('subscription')
  const from = parameter('from')

  useEffect(() => {
    let isGone = false
    setReady(false)
    setSent(undefined)
    startOf({ target, action, subscription, from, manifest, samples, fragment: hash.value.slice(1) }).then(
      (start) => {
        if (isGone) return
        setEvent(start.event)
        setFilter(start.filter)
        setMapping(start.mapping)
        setReady(true)
      },
    )
    return () => {
      isGone = true
    }
  }, [slug, connection, action, subscription, from])

  useEffect(() => {
    if (!isReady) return
    const timer = setTimeout(() => {
      pack({ event, filter, mapping }).then((text) =>
        history.replaceState(null, '', `${location.pathname}${location.search}#${text}`),
      )
    }, 500)
    return () => clearTimeout(timer)
  }, [isReady, event, filter, mapping])

  const result = useExplanation({
    isReady,
    event,
    filter,
    mapping,
    target,
    action,
    subscription,
    turn: loaded,
  })
  const parsed = { event: parse(event), mapping: parse(mapping) }
  const body = (): Record<string, unknown> => ({
    ...(connection !== undefined ? { connection } : { destination: slug }),
    ...(subscription !== undefined && { subscription }),
    action,
    filter,
    mapping: parsed.mapping.value,
    event: parsed.event.value,
  })
  const emulated = result.isEmulated
  const canSend =
    result.data !== undefined &&
    result.failure === undefined &&
    (result.data.subscriptions[0]?.requests?.length ?? 0) > 0
  const send = async (to: 'emulator' | 'connection'): Promise<void> => {
    setAsking(false)
    try {
      setSent(await post<ExplainResult>('/api/send', { ...body(), to }))
      setSide('result')
      if (to === 'emulator') say('Sent to the emulator.', `/vendors/${slug}`, 'See what it holds')
    } catch (error) {
      sayFailure(error)
    }
  }
  useEffect(() => setSent(undefined), [event, filter, mapping])
  const sendPrimary = (): void => {
    if (canSend && may('operate')) void send('emulator')
  }
  useEffect(() => takeKeys({ 'mod+Enter': sendPrimary }))
  const fields = manifest?.actions[action]?.fields ?? {}
  const title = `${connection ?? manifest?.name ?? slug} › ${manifest?.actions[action]?.title ?? action}`
  const filled =
    parsed.mapping.value === undefined
      ? 0
      : Object.keys(fields).filter(
          (key) => (parsed.mapping.value as Record<string, unknown>)[key] !== undefined,
        ).length
  return (
    <Screen
      title={title}
      parent={['Tester', '/test']}
      class="tester"
      actions={
        <>
          <span class="wide-only">
            <Button icon="copy" onClick={() => copyAsTest(slug, action, body())}>
              Copy as a test
            </Button>
          </span>
          <Menu label="More">
            {(close) => (
              <>
                <button
                  type="button"
                  class="item"
                  onClick={() => {
                    close()
                    copyAsCurl(result.data)
                  }}
                >
                  <Icon name="copy" /> Copy as curl
                </button>
                <button
                  type="button"
                  class="item narrow-only"
                  onClick={() => {
                    close()
                    copyAsTest(slug, action, body())
                  }}
                >
                  <Icon name="copy" /> Copy as a test
                </button>
              </>
            )}
          </Menu>
          {connection !== undefined && may('send') && (
            <span class="wide-only">
              <Button disabled={!canSend} onClick={() => setAsking(true)}>{`Send to ${connection}`}</Button>
            </span>
          )}
          {may('operate') && emulated && (
            <Button kind="primary" icon="send" disabled={!canSend} onClick={() => send('emulator')}>
              Send to emulator
            </Button>
          )}
        </>
      }
    >
      <h1 class="visually-hidden">{title}</h1>
      <div class="sides-switch narrow-only">
        <Segments
          label="Side"
          value={side}
          options={[
            ['input', 'Input'],
            ['result', 'Result'],
          ]}
          onChange={setSide}
        />
      </div>
      <section class={`input ${side === 'input' ? '' : 'wide-only'}`} aria-label="Input">
        <Pickers
          destinations={destinations}
          target={target}
          action={action}
          actions={actions.map(([key, each]) => [key, each.title] as const)}
          names={connections.map(({ name }) => name)}
        />
        <DevProblems />
        <header>
          <h2>Event</h2>
          <div class="end">
            <Menu label="Samples" text="Samples">
              {(close) =>
                samples.map((sample) => (
                  <button
                    type="button"
                    key={sample.name}
                    class="item"
                    onClick={() => {
                      close()
                      setEvent(print(sample.event))
                    }}
                  >
                    {sample.name}
                  </button>
                ))
              }
            </Menu>
            <Button
              kind="quiet"
              onClick={() =>
                fromLive(connection).then(
                  (found) => (found === undefined ? say('Nothing has come yet.') : setEvent(print(found))),
                  sayFailure,
                )
              }
            >
              From live
            </Button>
          </div>
        </header>
        <EditorField
          label="Event"
          value={event}
          onChange={setEvent}
          onSend={sendPrimary}
          completions={{ fields: [], paths: [], isMapping: false }}
        />
        <header>
          <h2>Filter</h2>
          <span class="muted">FQL</span>
        </header>
        <input
          class="filter-input"
          aria-label="Filter (FQL)"
          value={filter}
          spellcheck={false}
          onInput={(input) => setFilter(input.currentTarget.value)}
        />
        <header>
          <h2>Mapping</h2>
          <span class="muted">
            {Object.keys(fields).length} fields, {filled} filled
          </span>
          <div class="end">
            <Button kind="quiet" onClick={() => setMapping(print(defaultsOf(fields)))}>
              Defaults
            </Button>
          </div>
        </header>
        <EditorField
          label="Mapping"
          value={mapping}
          onChange={setMapping}
          onSend={sendPrimary}
          completions={{
            fields: Object.entries(fields).map(([key, { label, required, type }]) => ({
              key,
              label,
              isRequired: required === true,
              type,
            })),
            paths: pathsOf(parsed.event.value),
            isMapping: true,
          }}
        />
      </section>
      <section
        class={`result ${side === 'result' ? '' : 'wide-only'} ${result.isOld ? 'dim' : ''}`}
        aria-label="Result"
      >
        <TesterResult
          result={result.data}
          sent={sent}
          failure={result.failure}
          problem={
            parsed.event.problem
              ? `The event is not JSON: ${parsed.event.problem}`
              : parsed.mapping.problem
                ? `The mapping is not JSON: ${parsed.mapping.problem}`
                : undefined
          }
          fields={fields}
        />
      </section>
      {isAsking && (
        <Confirm
          title={`Send this event to ${connection}?`}
          action={`Send to ${connection}`}
          onConfirm={() => send('connection')}
          onClose={() => setAsking(false)}
        >
          <p>
            One request leaves for <code>{hostOf(result.data)}</code>. The vendor gets the event for real, and
            keeps it.
          </p>
        </Confirm>
      )}
    </Screen>
  )
}

const hostOf = (result: ExplainResult | undefined): string => {
  const url = result?.subscriptions[0]?.requests?.[0]?.url
  return url !== undefined && URL.canParse(url) ? new URL(url).host : 'the vendor'
}

function Pickers({
  destinations,
  target,
  action,
  actions,
  names,
}: {
  readonly destinations: Readonly<Record<string, DestinationManifest>>
  readonly target: Target
  readonly action: string
  readonly actions: readonly (readonly [string, string])[]
  readonly names: readonly string[]
}) {
  const value = target.connection === undefined ? `d:${target.slug}` : `c:${target.connection}`
  return (
    <div class="pickers">
      <label class="token">
        <span>for</span>
        <select
          aria-label="Destination or connection"
          value={value}
          onChange={(change) => {
            const [kind, name] = [change.currentTarget.value.slice(0, 1), change.currentTarget.value.slice(2)]
            history.replaceState(null, '', location.pathname + location.search)
            setQuery({
              connection: kind === 'c' ? name : undefined,
              destination: kind === 'd' ? name : undefined,
              action: undefined,
              subscription: undefined,
              from: undefined,
            })
          }}
        >
          <optgroup label="Destinations, made-up settings">
            {Object.entries(destinations).map(([slug, { name }]) => (
              <option key={slug} value={`d:${slug}`}>
                {name}
              </option>
            ))}
          </optgroup>
          {names.length > 0 && (
            <optgroup label="Connections, their settings">
              {names.map((name) => (
                <option key={name} value={`c:${name}`}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
        </select>
      </label>
      <label class="token">
        <span>action</span>
        <select
          aria-label="Action"
          value={action}
          onChange={(change) => setQuery({ action: change.currentTarget.value, subscription: undefined })}
        >
          {actions.map(([key, title]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

type StartOptions = {
  readonly target: Target
  readonly action: string
  readonly subscription: string | undefined
  readonly from: string | undefined
  readonly manifest: DestinationManifest | undefined
  readonly samples: readonly Sample[]
  readonly fragment: string
}

/** What stands in the fields at the start: the address, an event of live, the stored mapping, defaults, a sample. */
async function startOf({ target, action, subscription, from, manifest, samples, fragment }: StartOptions) {
  const kept = fragment === '' ? undefined : await unpack(fragment)
  const stored =
    target.connection === undefined
      ? undefined
      : await get<ConnectionDetail>(`/api/connections/${encodeURIComponent(target.connection)}`).catch(
          () => undefined,
        )
  const row = stored?.subscriptions.find((each) =>
    subscription !== undefined ? each.name === subscription : each.action === action,
  )
  const given = manifest?.actions[action]
  const preset = manifest?.presets.find((each) => each.action === action && each.type === 'automatic')
  const filter = row?.filter ?? preset?.filter ?? given?.defaultSubscription ?? 'type != ""'
  const mapping = row?.mapping ?? { ...defaultsOf(given?.fields ?? {}), ...preset?.mapping }
  const journey =
    from === undefined
      ? undefined
      : await get<Journey>(`/api/events/${encodeURIComponent(from)}`).catch(() => undefined)
  const sample = samples.find(({ event }) => fits(filter, event)) ?? samples[0]
  return {
    event: kept?.event ?? print(journey?.event ?? sample?.event ?? {}),
    filter: kept?.filter ?? filter,
    mapping: kept?.mapping ?? print(mapping),
  }
}

/** A sample that is likely to match: its type, and its name where the filter names one. */
const fits = (filter: string, event: Readonly<Record<string, unknown>>): boolean => {
  const type = /type\s*=\s*"(\w+)"/.exec(filter)?.[1]
  const names = [...filter.matchAll(/event\s*=\s*"([^"]+)"/g)].map(([, name]) => name)
  return (
    (type === undefined || event.type === type) &&
    (names.length === 0 || names.includes(event.event as string))
  )
}

const defaultsOf = (fields: Readonly<Record<string, FieldManifest>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      field.default === undefined ? [] : [[key, field.default]],
    ),
  )

async function fromLive(connection: string | undefined): Promise<unknown> {
  const { items } = await get<{ items: readonly { messageId: string }[] }>(
    `/api/outcomes?limit=1${connection === undefined ? '' : `&connection=${encodeURIComponent(connection)}`}`,
  )
  const [newest] = items
  return newest === undefined
    ? undefined
    : (await get<Journey>(`/api/events/${encodeURIComponent(newest.messageId)}`)).event
}

function parse(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { value }
      : { problem: 'it has to be an object' }
  } catch (error) {
    return { problem: (error as Error).message.replace(/^.*JSON\.parse: /, '') }
  }
}

function pathsOf(event: unknown): string[] {
  const found: string[] = []
  const queue: (readonly [string, unknown])[] = [['', event]]
  for (const [path, value] of queue) {
    if (found.length > 300) break
    if (path !== '') found.push(path)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, item] of Object.entries(value))
        queue.push([path === '' ? key : `${path}.${key}`, item])
  }
  return found
}

type Explained = {
  readonly data: ExplainResult | undefined
  readonly failure: ApiFailure | undefined
  readonly isOld: boolean
  readonly isEmulated: boolean
}

/** Explains on every change: one call is under way, the newest waits; old results stay until new ones come. */
function useExplanation({
  isReady,
  event,
  filter,
  mapping,
  target,
  action,
  subscription,
  turn,
}: {
  readonly isReady: boolean
  readonly event: string
  readonly filter: string
  readonly mapping: string
  readonly target: Target
  readonly action: string
  readonly subscription: string | undefined
  readonly turn: string | undefined
}): Explained {
  const [state, setState] = useState<{ data?: ExplainResult; failure?: ApiFailure }>({})
  const [isOld, setOld] = useState(false)
  const vendors = useResource<{ items: readonly { slug: string }[] }>('/api/vendors')
  const isRunning = useRef(false)
  const waiting = useRef<Record<string, unknown> | undefined>(undefined)
  const run = (body: Record<string, unknown>): void => {
    if (isRunning.current) {
      waiting.current = body
      return
    }
    isRunning.current = true
    post<ExplainResult>('/api/explain', body)
      .then(
        (data) => setState({ data }),
        (failure: ApiFailure) => setState((old) => ({ ...(old.data && { data: old.data }), failure })),
      )
      .finally(() => {
        isRunning.current = false
        const next = waiting.current
        waiting.current = undefined
        setOld(next !== undefined)
        if (next !== undefined) run(next)
      })
  }
  useEffect(() => {
    if (!isReady) return
    const [parsedEvent, parsedMapping] = [parse(event), parse(mapping)]
    if (parsedEvent.value === undefined || parsedMapping.value === undefined) {
      setOld(true)
      return
    }
    setOld(true)
    run({
      ...(target.connection !== undefined ? { connection: target.connection } : { destination: target.slug }),
      ...(subscription !== undefined && { subscription }),
      action,
      filter,
      mapping: parsedMapping.value,
      event: parsedEvent.value,
    })
  }, [isReady, event, filter, mapping, target.slug, target.connection, action, subscription, turn])
  return {
    data: state.data,
    failure: state.failure,
    isOld,
    isEmulated: vendors.data?.items.some(({ slug }) => slug === target.slug) ?? false,
  }
}
