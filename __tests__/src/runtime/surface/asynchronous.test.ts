import {
  type Clock,
  type Connection,
  createMultiStatus,
  createRuntime,
  defineAction,
  defineDestination,
  defineSettings,
  type Outcome,
  path,
  type RuntimeOptions,
} from 'waybill'
import { kindsOf, track, useVendor } from './vendor'

const vendor = useVendor()
const settings = defineSettings({
  url: { label: 'URL', description: '', type: 'string', required: true },
})

type Report = { status: string; failures?: number[]; http?: number }
const submit = defineAction({
  settings,
  title: 'Submit',
  description: '',
  fields: {
    name: { label: 'Name', description: '', type: 'string', required: true, default: path('$.event') },
  },
  performBatch: async (request, input) => {
    const result = createMultiStatus(input)
    const taken = input.payload.filter(({ name }, index) => {
      if (name !== 'bad') return true
      result.setErrorResponseAtIndex(index, { status: 400, errormessage: 'bad name' })
      return false
    })
    const { data } = await request<{ id?: string }>(`${input.settings.url}/jobs`, {
      method: 'post',
      json: taken.map(({ name }) => name),
    })
    return { jobId: data.id, status: 202, multiStatusResponse: result }
  },
  performPoll: async (request, input) => {
    const { jobId, uploadCount } = input.payload
    const { data, status } = await request<Report>(`${input.settings.url}/jobs/${jobId}`)
    const result = createMultiStatus(input)
    for (let index = 0; index < uploadCount; index++)
      if (data.failures?.includes(index))
        result.setErrorResponseAtIndex(index, {
          status: 422,
          errormessage: `item ${index} of ${uploadCount}`,
        })
      else if (data.failures !== undefined)
        result.setSuccessResponseAtIndex(index, { status: 200, sent: {}, body: {} })
    return {
      jobId,
      status: data.http ?? status,
      jobStatus: data.status as 'SUCCEEDED',
      multiStatusResponse: result,
    }
  },
})
const destination = defineDestination({
  name: 'Bulk',
  slug: 'bulk',
  settings,
  authentication: { scheme: 'custom' },
  actions: { submit },
})

/** A vendor whose job gives these answers, one per question; the last one stays. */
function jobVendor(...reports: (Report | { fault: number })[]) {
  const asked: number[] = []
  vendor.answer = ({ path: address }) => {
    if (address === '/jobs') return { status: 202, body: { id: 'job-1' } }
    const report = reports[Math.min(asked.push(clock.now()) - 1, reports.length - 1)] as Report
    if ('fault' in report) return { status: report.fault as number, body: {} }
    return { status: 200, body: report }
  }
  return asked
}

