import { randomUUID } from 'node:crypto'
import { defineAction, defineDestination, defineSettings, path } from 'waybill'
import { type AnyDestination, type SnapshotOptions, snapshotDestination } from 'waybill/testing'
import { recordingFramework } from '../../../support/recording-framework'

const settings = defineSettings({
  apiKey: { label: 'Key', description: 'The key.', type: 'password', required: true },
})

/** A small vendor. `extra` goes into every body. */
const guild = (extra: () => object = () => ({}), filter = 'type = "track" and event = "Plant Watered"') =>
  defineDestination({
    name: 'Guild',
    slug: 'guild',
    settings,
    authentication: { scheme: 'custom' },
    extendRequest: ({ settings: { apiKey } }) => ({ headers: { 'x-key': apiKey } }),
    presets: [{ name: 'Watering', type: 'automatic', partnerAction: 'send', subscribe: filter }],
    actions: {
      send: defineAction({
        settings,
        title: 'Send',
        description: 'Sends.',
        fields: {
          id: {
            label: 'Id',
            description: 'Which.',
            type: 'string',
            required: true,
            default: path('$.messageId'),
          },
          level: { label: 'Level', description: 'How much.', type: 'integer', minimum: 3 },
        },
        perform: (request, { payload }) =>
          request('https://guild.example/send', { method: 'post', json: { ...payload, ...extra() } }),
        performBatch: (request, { payload }) =>
          request('https://guild.example/send', { method: 'post', json: payload }),
      }),
    },
  })

async function snapshotsOf(definition: AnyDestination, options: SnapshotOptions = {}) {
  const framework = recordingFramework()
  snapshotDestination(definition, { ...options, framework })
  await framework.run()
  const { snapshots, failures, tests } = framework
  return { snapshots, failures, names: tests.map(({ name }) => name) }
}

