import type { OutcomeKind } from '../outcome'
import { type SeriesRange, seriesRanges } from '../telemetry/series'
import { ApiError } from './api-error'
import { rowFor } from './routes/events'
import type { Session } from './security/sessions'
import type { StreamMessages, StreamTopic } from './shapes'
import type { ConsoleSource, OutcomeFeed, OutcomeFeedFilter } from './source'

const maxStreams = 20
const tickMs = 250
const commentMs = 15_000

export type StreamRequest = {
  /** `overview`, `outcomes`, `dev`, `connection:<name>`, `job:<id>`. */
  readonly topics: readonly string[]
  readonly filter: OutcomeFeedFilter
  readonly range: SeriesRange
  readonly session: Session
}

type Client = {
  readonly topics: ReadonlySet<string>
  readonly range: SeriesRange
  readonly session: Session
  readonly feed?: OutcomeFeed
  readonly waiting: Map<string, string>
  flush(): void
  comment(): void
  end(): void
}

/** All open streams of a console. Nothing is computed while there is none. */
export type Streams = {
  open(request: StreamRequest, signal: AbortSignal): Response
  /** Says goodbye and ends all streams. */
  close(reason: string): void
  readonly count: number
}

/** Reads `topics`, `range` and the filter of outcomes. */
export function readTopics(text: string | undefined): readonly string[] {
  const topics = (text ?? 'overview').split(',').filter((topic) => topic !== '')
  const wrong = topics.find((topic) => !/^(overview|outcomes|dev|connection:.+|job:.+)$/.test(topic))
  if (wrong !== undefined) throw new ApiError(400, 'INVALID_REQUEST', `topics: there is no topic "${wrong}"`)
  return topics
}

/** Creates the streams over a source. One pending message for each client and topic: a newer one replaces it. */
export function createStreams(source: ConsoleSource): Streams {
  const clients = new Set<Client>()
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  let stopListening: (() => void) | undefined
  let ticks = 0
  let id = 0

  const put = <Topic extends StreamTopic>(
    client: Client,
    topic: Topic,
    data: StreamMessages[Topic],
    name: string = topic,
  ): void => {
    id += 1
    client.waiting.set(name, `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`)
    client.flush()
  }

  function tick(): void {
    ticks += 1
    const isSecond = ticks % (1_000 / tickMs) === 0
    const perSecond = source.perSecond()
    for (const client of clients) {
      if (client.feed !== undefined) {
        const { seen, rows } = client.feed.take()
        const has = (permission: string) =>
          (client.session.permissions as readonly string[]).includes(permission)
        if (isSecond || rows.length > 0)
          put(
            client,
            'outcomes',
            { seen, rows: rows.map((row) => rowFor({ has }, row)), perSecond },
            `outcomes:${ticks}`,
          )
      }
      if (ticks % (commentMs / tickMs) === 0) client.comment()
    }
    if (isSecond) sendOverview().catch(() => undefined)
  }

  async function sendOverview(only?: Client): Promise<void> {
    for (const range of seriesRanges) {
      const wanting = [...clients].filter(
        (client) =>
          client.range === range && client.topics.has('overview') && (only === undefined || client === only),
      )
      if (wanting.length === 0) continue
      const overview = await source.overview(range)
      const series = source.series(range)
      const last = series.received.length - 1
      const kinds = Object.fromEntries(
        Object.entries(series.kinds).map(([kind, counts]) => [kind, counts[last] ?? 0]),
      ) as Record<OutcomeKind, number>
      const bucket = {
        start: series.start + last * series.stepMs,
        received: series.received[last] ?? 0,
        kinds,
      }
      for (const client of wanting) {
        put(client, 'overview', overview)
        put(client, 'bucket', bucket)
      }
    }
    if (only === undefined) for (const name of namesWanted('connection:')) await sendConnection(name)
  }

  const namesWanted = (prefix: string): Set<string> =>
    new Set(
      [...clients].flatMap(({ topics }) =>
        [...topics].filter((topic) => topic.startsWith(prefix)).map((topic) => topic.slice(prefix.length)),
      ),
    )

  async function sendConnection(name: string): Promise<void> {
    const connection = await source.connection(name)
    if (connection === undefined) return
    for (const client of clients)
      if (client.topics.has(`connection:${name}`)) put(client, 'connection', connection, `connection:${name}`)
  }

  function changed(topic: string): void {
    const [kind = '', name = ''] = split(topic)
    if (kind === 'overview') void sendOverview().catch(() => undefined)
    else if (kind === 'connection') void sendConnection(name).catch(() => undefined)
    else if (kind === 'job') {
      const job = source.job(name)
      if (job !== undefined)
        for (const client of clients) if (client.topics.has(topic)) put(client, 'job', job, topic)
    } else if (kind === 'dev' && source.dev !== undefined) {
      const state = source.dev()
      for (const client of clients) if (client.topics.has('dev')) put(client, 'dev', state)
    }
  }

  function start(): void {
    if (timer !== undefined) return
    timer = setInterval(tick, tickMs)
    timer.unref()
    stopListening = source.onChange(changed)
  }

  function stopWhenEmpty(): void {
    if (clients.size > 0 || timer === undefined) return
    clearInterval(timer)
    timer = undefined
    stopListening?.()
  }

  return {
    get count() {
      return clients.size
    },
    open({ topics, filter, range, session }, signal) {
      if (clients.size >= maxStreams)
        throw new ApiError(429, 'TOO_MANY_REQUESTS', `${maxStreams} pages are open already; close one`)
      let client: Client | undefined
      const leave = (): void => {
        if (client === undefined) return
        client.feed?.close()
        clients.delete(client)
        stopWhenEmpty()
      }
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const waiting = new Map<string, string>()
            client = {
              topics: new Set(topics),
              range,
              session,
              ...(topics.includes('outcomes') && { feed: source.feed(filter) }),
              waiting,
              flush() {
                // A slow client keeps what is newest of each topic, and loses samples of the list first.
                const samples = [...waiting.keys()].filter((name) => name.startsWith('outcomes:'))
                for (const old of samples.slice(0, -1))
                  if ((controller.desiredSize ?? 0) <= 0) waiting.delete(old)
                while (waiting.size > 0 && (controller.desiredSize ?? 0) > 0) {
                  const [name, text] = waiting.entries().next().value as [string, string]
                  waiting.delete(name)
                  controller.enqueue(encoder.encode(text))
                }
              },
              comment: () => {
                if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': still here\n\n'))
              },
              end() {
                try {
                  controller.close()
                } catch {
                  // The client has gone already.
                }
              },
            }
            clients.add(client)
            start()
            const hello = { asOf: new Date().toISOString(), every: tickMs, version: source.about().version }
            put(client, 'hello', hello)
            void sendOverview(client).catch(() => undefined)
            for (const topic of topics) if (topic !== 'overview' && topic !== 'outcomes') changed(topic)
          },
          pull: () => client?.flush(),
          cancel: leave,
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
      )
      signal.addEventListener('abort', leave, { once: true })
      return new Response(body, {
        headers: {
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        },
      })
    },
    close(reason) {
      for (const client of clients) {
        put(client, 'bye', { reason })
        client.end()
        client.feed?.close()
      }
      clients.clear()
      stopWhenEmpty()
    },
  }
}

function split(topic: string): [string, string] {
  const at = topic.indexOf(':')
  return at === -1 ? [topic, ''] : [topic.slice(0, at), topic.slice(at + 1)]
}
