import type { DestinationDefinition } from '@segment/actions-core'
import { defineAction, defineDestination, defineFields, defineSettings, type PayloadOf, path } from 'waybill'

/** Compiled with the rest of the tests: a type promise that breaks is an error of `npm run typecheck`. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const promise = <Holds extends true>(holds: Holds): void => expect(holds).toBe(true)

const settings = defineSettings({
  apiKey: { label: 'Key', description: '', type: 'password', required: true },
  region: {
    label: 'Region',
    description: '',
    type: 'string',
    choices: [
      { value: 'us', label: 'US' },
      { value: 'eu', label: 'EU' },
    ],
  },
})
const shared = defineFields({ id: { label: 'Id', description: '', type: 'string', required: true } })
const action = defineAction({
  settings,
  title: 'Action',
  description: '',
  fields: {
    ...shared,
    size: { label: 'Size', description: '', type: 'string', choices: ['small', 'large'] },
    tags: { label: 'Tags', description: '', type: 'string', multiple: true },
    note: { label: 'Note', description: '', type: 'string', allowNull: true },
    at: { label: 'At', description: '', type: 'datetime', default: path('$.timestamp') },
    address: {
      label: 'Address',
      description: '',
      type: 'object',
      properties: {
        city: { label: 'City', type: 'string', required: true },
        zip: { label: 'Zip', type: 'integer' },
      },
    },
    free: { label: 'Free', description: '', type: 'object' },
  },
  perform: (_request, { payload, settings }) => {
    promise<Equal<typeof settings, { apiKey: string; region?: 'us' | 'eu' }>>(true)
    promise<Equal<typeof payload.size, 'small' | 'large' | undefined>>(true)
    // @ts-expect-error a field that is not declared
    void payload.sizes
    // @ts-expect-error a number is no text
    const wrong: number = payload.id
    return wrong
  },
})

test('payload types follow from the fields', () => {
  type Payload = PayloadOf<typeof action>
  promise<Equal<Payload['id'], string>>(true)
  promise<Equal<Payload['tags'], string[] | undefined>>(true)
  promise<Equal<Payload['note'], string | null | undefined>>(true)
  promise<Equal<Payload['at'], string | number | undefined>>(true)
  promise<Equal<Payload['address'], { city: string; zip?: number } | undefined>>(true)
  promise<Equal<Payload['free'], { [key: string]: unknown } | undefined>>(true)
})

test('misspelt members, unknown types and presets of missing actions do not compile', () => {
  // @ts-expect-error a misspelt member of a field
  defineFields({ id: { label: 'Id', description: '', type: 'string', requird: true } })
  // @ts-expect-error no such type
  defineFields({ id: { label: 'Id', description: '', type: 'text-area' } })
  // @ts-expect-error a setting has no such type
  defineSettings({ key: { label: 'Key', description: '', type: 'object' } })
  defineDestination({
    name: 'A',
    slug: 'a',
    settings,
    authentication: { scheme: 'custom' },
    actions: { action },
    // @ts-expect-error there is no such action
    presets: [{ name: 'P', type: 'automatic', partnerAction: 'actoin', subscribe: 'type = "track"' }],
  })
})

test("the result is the reference's own definition, without the settings that were there for the types", () => {
  const destination: DestinationDefinition<{ apiKey: string; region?: 'us' | 'eu' }> = defineDestination({
    name: 'A',
    slug: 'a',
    settings,
    authentication: { scheme: 'custom' },
    actions: { action },
  })
  expect(destination.authentication?.fields).toBe(settings)
  expect(destination.actions.action).not.toHaveProperty('settings')
  expect(destination).not.toHaveProperty('settings')
})

test('audience settings follow from the audience fields', () => {
  const destination = defineDestination({
    name: 'A',
    slug: 'a',
    settings,
    authentication: { scheme: 'custom' },
    actions: { action },
    audienceFields: { listType: { label: 'Type', description: '', type: 'string', required: true } },
    audienceConfig: {
      mode: { type: 'synced', full_audience_sync: false },
      createAudience: async (_request, input) => {
        promise<Equal<typeof input.settings.region, 'us' | 'eu' | undefined>>(true)
        // @ts-expect-error an audience field that is not declared
        void input.audienceSettings?.kind
        return { externalId: `${input.audienceSettings?.listType}` }
      },
      getAudience: async (_request, { externalId }) => ({ externalId }),
    },
  })
  expect(destination).toHaveProperty('audienceConfig')
})

test('an action answers at once or later, and never half of each', () => {
  const common = { settings, title: 'A', description: '', fields: shared }
  defineAction({
    ...common,
    performBatch: async () => ({ jobId: '1', status: 200 }),
    performPoll: async (_request, { payload }) => {
      promise<Equal<typeof payload, { jobId: string; uploadCount: number }>>(true)
      return { jobId: payload.jobId, status: 200, jobStatus: 'SUCCEEDED' }
    },
  })
  defineAction({
    ...common,
    performBatch: async () => ({ jobId: '1', status: 200 }),
    // @ts-expect-error no such status of a job
    performPoll: async () => ({ jobId: '1', status: 200, jobStatus: 'DONE' }),
  })
  // @ts-expect-error neither perform nor performPoll
  defineAction({ ...common })
})
