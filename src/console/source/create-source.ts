import { createFailureExplainer } from '../../explain/create-failure-explainer'
import type { AuditEntry, Health, Overview } from '../shapes'
import type { AuthenticationTest, Caller, ConsoleSource } from '../source'
import { detailOf } from './connection-detail'
import { createDeadJobs, judgeOf } from './dead-jobs'
import { createDeadView } from './dead-letters'
import { healthOf } from './health'
import { createJournal } from './journal'
import { journeyOf } from './journey'
import { createLanes, type Held } from './lanes'
import { createOutcomeRows, personOf } from './outcome-rows'
import { createOverviewReader } from './read-overview'
import { type ConnectionStatus, nameOf } from './runtime-view'
import { featuresOf, type SourceOptions } from './source-options'
import { createTester } from './tester'
import { createVendors } from './vendors'

const maxAudit = 500
const freshMs = 400

/** A source over a running runtime and its store. `changed` is to be called when the package of an author changed. */
export function createConsoleSource(
  options: SourceOptions,
): ConsoleSource & { changed(topic: 'overview' | 'dev'): void } {
  const { runtime, store, recorder, tally, compatibility = false, now = Date.now } = options
  const why = (...[outcome, event]: Parameters<ReturnType<typeof createFailureExplainer>>): string[] =>
    explainer()(outcome, event)
  const explainer = byConnections(() => createFailureExplainer(runtime.connections(), compatibility))
  const rows = createOutcomeRows(recorder, now)
  const journal = createJournal(recorder, personOf, now)
  const lanes = createLanes(store.waiting, now)
  const deadView = createDeadView(store.queue.dead, why, options.deadKeptMs, now)
  const tester = createTester({
    connections: runtime.connections,
    destinations: options.destinations,
    compatibility,
  })
  const vendors = createVendors(options.vendors ?? (() => []))
  const listeners = new Set<(topic: 'overview' | 'dev' | `connection:${string}` | `job:${string}`) => void>()
  const audit: (AuditEntry & { readonly connection?: string })[] = []
  const tests = new Map<string, AuthenticationTest>()
  const readOverview = createOverviewReader({
    runtime,
    queue: store.queue,
    recorder,
    tally,
    deadView,
    lanes,
    now,
    storeUsedShare: options.storeUsedShare ?? (() => undefined),
    hasReceived: () => hasReceived,
  })
  const overviews = new Map<string, { readonly until: number; readonly overview: Promise<Overview> }>()
  let hasReceived = false
  const change = (topic: Parameters<Parameters<ConsoleSource['onChange']>[0]>[0]): void => {
    if (topic === 'overview') overviews.clear()
    for (const listener of listeners) listener(topic)
  }
  const jobs = createDeadJobs({
    dead: store.queue.dead,
    view: deadView,
    judge: byConnections(() => judgeOf(runtime.connections(), compatibility)),
    onChange: (id) => change(`job:${id}`),
  })

  recorder.listen({
    received() {
      if (hasReceived) return
      hasReceived = true
      change('overview')
    },
  })

  /** Compiled once for a set of connections; a reload makes a new set. */
  function byConnections<Value>(make: () => Value): () => Value {
    let of: unknown
    let value: Value | undefined
    return () => {
      const connections = runtime.connections()
      if (value === undefined || of !== connections) {
        of = connections
        value = make()
      }
      return value
    }
  }

  function note(caller: Caller, what: string, connection?: string, count?: number): void {
    const entry = {
      at: new Date(now()).toISOString(),
      who: caller.name,
      what,
      ...(connection !== undefined && { connection }),
      ...(count !== undefined && { count }),
    }
    audit.push(entry)
    if (audit.length > maxAudit) audit.shift()
    options.log?.(entry)
  }

  const statusOf = (name: string): ConnectionStatus | undefined =>
    runtime.status().find((each) => each.name === name)
  const connectionOf = (name: string) => runtime.connections().find((each) => nameOf(each) === name)

  function heldOf(name: string): Held | undefined {
    const status = statusOf(name)
    if (status?.block !== undefined)
      return {
        why: 'Goes when the key works',
        ...(status.block.until !== undefined && { until: status.block.until }),
      }
    return status?.pause === undefined ? undefined : { why: 'Goes when the connection is resumed' }
  }

  const source: ConsoleSource & { changed(topic: 'overview' | 'dev'): void } = {
    about: () => ({ ...options.about(), features: featuresOf(options) }),
    get connectionNames() {
      return runtime.connections().map(nameOf)
    },
    overview(range) {
      const known = overviews.get(range)
      if (known !== undefined && known.until > now()) return known.overview
      const overview = readOverview(range)
      overviews.set(range, { until: now() + freshMs, overview })
      overview.catch(() => overviews.delete(range))
      return overview
    },
    series: (range, connection) => tally.series(connection).read(range, now()),
    async connection(name) {
      const connection = connectionOf(name)
      if (connection === undefined) return undefined
      const stats = await store.queue.stats()
      const status = statusOf(name)
      const health = healthOf({ connection, status, lanes: stats, recorder, tally, range: '1h', now: now() })
      const test = tests.get(name)
      return detailOf({
        connection,
        health,
        status,
        tally,
        journal,
        audit: audit
          .filter((entry) => entry.connection === name)
          .slice(-50)
          .reverse(),
        redact: options.redact ?? ((text) => text),
        origin: options.settingOrigin ?? (() => 'file'),
        compatibility,
        ...(test !== undefined && { test }),
      })
    },
    pause: (name, caller) =>
      act(name, caller, 'paused the connection', () => runtime.pause(name, caller.name)),
    resume: (name, caller) => act(name, caller, 'resumed the connection', () => runtime.resume(name)),
    tryNow: (name, caller) => act(name, caller, 'asked to try at once', () => runtime.tryNow(name)),
    async testCredentials(name, caller) {
      if (connectionOf(name) === undefined) return undefined
      const test = await runtime.testAuthentication(name)
      tests.set(name, test)
      note(caller, `tested the credentials: ${test.ok ? 'they work' : 'they do not work'}`, name)
      if (test.ok && statusOf(name)?.block !== undefined) await runtime.tryNow(name)
      change(`connection:${name}`)
      change('overview')
      return test
    },
    async lanes(name, query) {
      return connectionOf(name) === undefined ? undefined : lanes.page(name, query, heldOf(name))
    },
    async lane(name, key) {
      return connectionOf(name) === undefined ? undefined : lanes.lane(name, key, heldOf(name))
    },
    async setAside(name, key, first, caller) {
      if (connectionOf(name) === undefined) return undefined
      const result = await lanes.setAside(name, key, first)
      if (result === undefined) return undefined
      note(caller, `set ${first.messageId} aside`, name, 1)
      deadView.forget()
      change('overview')
      return result
    },
    outcomes: async (query) => rows.page(query),
    async journey(messageId) {
      const [entry, ...others] = journal.find(messageId)
      const known = await store.journey(messageId)
      const event = entry?.event ?? known.waiting[0]?.delivery.event ?? known.dead[0]?.delivery.event
      return journeyOf({
        messageId,
        store: known,
        explanations: event === undefined ? [] : await tester.explainAll(event),
        why,
        person: event === undefined ? '' : personOf(event),
        samePerson: event === undefined ? 0 : journal.countOf(personOf(event)),
        others: others.map(({ receivedAt }) => ({ received: new Date(receivedAt).toISOString() })),
        now: now(),
        ...(entry !== undefined && { entry }),
      })
    },
    async findIds(q) {
      const found = journal.beginningWith(q, 5)
      return found
    },
    deadGroups: () => deadView.groups(),
    dead: (query) => deadView.list(query),
    deadLetter: (id) => deadView.get(id),
    exportDead: (query) => deadView.lines(query),
    countDead: (query, until) => deadView.count(query, until),
    async startJob(kind, selection, caller) {
      const job = await jobs.start(kind, selection, caller)
      if (kind !== 'check')
        note(caller, `${kind === 'drop' ? 'dropped' : 'replayed'} dead letters`, undefined, job.of)
      return job
    },
    job: (id) => jobs.get(id),
    stopJob(id, caller) {
      note(caller, 'stopped a job')
      return jobs.stop(id)
    },
    destinations: () =>
      Object.fromEntries([...options.destinations()].map(([slug, { manifest }]) => [slug, manifest])),
    explain: (request) => tester.explain(request),
    async send(request, caller) {
      const { to, ...rest } = request
      const result = await tester.send(rest, to)
      note(
        caller,
        `sent one event to ${to === 'emulator' ? 'an emulator' : 'the connection'} from the tester`,
        request.connection,
        1,
      )
      return result
    },
    samples: () => options.samples?.() ?? [],
    vendors: () => vendors.list(),
    vendorView: async (slug, view, query) => vendors.view(slug, view, query),
    vendorRequests: async (slug) => vendors.requests(slug),
    async fault(slug, fault, caller) {
      note(caller, `made the emulator of ${slug} answer ${fault.answer}`, undefined, fault.times)
      return vendors.fault(slug, fault)
    },
    async emptyVendor(slug, caller) {
      note(caller, `emptied the emulator of ${slug}`)
      return vendors.empty(slug)
    },
    audit: (connection) =>
      audit.filter((entry) => connection === undefined || entry.connection === connection),
    feed: (filter) => rows.feed(filter),
    perSecond: () => recorder.perSecond(),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    changed: change,
    ...(options.dev && { dev: options.dev }),
    ...(options.reload && {
      async reload(caller: Caller) {
        const changed = (await options.reload?.()) ?? []
        note(
          caller,
          `reloaded the configuration: ${changed.length === 0 ? 'nothing changed' : changed.join(', ')}`,
        )
        change('overview')
        return { changed }
      },
    }),
    ...(options.sendSamples && {
      async sendSamples(caller: Caller) {
        const sent = (await options.sendSamples?.()) ?? 0
        note(caller, 'sent sample events', undefined, sent)
        return { sent }
      },
    }),
  }
  return source

  async function act(
    name: string,
    caller: Caller,
    what: string,
    run: () => Promise<void>,
  ): Promise<Health | undefined> {
    const connection = connectionOf(name)
    if (connection === undefined) return undefined
    await run()
    note(caller, what, name)
    change(`connection:${name}`)
    change('overview')
    const lanesNow = await store.queue.stats()
    return healthOf({
      connection,
      status: statusOf(name),
      lanes: lanesNow,
      recorder,
      tally,
      range: '1h',
      now: now(),
    })
  }
}