describe('snapshots of whole requests', () => {
  test('are there for each action and preset, and read like an exchange', async () => {
    const { names, snapshots, failures } = await snapshotsOf(guild())
    expect(failures).toEqual({})
    expect(names).toEqual([
      'Guild › send › required fields',
      'Guild › send › all fields and every reply',
      'Guild › send › defaults on each event type',
      'Guild › send › batch',
      'Guild › presets › Watering (send): type = "track" and event = "Plant Watered"',
    ])
    expect(snapshots[1]).toBe(`### accepted

POST https://guild.example/send
accept: */*
content-type: application/json
user-agent: Segment (Actions)
x-key: {apiKey}

{
  "id": "9dbc26ed-86f7-4264-a3b3-32b1ec7590f4",
  "level": 3
}

-> 200

outcome: delivered 200

### 400

POST https://guild.example/send (as above)

-> 400

outcome: rejected HTTP_400 (destination): the destination answered 400

### 401

POST https://guild.example/send (as above)

-> 401

outcome: blocked HTTP_401 (configuration): the destination answered 401

### 429 retry-after: 30

POST https://guild.example/send (as above)

-> 429 retry-after: 30

outcome: retry after 30000 ms HTTP_429 (destination): the destination answered 429

### 500

POST https://guild.example/send (as above)

-> 500

outcome: retry HTTP_500 (destination): the destination answered 500

### time-out

POST https://guild.example/send (as above)

-> time-out

outcome: unknown ETIMEDOUT (network): no answer came in time`)
    expect(snapshots[3]!.match(/^POST /gm)).toHaveLength(1)
    expect(snapshots[3]).toMatch(/outcome 1: delivered 200\noutcome 2: delivered 200$/)
    expect(snapshots[4]).toMatch(/^### Plant Watered\n\nPOST /)
  })

  test('change where a request changes, and nowhere else', async () => {
    const before = (await snapshotsOf(guild())).snapshots
    const after = (await snapshotsOf(guild(() => ({ unit: 'liter' })))).snapshots
    const added = after[0]!.split('\n').filter((line) => !before[0]!.split('\n').includes(line))
    expect(added).toEqual([expect.stringContaining('"id"'), '  "unit": "liter"'])
    expect(after[3]).toBe(before[3])
  })

  test('do not depend on the clock, the time zone or chance', async () => {
    const moody = () =>
      guild(() => {
        const date = new Date()
        return {
          now: [
            Date.now(),
            date.toString(),
            date.getHours(),
            String(new Date(2026, 0, 1)),
            new Date('2026-01-01T00:00').getTime(),
          ],
          shown: new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'full' }).format(date),
          chance: [Math.random(), randomUUID(), crypto.randomUUID()],
        }
      })
    const first = await snapshotsOf(moody())
    expect(first.snapshots[0]).toContain('Thu Jan 15 2026 12:01:00 GMT+0000 (Coordinated Universal Time)')
    const real = { now: Date.now(), random: Math.random }
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await snapshotsOf(moody())).snapshots).toEqual(first.snapshots)
    expect(Date.now()).toBeGreaterThan(real.now)
    expect(Math.random).toBe(real.random)
  })

  test('show what the vendor really answers, and leave out what is to be skipped', async () => {
    const replies = [{ method: 'post', url: '/send', reply: { status: 202, body: { queued: true } } }]
    const { names, snapshots } = await snapshotsOf(guild(), {
      replies,
      skip: ['send › batch', /presets|defaults|every reply/],
    })
    expect(names).toEqual(['Guild › send › required fields'])
    expect(snapshots[0]).toMatch(/-> 202\n\{"queued":true\}\n\noutcome: delivered 202$/)
  })

  test('take an own event and mapping for an action, and own events for presets', async () => {
    const event = { type: 'track', messageId: 'own', event: 'X' }
    const actions = { send: { event, mapping: { level: { '@literal': 7 } } } }
    const { snapshots } = await snapshotsOf(guild(undefined, 'messageId = "own"'), {
      actions,
      events: { Own: event },
    })
    expect(snapshots[0]).toContain('{\n  "id": "own",\n  "level": 7\n}')
    expect(snapshots.at(-1)).toMatch(/^### Own\n/)
  })

  test('try presets for events of Engage with the calls that their slugs name', async () => {
    const presets = ['track', 'identify'].map((call) => ({
      name: call,
      type: 'specificEvent' as const,
      partnerAction: 'send',
      eventSlug: `warehouse_audience_entered_${call}` as never,
    }))
    const { snapshots, failures } = await snapshotsOf({ ...guild(), presets } as AnyDestination)
    expect(failures).toEqual({})
    expect(snapshots.at(-2)).toMatch(/^### audience entered\n/)
    expect(snapshots.at(-1)).toMatch(/^### audience entered, identify\n/)
  })

  test('ask for an event where no sample passes the filter of a preset', async () => {
    const { failures } = await snapshotsOf(guild(undefined, 'type = "nothing"'))
    expect(failures['Guild › presets › Watering (send): type = "nothing"']).toMatch(
      /no sample event passes the filter of the preset "Watering"/,
    )
  })

  test('are held to the requests of the reference on demand', async () => {
    const differs = guild()
    const onlyOurs = {
      ...differs,
      actions: {
        send: {
          ...differs.actions.send,
          perform: ((request: never, input: { notes?: unknown }) =>
            (request as (url: string, options: object) => unknown)('https://guild.example/send', {
              method: 'post',
              json: { isWaybill: input.notes !== undefined },
            })) as never,
        },
      },
    }
    expect((await snapshotsOf(differs, { reference: true })).failures).toEqual({})
    const { failures } = await snapshotsOf(onlyOurs as unknown as AnyDestination, {
      reference: true,
      skip: [/batch/],
    })
    expect(Object.keys(failures)).toHaveLength(4)
    expect(failures['Guild › send › required fields']).toContain('isWaybill')
  })

  test('need a test framework, and say so', () => {
    const { describe: kept } = globalThis
    try {
      Object.assign(globalThis, { describe: undefined })
      expect(() => snapshotDestination(guild())).toThrow('there are no global describe, test and expect')
    } finally {
      Object.assign(globalThis, { describe: kept })
    }
  })
})