/** A clock that jumps to the next timer as soon as nothing else is going on. */
let clock: Clock & { stop(): void }
beforeEach(() => {
  let now = 1_000_000
  const timers = new Set<{ at: number; task: () => void }>()
  const turn = setInterval(() => {
    const [next] = [...timers].sort((one, other) => one.at - other.at)
    if (next === undefined) return
    timers.delete(next)
    now = Math.max(now, next.at)
    next.task()
  }, 15)
  clock = {
    now: () => now,
    after(ms, task) {
      const timer = { at: now + ms, task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    stop: () => clearInterval(turn),
  }
})
afterEach(() => clock.stop())

const connection = (): Connection => ({
  destination,
  settings: { url: vendor.emulator.url },
  subscriptions: [{ action: 'submit', filter: 'type = "track"' }],
})

async function run(
  names: string[],
  options: Partial<RuntimeOptions> = {},
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const runtime = createRuntime({ connections: [connection()], clock, ...options })
  try {
    return await runtime.send(
      names.map((name) => track(name)),
      signal && { signal },
    )
  } finally {
    await runtime.close()
  }
}

test('a batch is submitted, asked about at intervals, and gives one outcome per event', async () => {
  const asked = jobVendor(
    { status: 'IN_PROGRESS' },
    { status: 'IN_PROGRESS' },
    { status: 'SUCCEEDED', failures: [1] },
  )
  const outcomes = await run(['a', 'bad', 'b', 'c'], { polling: { intervalMs: 7_000 } })
  expect(outcomes).toMatchObject([
    { kind: 'delivered', messageId: 'm-a', status: 200 },
    { kind: 'rejected', messageId: 'm-bad', message: 'bad name' },
    { kind: 'rejected', messageId: 'm-b', status: 422, message: 'item 1 of 3' },
    { kind: 'delivered', messageId: 'm-c' },
  ])
  expect(vendor.bodies('/jobs')).toEqual([['a', 'b', 'c']])
  expect(asked.map((time, index) => time - (asked[index - 1] ?? time))).toEqual([0, 7_000, 7_000])
})

test('without a word on the items, the status of the job is that of each', async () => {
  jobVendor({ status: 'SUCCEEDED' })
  expect(kindsOf(await run(['a', 'b']))).toEqual(['delivered', 'delivered'])
  jobVendor({ status: 'FAILED', http: 500 })
  expect(await run(['a'])).toMatchObject([{ kind: 'rejected', code: 'JOB_FAILED', status: 500 }])
  jobVendor({ status: 'NONSENSE' })
  expect(await run(['a'])).toMatchObject([{ kind: 'unknown', code: 'NOT_ATTRIBUTABLE' }])
})

test('a job that asks to be submitted again is, within the retry window', async () => {
  jobVendor({ status: 'RETRYABLE_ERROR' }, { status: 'SUCCEEDED' })
  expect(await run(['a'], { retry: { forMs: 60_000, minMs: 1, maxMs: 1 } })).toMatchObject([
    { kind: 'delivered', attempt: 2 },
  ])
  expect(vendor.bodies('/jobs')).toEqual([['a'], ['a']])
})

test('a question that fails is put again, and never submits the job twice', async () => {
  jobVendor({ fault: 503 }, { fault: 429 }, { status: 'SUCCEEDED' })
  expect(await run(['a'])).toMatchObject([{ kind: 'delivered', attempt: 1 }])
  expect(vendor.bodies('/jobs')).toHaveLength(1)
})

test('a job that cannot be asked about any more is unknown', async () => {
  jobVendor({ fault: 404 })
  expect(await run(['a'])).toMatchObject([{ kind: 'unknown', code: 'JOB_UNFINISHED', status: 404 }])
})

test('a job that goes on at the deadline is unknown', async () => {
  const asked = jobVendor({ status: 'IN_PROGRESS' })
  const start = clock.now()
  const [outcome] = await run(['a'], { polling: { intervalMs: 10_000, deadlineMs: 25_000 } })
  expect(outcome).toMatchObject({ kind: 'unknown', code: 'JOB_UNFINISHED' })
  expect((outcome as { message: string }).message).toContain('it went on at the deadline')
  expect(asked.map((time) => time - start)).toEqual([10_000, 20_000, 25_000])
})

test('an interrupt ends the wait for a job at once', async () => {
  jobVendor({ status: 'IN_PROGRESS' })
  const controller = new AbortController()
  const outcomes = run(
    ['a', 'b'],
    { clock: undefined, polling: { intervalMs: 3_600_000 } } as never,
    controller.signal,
  )
  while (vendor.bodies('/jobs').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  setTimeout(() => controller.abort(), 20)
  expect(await outcomes).toMatchObject([
    { kind: 'unknown', code: 'JOB_UNFINISHED' },
    { kind: 'unknown', code: 'JOB_UNFINISHED' },
  ])
})

test('an interrupt in the middle of a question waits for its answer, and concludes once', async () => {
  const controller = new AbortController()
  vendor.answer = async ({ path: address }) => {
    if (address === '/jobs') return { status: 202, body: { id: 'x' } }
    controller.abort()
    await new Promise((resolve) => setTimeout(resolve, 30))
    return { status: 200, body: { status: 'SUCCEEDED' } }
  }
  const ended: Outcome[] = []
  const outcomes = await run(
    ['a', 'b'],
    { on: { outcome: (outcome) => ended.push(outcome) } },
    controller.signal,
  )
  expect(kindsOf(outcomes)).toEqual(['delivered', 'delivered'])
  expect(ended).toHaveLength(2)
})

test('a token that runs out while a job is under way is renewed, one that is refused anew is not', async () => {
  let refreshes = 0
  let good = 'new-1'
  const oauth = {
    ...destination,
    authentication: {
      scheme: 'oauth2' as const,
      fields: settings,
      refreshAccessToken: async () => {
        refreshes += 1
        return { accessToken: `new-${refreshes}` }
      },
    },
    extendRequest: ({ auth }: { auth?: { accessToken: string } }) => ({
      headers: { authorization: `Bearer ${auth?.accessToken}` },
    }),
  }
  vendor.answer = ({ path: address, headers }) => {
    if (address === '/jobs') return { status: 202, body: { id: 'x' } }
    if (headers.authorization !== `Bearer ${good}`) return { status: 401 }
    return { status: 200, body: { status: 'SUCCEEDED' } }
  }
  const connections = [
    {
      ...connection(),
      destination: oauth,
      settings: { ...connection().settings, oauth: { access_token: 'old' } },
    },
  ]
  expect(kindsOf(await run(['a'], { connections }))).toEqual(['delivered'])
  expect(refreshes).toBe(1)
  good = 'none'
  expect(await run(['a'], { connections })).toMatchObject([{ kind: 'unknown', status: 401 }])
  expect(refreshes).toBe(2)
  expect(vendor.bodies('/jobs')).toHaveLength(2)
})

test('a job that is under way holds no place: more batches than the limit are submitted meanwhile', async () => {
  let open = 0
  let most = 0
  vendor.answer = ({ path: address }) => {
    if (address === '/jobs') {
      open += 1
      most = Math.max(most, open)
      return { status: 202, body: { id: 'x' } }
    }
    if (most < 5) return { status: 200, body: { status: 'IN_PROGRESS' } }
    return { status: 200, body: { status: 'SUCCEEDED' } }
  }
  const outcomes = await run(['a', 'b', 'c', 'd', 'e'], {
    connections: [
      {
        ...connection(),
        destination: { ...destination, limits: { actions: { submit: { concurrency: 1 } } } },
        subscriptions: [{ action: 'submit', filter: 'type = "track"', batch: { maxCount: 1 } }],
      },
    ],
  })
  expect(kindsOf(outcomes)).toEqual(Array(5).fill('delivered'))
  expect(most).toBe(5)
})

test('where batches are turned off, an event is a job of its own', async () => {
  jobVendor({ status: 'SUCCEEDED' })
  const outcomes = await run(['a', 'b'], {
    connections: [
      { ...connection(), subscriptions: [{ action: 'submit', filter: 'type = "track"', batch: false }] },
    ],
  })
  expect(kindsOf(outcomes)).toEqual(['delivered', 'delivered'])
  expect(vendor.bodies('/jobs')).toEqual([['a'], ['b']])
})

test('a submission without a job is judged by its items, or by its status', async () => {
  vendor.answer = () => ({ status: 202, body: {} })
  expect(kindsOf(await run(['bad', 'a']))).toEqual(['rejected', 'retry'])
  vendor.answer = () => ({ status: 503 })
  expect(kindsOf(await run(['a']))).toEqual(['retry'])
})
