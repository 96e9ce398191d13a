import type { SegmentEvent } from 'waybill'
import { createRecorder } from '../../../src/console'
import type {
  DeadRow,
  ExplainResult,
  Journey,
  LanePage,
  OutcomeRow,
  Overview,
  Page,
} from '../../../src/console/shapes'
import { createOutcomeRows } from '../../../src/console/source/outcome-rows'
import type { Outcome } from '../../../src/outcome'
import { createTally } from '../../../src/telemetry/tally'
import { startWorld, type World } from '../../console/support/console-world'

let world: World

const order = (index: number, properties: object): SegmentEvent => ({
  type: 'track',
  event: 'Order Completed',
  messageId: `m-${String(index).padStart(4, '0')}`,
  userId: `user-${index % 10}`,
  properties: properties as Record<string, unknown>,
})
const get = async <Body>(path: string): Promise<Body> => {
  const response = await fetch(`${world.url}${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Body
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
async function until(test: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await test()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error('it did not come to pass within ten seconds')
}
const deadCount = () => world.store.queue.dead.count({})

beforeEach(async () => {
  world = await startWorld({
    connections: [
      { name: 'Zaius', slug: 'zaius' },
      { name: 'Connect', slug: 'zendesk-connect' },
    ],
  })
})
afterEach(() => world.close())

test('an overview agrees with the metrics and with what was sent', async () => {
  await world.send(
    Array.from({ length: 20 }, (_, index) => order(index, index < 15 ? { order_id: `o-${index}` } : {})),
  )
  await until(async () => (await deadCount()) === 5)
  await until(async () =>
    (await get<Overview>('/api/overview?range=15m')).connections.every(({ waiting }) => waiting === 0),
  )
  const overview = await get<Overview>('/api/overview?range=15m')
  expect(overview.figures.dead).toBe(5)
  expect(overview.isEmpty).toBe(false)
  expect(overview.causes).toMatchObject([
    { kind: 'invalid', connection: 'Zaius', title: '5 events have no order_id' },
  ])
  const metrics = await (await fetch(`${world.url}/metrics`)).text()
  expect(metrics).toContain('waybill_events_received_total{waybill_source="web"} 20')
  expect(metrics).toMatch(
    /waybill_outcomes_total\{waybill_connection="Connect",[^}]*waybill_outcome="delivered"\} 20/,
  )
  expect(metrics).toContain('waybill_dead_letters{waybill_connection="Zaius",error_type="INVALID_PAYLOAD"} 5')
})

test('a journey has a leg for each subscription, the comparison that decided a skip, and masked exchanges', async () => {
  await world.send([order(1, { order_id: 'o-1' })])
  await until(
    async () =>
      (await get<Journey>('/api/events/m-0001')).legs.filter(({ state }) => state === 'ended').length === 2,
  )
  const journey = await get<Journey>('/api/events/m-0001')
  const delivered = journey.legs.find(({ connection, state }) => connection === 'Zaius' && state === 'ended')
  expect(delivered).toMatchObject({ outcome: 'delivered', action: 'orderEvent' })
  expect(delivered?.steps.at(-1)).toMatchObject({
    kind: 'attempt',
    label: 'POST /v3/events',
    outcome: 'delivered',
  })
  const [exchange] = delivered?.exchanges ?? []
  expect(exchange).toMatchObject({ method: 'POST', status: 202 })
  expect(JSON.stringify(journey)).not.toContain('waybill-test')
  const skipped = journey.legs.find(({ state }) => state === 'skipped')
  expect(skipped?.why.join()).toMatch(/but .+ is /)
  expect(await get(`/api/events/m-0001/attempts/${exchange?.id}`)).toEqual(exchange)
})

test('pages by key lose and repeat nothing while rows come and go', async () => {
  await world.send(Array.from({ length: 60 }, (_, index) => order(index, {})))
  await until(async () => (await deadCount()) === 60)
  const first = await get<Page<DeadRow>>('/api/dead?limit=20')
  expect(first.count).toEqual({ value: 60, exact: true })
  await world.send([order(900, {})])
  await until(async () => (await deadCount()) === 61)
  await world.store.queue.dead.drop({ ids: [first.items[3]?.id as string] })
  const ids = first.items.map(({ id }) => id)
  let after = first.next
  while (after !== undefined) {
    const page: Page<DeadRow> = await get(`/api/dead?limit=20&after=${encodeURIComponent(after)}`)
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  }
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBe(60)
})

test('outcomes are filtered by kind, text and FQL; a filter that cannot be read is told', async () => {
  await world.send([order(1, { order_id: 'o-1', total: 500 }), order(2, {})])
  await until(async () => (await get<Page<OutcomeRow>>('/api/outcomes')).items.length === 4)
  const events = async (query: string) =>
    (await get<Page<OutcomeRow>>(`/api/outcomes?${query}`)).items.map(
      ({ kind, messageId }) => `${kind} ${messageId}`,
    )
  expect(await events('kind=invalid')).toEqual(['invalid m-0002'])
  expect((await events('q=m-0001')).length).toBe(2)
  expect((await events(`q=${encodeURIComponent('properties.total > 100')}`)).length).toBe(2)
  const refused = await fetch(`${world.url}/api/outcomes?q=${encodeURIComponent('properties.total >')}`)
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ error: { code: 'INVALID_SUBSCRIPTION' } })
})

test('lanes of a paused connection: totals, order, one set aside by somebody who saw the first', async () => {
  await post('/api/connections/Connect/pause', {})
  await world.send(Array.from({ length: 30 }, (_, index) => order(index, { order_id: `o-${index}` })))
  const page = await get<LanePage>('/api/connections/Connect/lanes?limit=4')
  expect(page).toMatchObject({ totals: { held: 10, ready: 0 }, count: { value: 10, exact: true } })
  expect(page.items.map(({ events }) => events)).toEqual([3, 3, 3, 3])
  const [lane] = page.items
  const detail = await get<{ list: { messageId: string; subscription: string; why: string }[] }>(
    `/api/connections/Connect/lanes/${lane?.key}`,
  )
  expect(detail.list.map(({ why }) => why)).toEqual([
    'Goes when the connection is resumed',
    'after the one above',
    'after the one above',
  ])
  const path = `/api/connections/Connect/lanes/${lane?.key}/set-aside`
  const { messageId, subscription } = detail.list[0] as { messageId: string; subscription: string }
  expect((await post(path, { messageId: detail.list[1]?.messageId, subscription })).status).toBe(409)
  expect((await post(path, { messageId, subscription })).status).toBe(200)
  expect((await post(path, { messageId, subscription })).status).toBe(409)
  expect(
    (await get<{ audit: { what: string }[] }>('/api/connections/Connect')).audit.map(({ what }) => what),
  ).toEqual([`set ${messageId} aside`, 'paused the connection'])
})

test('a selection with another number is refused, and the same key is the same job', async () => {
  await world.send(Array.from({ length: 5 }, (_, index) => order(index, {})))
  await until(async () => (await deadCount()) === 5)
  const asOf = new Date(Date.now() + 1_000).toISOString()
  const refused = await post('/api/dead/replays', { filter: {}, asOf, expected: 4 })
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ error: { code: 'CHANGED_MEANWHILE', count: 5 } })
  const started = await Promise.all(
    [1, 2].map(async () =>
      (
        await post('/api/dead/checks', { filter: {}, asOf, expected: 5 }, { 'idempotency-key': 'once' })
      ).json(),
    ),
  )
  expect(started[0]).toEqual(started[1])
})

test('an explanation names the nearest path, sends nothing, and is bounded', async () => {
  const body = {
    destination: 'zaius',
    action: 'orderEvent',
    mapping: { action: 'purchase', order_id: { '@path': '$.properties.order_id' } },
    event: order(1, { orderId: 'o-1' }),
  }
  const result = (await (await post('/api/explain', body)).json()) as ExplainResult
  expect(result.nearest).toEqual({ order_id: 'properties.orderId' })
  expect(result.subscriptions[0]?.problem).toBeDefined()
  expect(world.vendors.get('zaius')?.inspection?.emulator.requests.length).toBe(0)
  const unknown = await post('/api/explain', { ...body, mappnig: {} })
  expect(await unknown.json()).toMatchObject({
    error: { message: expect.stringContaining('did you mean "mapping"?') },
  })
  const sent = (await (
    await post('/api/actions/zaius/orderEvent', { event: order(1, { order_id: 'o-1' }), to: 'emulator' })
  ).json()) as ExplainResult
  expect(sent.subscriptions[0]?.outcome).toMatchObject({ kind: 'delivered' })
  expect(world.vendors.get('zaius')?.inspection?.emulator.requests.length).toBe(1)
})

test('an emulator shows what it holds, answers as it is told, and is emptied', async () => {
  await post('/api/vendors/zaius/faults', { answer: '503', times: 1 })
  const { subscriptions } = (await (
    await post('/api/send', {
      destination: 'zaius',
      action: 'orderEvent',
      event: order(1, { order_id: 'o-1' }),
      to: 'emulator',
    })
  ).json()) as ExplainResult
  expect(subscriptions[0]?.outcome).toMatchObject({ kind: 'retry', status: 503 })
  await post('/api/send', {
    destination: 'zaius',
    action: 'orderEvent',
    event: order(1, { order_id: 'o-1' }),
    to: 'emulator',
  })
  expect(await get('/api/vendors/zaius/orders')).toMatchObject({
    count: 1,
    rows: [{ cells: ['o-1', 'open', expect.anything(), expect.anything()] }],
  })
  await post('/api/vendors/zaius/clear', {})
  expect(await get('/api/vendors/zaius/orders')).toMatchObject({ count: 0 })
})

test('10,000 outcomes a second: all are counted, at most 25 rows a second are shown, failures first', () => {
  let now = 1_000_000
  const recorder = createRecorder(
    createTally(() => now),
    () => now,
  )
  const rows = createOutcomeRows(recorder, () => now)
  const feed = rows.feed({})
  const event = order(1, {})
  const outcome = (kind: string): Outcome =>
    ({
      index: 0,
      connection: 'Zaius',
      subscription: 'Orders',
      attempt: 1,
      durationMs: 1,
      kind,
      code: kind,
      message: kind,
      fields: [],
    }) as unknown as Outcome
  let seen = 0
  let shown = 0
  for (let quarter = 0; quarter < 8; quarter++) {
    for (let count = 0; count < 2_500; count++)
      recorder.ended(
        outcome(count % 500 === 0 ? 'rejected' : count === 7 ? 'unknown' : 'delivered'),
        event,
        now,
      )
    const taken = feed.take()
    seen += Object.values(taken.seen).reduce((sum, value) => sum + value, 0)
    shown += taken.rows.length
    expect(new Set(taken.rows.map(({ kind }) => kind))).toEqual(new Set(['rejected', 'unknown']))
    now += 250
  }
  expect(seen).toBe(20_000)
  expect(shown / 2).toBeLessThanOrEqual(25)
  feed.close()
})

test('the stream says hello, sends figures and rows, and says goodbye', async () => {
  const controller = new AbortController()
  const response = await fetch(`${world.url}/api/stream?topics=overview,outcomes`, {
    signal: controller.signal,
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await world.send([order(1, { order_id: 'o-1' })])
  let text = ''
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  while (!(text.includes('event: outcomes') && text.includes('"messageId":"m-0001"')))
    text += decoder.decode((await reader.read()).value)
  expect(text.indexOf('event: hello')).toBeGreaterThanOrEqual(0)
  expect(text).toContain('event: overview')
  const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  expect(ids).toEqual([...ids].sort((one, other) => one - other))
  world.served.close()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    text += decoder.decode(chunk.value)
  expect(text).toContain('event: bye')
  controller.abort()
})
