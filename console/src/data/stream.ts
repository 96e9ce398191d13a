import { signal } from '@preact/signals'
import type { StreamMessages, StreamTopic } from '../../../src/console/shapes'
import { withQuery } from './api'

type State = { readonly kind: 'connecting' | 'live' | 'stale'; readonly since: number }
export const streamState = signal<State>({ kind: 'connecting', since: Date.now() })
/** The newest of each topic. */
export const overview = signal<StreamMessages['overview'] | undefined>(undefined)
export const dev = signal<StreamMessages['dev'] | undefined>(undefined)
export const lastJob = signal<StreamMessages['job'] | undefined>(undefined)
export const lastConnection = signal<StreamMessages['connection'] | undefined>(undefined)
export const lastBucket = signal<StreamMessages['bucket'] | undefined>(undefined)

type Listener = (message: StreamMessages['outcomes']) => void
const outcomeListeners = new Set<Listener>()
const wanted = new Map<string, number>()
let query: { range: string; q?: string; kind?: string; connection?: string } = { range: '1h' }
let source: EventSource | undefined
let planned: ReturnType<typeof setTimeout> | undefined
let watchdog: ReturnType<typeof setTimeout> | undefined
let retryMs = 1_000

const go = (kind: State['kind']): void => {
  if (streamState.value.kind !== kind) streamState.value = { kind, since: Date.now() }
}

/** The server sends something each second; silence of five seconds counts as gone. */
function alive(): void {
  retryMs = 1_000
  go('live')
  clearTimeout(watchdog)
  watchdog = setTimeout(lost, 6_000)
}

function lost(): void {
  source?.close()
  source = undefined
  clearTimeout(watchdog)
  go('stale')
  clearTimeout(planned)
  planned = setTimeout(open, retryMs)
  retryMs = Math.min(retryMs * 1.6, 10_000)
}

function open(): void {
  clearTimeout(planned)
  planned = undefined
  source?.close()
  const topics = ['overview', ...wanted.keys()].join(',')
  const opened = new EventSource(withQuery('/api/stream', { topics, ...query }))
  source = opened
  const on = <Topic extends StreamTopic>(topic: Topic, take: (data: StreamMessages[Topic]) => void): void =>
    opened.addEventListener(topic, (event) => {
      if (source !== opened) return
      alive()
      take(JSON.parse((event as MessageEvent<string>).data) as StreamMessages[Topic])
    })
  on('hello', () => undefined)
  on('overview', (data) => {
    overview.value = data
  })
  on('bucket', (data) => {
    lastBucket.value = data
  })
  on('outcomes', (data) => {
    for (const listener of outcomeListeners) listener(data)
  })
  on('connection', (data) => {
    lastConnection.value = data
  })
  on('job', (data) => {
    lastJob.value = data
  })
  on('dev', (data) => {
    dev.value = data
  })
  opened.addEventListener('bye', lost)
  opened.onerror = () => {
    if (source === opened) lost()
  }
  clearTimeout(watchdog)
  watchdog = setTimeout(lost, 8_000)
}

function plan(): void {
  if (streamState.value.kind === 'stale') return
  clearTimeout(planned)
  planned = setTimeout(open, 10)
}

/** Starts the stream of the page. */
export const startStream = (): void => plan()

/** Adds a topic; the result takes it off. Pages that show the same topic share it. */
export function want(topic: string): () => void {
  wanted.set(topic, (wanted.get(topic) ?? 0) + 1)
  plan()
  return () => {
    const left = (wanted.get(topic) ?? 1) - 1
    if (left > 0) wanted.set(topic, left)
    else {
      wanted.delete(topic)
      plan()
    }
  }
}

/** Sets range and filter; the stream opens anew where they differ. */
export function setStreamQuery(part: Partial<typeof query>): void {
  const next = { ...query, ...part }
  if (JSON.stringify(next) === JSON.stringify(query)) return
  query = next
  plan()
}

/** Calls back with each sample of outcomes; the result takes it off. */
export function onOutcomes(listener: Listener): () => void {
  outcomeListeners.add(listener)
  const leave = want('outcomes')
  return () => {
    outcomeListeners.delete(listener)
    leave()
  }
}
