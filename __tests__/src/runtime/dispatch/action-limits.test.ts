import {
  type Connection,
  createRuntime,
  defineAction,
  defineDestination,
  type RetryOptions,
  type SegmentEvent,
} from 'waybill'

const action = (title: string) =>
  defineAction({
    settings: {},
    title,
    description: '',
    fields: {},
    perform: (request) => request(`http://vendor.example/${title}`, { method: 'post', json: {} }),
  })
const destinationWith = (limits: Connection['destination']['limits']) =>
  defineDestination({
    name: 'Limited',
    slug: 'limited',
    settings: {},
    authentication: { scheme: 'custom' },
    actions: { slow: action('slow'), quick: action('quick') },
    ...(limits === undefined ? {} : { limits }),
  })

type Start = { readonly action: string; readonly ms: number }

/** When each request started, in milliseconds since the first event, on a clock of which each timer fires at once. */
async function startsOf(
  events: SegmentEvent[],
  connection: Pick<Connection, 'limits'> = {},
  answer: (action: string) => Response = () => new Response(),
  retry: RetryOptions = {},
): Promise<Start[]> {
  const starts: Start[] = []
  const timers: { due: number; task: () => void }[] = []
  let now = 1_000_000
  const runtime = createRuntime({
    retry,
    clock: {
      now: () => now,
      after(ms, task) {
        const timer = { due: now + ms, task }
        timers.push(timer)
        return () => void timers.splice(timers.indexOf(timer), 1)
      },
    },
    fetch: async (url) => {
      const action = String(url).split('/').at(-1) as string
      starts.push({ action, ms: now - 1_000_000 })
      return answer(action)
    },
    connections: [
      {
        destination: destinationWith({ actions: { slow: { requestsPerSecond: 10 } } }),
        settings: {},
        subscriptions: [
          { action: 'slow', filter: 'event = "slow"' },
          { action: 'quick', filter: 'event = "quick"' },
        ],
        ...connection,
      },
    ],
  })
  let isDone = false
  const sent = runtime.send(events).then(() => {
    isDone = true
  })
  while (!isDone) {
    await new Promise(setImmediate)
    const next = timers.sort((a, b) => a.due - b.due).shift()
    if (next === undefined) continue
    now = Math.max(now, next.due)
    next.task()
  }
  await sent
  await runtime.close()
  return starts
}

const events = (...names: string[]): SegmentEvent[] => names.map((event) => ({ type: 'track', event }))
const timesOf = (starts: readonly Start[], action: string) =>
  starts.filter((start) => start.action === action).map(({ ms }) => ms)

test('an action that the vendor counts apart keeps its own rate, and holds up no other', async () => {
  const starts = await startsOf(events('slow', 'slow', 'slow', 'quick', 'quick', 'quick'))
  expect(timesOf(starts, 'slow')).toEqual([0, 100, 200])
  expect(timesOf(starts, 'quick')).toEqual([0, 0, 0])
})

test('a rate that the operator sets holds for the connection as a whole', async () => {
  const starts = await startsOf(events('slow', 'quick', 'slow'), { limits: { requestsPerSecond: 5 } })
  expect(starts.map(({ ms }) => ms)).toEqual([0, 200, 400])
})

test('a destination that asks to wait is left alone by every action', async () => {
  const busy = () => new Response(null, { status: 429, headers: { 'retry-after': '3' } })
  const respond = (name: string) => (name === 'quick' ? busy() : new Response())
  const limits = { concurrency: 1 }
  const three = events('slow', 'slow', 'quick')
  const patient = await startsOf(three, { limits }, respond, { forMs: 3_500, maxAttempts: 1 })
  expect(timesOf(patient, 'slow')).toEqual([0, 3000])
  const impatient = await startsOf(three, { limits }, respond)
  expect(timesOf(impatient, 'slow')).toEqual([0])
})

test('limits of an action that is not there are a mistake in the definition', () => {
  const destination = destinationWith({ actions: { fast: { requestsPerSecond: 1 } } })
  expect(() => createRuntime({ connections: [{ destination, settings: {}, subscriptions: [] }] })).toThrow(
    /limits\.actions\.fast: not an action; there are slow, quick/,
  )
})
