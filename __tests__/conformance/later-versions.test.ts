import * as core from 'waybill/actions-core'
import { legacyJourneysAudienceMembership } from 'waybill/actions-core/audience-membership'
import { AsyncAction } from 'waybill/actions-core/destination-kit/action'

/** What the framework has had since 3.170, to which the published package does not hold us yet. */
const seen: Record<string, unknown>[] = []
const definition = {
  name: 'Later',
  mode: 'cloud',
  authentication: { scheme: 'oauth2', fields: {} },
  actions: {
    act: {
      title: 'Act',
      description: '',
      fields: {},
      perform: (_request: unknown, data: Record<string, unknown>) => void seen.push(data),
    },
  },
  asyncActions: {
    bulk: {
      title: 'Bulk',
      description: '',
      fields: {},
      performBatch: (_request: unknown, data: Record<string, unknown>) => {
        seen.push(data)
        const multiStatusResponse = new core.MultiStatusResponse()
        multiStatusResponse.pushSuccessResponse({ status: 200, sent: {}, body: {} })
        return { jobId: 'j', multiStatusResponse }
      },
      performPoll: (_request: unknown, data: Record<string, unknown>) => {
        seen.push(data)
        return { jobId: 'j', status: 200, jobStatus: 'SUCCEEDED' }
      },
    },
  },
}
const destination = new core.Destination(definition as never)
const settings = { oauth: { access_token: 'of the settings', refresh_token: 'r' } }
const events = [{ type: 'track', event: 'E' }] as never
beforeEach(() => {
  seen.length = 0
})

test.each([
  [undefined, 'of the settings'],
  [{ accessToken: 'of the caller', refreshToken: '' }, 'of the caller'],
])(
  'an asynchronous batch and its poll get the tokens %j, else those of the settings',
  async (auth, expected) => {
    const given = { settings, ...(auth && { auth }) }
    const submitted = await destination.executeAsyncBatch('bulk', { ...given, events, mapping: {} })
    expect(submitted).toMatchObject({ jobId: 'j', status: 200 })
    await destination.executeAsyncPoll('bulk', { ...given, pollPayload: { jobId: 'j', uploadCount: 1 } })
    expect(seen.map((data) => (data.auth as { accessToken: string }).accessToken)).toEqual([
      expected,
      expected,
    ])
  },
)

test('an unknown asynchronous action is said to be unknown', async () => {
  expect(destination.asyncActions.bulk).toBeInstanceOf(AsyncAction)
  await expect(destination.executeAsyncBatch('nope', { settings, events, mapping: {} })).rejects.toThrow(
    'Async action nope not found.',
  )
})

const step = (more: object = {}) => ({
  type: 'track',
  context: { personas: { computation_class: 'journey_step', computation_key: 'k' } },
  properties: {},
  ...more,
})

test('a step of a legacy journey is a joining where its flag is on', async () => {
  const flag = { [core.FLAGS.ACTIONS_LEGACY_JOURNEYS_AUDIENCE_MEMBERSHIP]: true }
  expect(core.resolveAudienceMembership(step() as never, undefined, flag)).toBe(true)
  expect(core.resolveAudienceMembership(step() as never)).toBeUndefined()
  const stated = step({ properties: { k: false } })
  expect(core.resolveAudienceMembership(stated as never, undefined, flag)).toBe(false)
  expect(legacyJourneysAudienceMembership(stated)).toBeUndefined()
  const subscription = { subscribe: 'type = "track"', partnerAction: 'act', mapping: {} }
  await destination.onEvent(step() as never, { subscription } as never, { features: flag })
  await destination.onEvent(step() as never, { subscription } as never)
  expect(seen.map((data) => data.audienceMembership)).toEqual([true, undefined])
})

test.each([
  [{}, {}],
  [{ context: {} }, {}],
  [{ context: { personas: {} } }, undefined],
  [{ context: { personas: { audience_settings: { id: 1 } } } }, { id: 1 }],
])('the audience settings of %j are %j', async (event, expected) => {
  const subscription = { subscribe: 'type = "track"', partnerAction: 'act', mapping: {} }
  await destination.onEvent({ type: 'track', ...event } as never, { subscription } as never)
  expect(seen[0]).toHaveProperty('audienceSettings', expected)
})
