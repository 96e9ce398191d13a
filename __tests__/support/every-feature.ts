import type {
  ActionDefinition,
  AudienceDestinationDefinition,
  ModifiedResponse,
  RequestClient,
} from '@segment/actions-core'
import type { Core } from './both-cores'

export type Settings = { url: string; apiKey: string; region?: string }
type Payload = {
  id: string
  listId?: string
  email?: string
  attributes?: Record<string, unknown>
  products?: { sku: string; price?: number }[]
  sentAt?: string | number
  enable_batching?: boolean
  batch_size?: number
  batch_keys?: string[]
}
type Job = { jobId: string; done: boolean; failed?: number[] }

const text = (label: string, more: object = {}) => ({
  label,
  description: label,
  type: 'string' as const,
  ...more,
})

/** A destination with every feature that the framework gives to definitions, written for either module. */
export function everyFeature(core: Core, scheme: 'oauth2' | 'oauth-managed' | 'custom' = 'oauth2') {
  const upsert = {
    title: 'Upsert',
    description: 'Upserts a person into a list.',
    defaultSubscription: 'type = "identify"',
    syncMode: {
      label: 'How to sync',
      description: '',
      default: 'upsert',
      choices: [
        { label: 'Upsert', value: 'upsert' },
        { label: 'Mirror', value: 'mirror' },
        { label: 'Delete', value: 'delete' },
      ],
    },
    fields: {
      id: text('Id', { required: true, category: 'identifier', default: { '@path': '$.userId' } }),
      email: text('Email', { format: 'email', default: { '@path': '$.traits.email' } }),
      listId: text('List', {
        dynamic: true,
        required: { match: 'all', conditions: [{ fieldKey: 'email', operator: 'is_not', value: undefined }] },
      }),
      attributes: {
        label: 'Attributes',
        description: '',
        type: 'object',
        dynamic: true,
        additionalProperties: true,
        defaultObjectUI: 'keyvalue',
        default: { '@path': '$.traits.attributes' },
      },
      products: {
        label: 'Products',
        description: '',
        type: 'object',
        multiple: true,
        properties: {
          sku: text('SKU', { required: true, dynamic: true }),
          price: { label: 'Price', description: '', type: 'number', minimum: 1 },
        },
        default: {
          '@arrayPath': [
            '$.traits.products',
            { sku: { '@path': '$.product_id' }, price: { '@path': '$.price' } },
          ],
        },
      },
      sentAt: { label: 'Sent at', description: '', type: 'datetime', default: { '@path': '$.timestamp' } },
      enable_batching: { label: 'Batch', description: '', type: 'boolean', default: true },
      batch_size: { label: 'Batch size', description: '', type: 'integer', default: 50, unsafe_hidden: true },
      batch_keys: text('Batch keys', { multiple: true, default: ['listId'], unsafe_hidden: true }),
    },
    dynamicFields: {
      listId: async (request: RequestClient, { page, settings }: { page?: string; settings: Settings }) => {
        const { data } = await request<{ lists: string[]; next?: string }>(
          `${settings.url}/lists?page=${page ?? '1'}`,
        )
        return {
          choices: data.lists.map((value) => ({ label: value, value })),
          ...(data.next ? { nextPage: data.next } : {}),
        }
      },
      attributes: {
        __keys__: async () => ({ choices: [{ label: 'City', value: 'city' }] }),
        __values__: async (_request: unknown, { dynamicFieldContext }: { dynamicFieldContext?: object }) => ({
          choices: [{ label: JSON.stringify(dynamicFieldContext), value: 'Oslo' }],
        }),
      },
      products: {
        sku: async (_request: unknown, { dynamicFieldContext }: { dynamicFieldContext?: object }) => ({
          choices: [{ label: JSON.stringify(dynamicFieldContext), value: 's1' }],
        }),
      },
      broken: async () => {
        throw new core.IntegrationError('no choices', 'NO_CHOICES', 404)
      },
    },
    hooks: {
      onMappingSave: {
        label: 'Create a list',
        description: '',
        inputFields: {
          name: text('Name', { required: true }),
          kind: text('Kind', { dynamic: async () => ({ choices: [{ label: 'A', value: 'a' }] }) }),
          size: { label: 'Size', description: '', type: 'integer' },
        },
        outputTypes: { id: text('Id', { required: false }) },
        performHook: async (
          request: RequestClient,
          { settings, hookInputs }: { settings: Settings; hookInputs: { name: string } },
        ) => {
          if (hookInputs.name === 'taken') return { error: { message: 'The name is taken', code: 'TAKEN' } }
          const { data } = await request<{ id: string }>(`${settings.url}/lists`, {
            method: 'post',
            json: hookInputs,
          })
          return { successMessage: 'Created', savedData: { id: data.id, name: hookInputs.name } }
        },
      },
      retlOnMappingSave: { label: 'Nothing', description: '', inputFields: {} },
    },
    perform: (
      request: RequestClient,
      data: Record<string, unknown> & { payload: Payload; settings: Settings },
    ) => {
      const { payload, settings, syncMode, matchingKey, audienceMembership, audienceSettings } = data
      const { hookOutputs, features, subscriptionMetadata, rawMapping } = data
      if (payload.id === 'refuse') throw new core.PayloadValidationError('The id is refused')
      if (payload.id === 'later') throw new core.RetryableError('Try later', 429)
      const statsContext = data.statsContext as { statsClient?: { incr(name: string): void } } | undefined
      statsContext?.statsClient?.incr('upsert')
      return request(`${settings.url}/upsert`, {
        method: syncMode === 'delete' ? 'delete' : 'put',
        json: {
          payload,
          syncMode,
          matchingKey,
          audienceMembership,
          audienceSettings,
          hookOutputs,
          features,
          subscriptionMetadata,
          mapped: Object.keys((rawMapping as object) ?? {}),
        },
        ...(payload.id === 'quiet' ? { throwHttpErrors: false } : {}),
      })
    },
    performBatch: async (
      request: RequestClient,
      data: Record<string, unknown> & { payload: Payload[]; settings: Settings; audienceMembership: unknown },
    ) => {
      const { payload, settings, syncMode, audienceMembership } = data
      const response = (await request(`${settings.url}/batch`, {
        method: 'post',
        json: { ids: payload.map(({ id }) => id), syncMode, audienceMembership },
      })) as ModifiedResponse<{ results: { status: number; message?: string }[] }>
      if (payload[0]?.id === 'whole') return response
      const answer = new core.MultiStatusResponse()
      response.data.results.forEach(({ status, message }, index) => {
        const sent = payload[index] as never
        if (status < 400) answer.setSuccessResponseAtIndex(index, { status, sent, body: 'ok' })
        else answer.setErrorResponseAtIndex(index, { status, errormessage: message ?? 'failed', sent })
      })
      return answer
    },
  } as unknown as ActionDefinition<Settings, Payload>

  const track = {
    title: 'Track',
    description: 'Sends an event.',
    defaultSubscription: 'type = "track"',
    fields: { name: text('Name', { required: true, default: { '@path': '$.event' } }) },
    perform: (request: RequestClient, { payload, settings, auth }: Record<string, unknown>) =>
      request(`${(settings as Settings).url}/track`, {
        method: 'post',
        json: payload,
        searchParams: { via: (auth as { accessToken: string } | undefined)?.accessToken ?? 'none' },
      }),
  } as unknown as ActionDefinition<Settings, { name: string }>

  const bulk = {
    title: 'Bulk',
    description: 'Submits a batch, and asks later.',
    fields: { id: text('Id', { required: true, default: { '@path': '$.userId' } }) },
    performBatch: async (
      request: RequestClient,
      { payload, settings }: { payload: Payload[]; settings: Settings },
    ) => {
      if (payload[0]?.id === 'refuse') throw new core.IntegrationError('No jobs today', 'NO_JOBS', 503)
      const { data } = await request<Job>(`${settings.url}/jobs`, { method: 'post', json: payload })
      const multiStatusResponse = new core.MultiStatusResponse()
      for (const sent of payload)
        multiStatusResponse.pushSuccessResponse({ status: 202, sent: sent as never, body: 'queued' })
      return { jobId: data.jobId, status: 202, multiStatusResponse }
    },
    performPoll: async (
      request: RequestClient,
      { payload, settings }: { payload: { jobId: string }; settings: Settings },
    ) => {
      const { data, status } = await request<Job>(`${settings.url}/jobs/${payload.jobId}`)
      return { jobId: payload.jobId, status, jobStatus: data.done ? 'SUCCEEDED' : 'IN_PROGRESS' }
    },
  }

  return {
    name: 'Every Feature',
    slug: 'actions-every-feature',
    mode: 'cloud',
    description: 'Uses all there is.',
    authentication: {
      scheme,
      fields: {
        url: text('URL', { format: 'uri', required: true }),
        apiKey: text('API key', { type: 'password', required: true }),
        region: text('Region', {
          choices: [
            { label: 'EU', value: 'eu' },
            { label: 'US', value: 'us' },
          ],
        }),
      },
      testAuthentication: (request: RequestClient, { settings }: { settings: Settings }) =>
        request(`${settings.url}/me`),
      refreshAccessToken: async (
        request: RequestClient,
        { auth, settings }: { auth: Record<string, string>; settings: Settings },
      ) => {
        const { data } = await request<{ access_token: string; refresh_token?: string }>(
          `${settings.url}/token`,
          { method: 'post', body: new URLSearchParams(auth), headers: { authorization: 'none' } },
        )
        return { accessToken: data.access_token, refreshToken: data.refresh_token }
      },
    },
    extendRequest: ({ settings, auth }: { settings: Settings; auth?: { accessToken?: string } }) => ({
      headers: {
        authorization: `Bearer ${auth?.accessToken ?? settings.apiKey}`,
        'x-region': settings.region ?? 'none',
      },
      responseType: 'json',
    }),
    onDelete: (request: RequestClient, { payload, settings }: { payload: object; settings: Settings }) =>
      request(`${settings.url}/delete`, { method: 'post', json: payload }),
    presets: [
      { name: 'Upsert', subscribe: 'type = "identify"', partnerAction: 'upsert', type: 'automatic' },
      { name: 'Track', subscribe: 'type = "track"', partnerAction: 'track', type: 'automatic' },
    ],
    audienceFields: { advertiserId: text('Advertiser', { required: true }) },
    audienceConfig: {
      mode: { type: 'synced', full_audience_sync: false },
      createAudience: async (
        request: RequestClient,
        input: { audienceName: string; settings: Settings; audienceSettings?: object },
      ) => {
        const { data } = await request<{ id: string }>(`${input.settings.url}/audiences`, {
          method: 'post',
          json: { name: input.audienceName, ...input.audienceSettings },
        })
        return { externalId: data.id }
      },
      getAudience: async (request: RequestClient, input: { externalId: string; settings: Settings }) => {
        await request(`${input.settings.url}/audiences/${input.externalId}`)
        return { externalId: input.externalId }
      },
    },
    actions: { upsert, track },
    asyncActions: { bulk },
  } as unknown as AudienceDestinationDefinition<Settings>
}
