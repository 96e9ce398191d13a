import nock from 'nock'
import { ours, theirs } from '../support/both-cores'
import { everyFeature, type Settings } from '../support/every-feature'

// Node's own modules are those of all suites in a worker.
afterAll(() => {
  nock.enableNetConnect()
  nock.restore()
})

/** A suite as destinations have it, written for the reference: it passes whichever module is in its place. */
describe.each([
  ['@segment/actions-core', theirs],
  ['waybill/actions-core', ours],
] as const)('with %s', (_name, core) => {
  const url = 'https://api.vendor.example'
  const settings: Settings = { url, apiKey: 'secret', region: 'eu' }
  const testDestination = core.createTestIntegration(everyFeature(core, 'custom'))

  beforeAll(() => nock.disableNetConnect())
  afterEach(() => {
    nock.cleanAll()
    testDestination.responses = []
  })

  const event = core.createTestEvent({
    type: 'identify',
    timestamp: '2026-01-15T12:00:00.000Z',
    traits: { email: 'a@example.com' },
  })

  it('tests credentials', async () => {
    nock(url).get('/me').reply(200, {})
    await expect(testDestination.testAuthentication(settings)).resolves.not.toThrow()
    nock(url).get('/me').reply(401, { error: 'no' })
    await expect(testDestination.testAuthentication(settings)).rejects.toThrow(
      'Credentials are invalid: 401 Unauthorized',
    )
  })

  it('sends the default mapping', async () => {
    nock(url).put('/upsert').matchHeader('authorization', 'Bearer secret').reply(202, { ok: true })
    const responses = await testDestination.testAction('upsert', {
      event,
      settings,
      useDefaultMappings: true,
      mapping: { listId: 'l1', __segment_internal_sync_mode: 'upsert' },
    })
    expect(responses).toHaveLength(1)
    const [response] = responses
    expect(response?.status).toBe(202)
    expect(response?.data).toEqual({ ok: true })
    expect(response?.request.method).toBe('PUT')
    expect(response?.options.json).toMatchObject({
      payload: { id: 'user1234', email: 'a@example.com', listId: 'l1', enable_batching: true },
      syncMode: 'upsert',
    })
    expect(response?.options.headers).toMatchInlineSnapshot(`
      Headers {
        Symbol(map): {
          "authorization": [
            "Bearer secret",
          ],
          "user-agent": [
            "Segment (Actions)",
          ],
          "x-region": [
            "eu",
          ],
        },
      }
    `)
    expect(await response?.request.json()).toMatchObject({ payload: { id: 'user1234' } })
    expect(testDestination.results.map(({ output }) => output)).toEqual([
      'Mappings resolved',
      'Payload validated',
      'Action Executed',
    ])
    expect(nock.isDone()).toBe(true)
  })

  it('refuses a payload without its required field', async () => {
    await expect(
      testDestination.testAction('upsert', { event, settings, mapping: { email: 'a@example.com' } }),
    ).rejects.toThrow("The root value is missing the required field 'id'.")
  })

  it.each([
    [429, 'Too Many Requests'],
    [500, 'Internal Server Error'],
  ])('throws for status %d', async (status, message) => {
    nock(url).put('/upsert').reply(status, { error: 'no' })
    const sent = testDestination.testAction('upsert', { event, settings, mapping: { id: 'u' } })
    await expect(sent).rejects.toThrow(core.HTTPError)
    await expect(sent).rejects.toThrow(message)
    await expect(sent).rejects.toMatchObject({ response: { status, data: { error: 'no' } } })
  })

  it('throws for a network error', async () => {
    nock(url)
      .put('/upsert')
      .replyWithError(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
    await expect(
      testDestination.testAction('upsert', { event, settings, mapping: { id: 'u' } }),
    ).rejects.toMatchObject({ name: 'FetchError', code: 'ECONNRESET' })
  })

  it('sends a batch', async () => {
    nock(url)
      .post('/batch', (body) => body.ids.length === 2)
      .reply(207, { results: [{ status: 200 }, { status: 422, message: 'bad' }] })
    const responses = await testDestination.testBatchAction('upsert', {
      events: [event, core.createTestEvent({ userId: 'u2' })],
      settings,
      mapping: { id: { '@path': '$.userId' } },
    })
    expect(responses[0]?.options.json).toMatchObject({ ids: ['user1234', 'u2'] })
    expect(testDestination.results[0]?.multistatus).toEqual([
      { status: 200, sent: { id: 'user1234' }, body: 'ok' },
      {
        status: 422,
        errormessage: 'bad',
        errortype: 'UNPROCESSABLE_ENTITY',
        sent: { id: 'u2' },
        errorreporter: 'DESTINATION',
      },
    ])
  })

  it('asks for choices', async () => {
    nock(url)
      .get('/lists')
      .query({ page: '2' })
      .reply(200, { lists: ['a'], next: '3' })
    const choices = await testDestination.testDynamicField('upsert', 'listId', {
      settings,
      payload: {},
      page: '2',
    })
    expect(choices).toEqual({ choices: [{ label: 'a', value: 'a' }], nextPage: '3' })
  })

  it('creates an audience, and deletes a person', async () => {
    nock(url).post('/audiences', { name: 'Big', advertiserId: 'a' }).reply(200, { id: 'x1' })
    await expect(
      testDestination.createAudience({
        settings,
        audienceName: 'Big',
        audienceSettings: { advertiserId: 'a' },
      }),
    ).resolves.toEqual({ externalId: 'x1' })
    nock(url).post('/delete', { userId: 'u', anonymousId: 'a' }).reply(204)
    await expect(
      testDestination.onDelete?.({ type: 'delete', userId: 'u', anonymousId: 'a' }, { ...settings }),
    ).resolves.toMatchObject({ status: 204 })
  })

  it('follows the clock of the test', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
    try {
      jest.setSystemTime(new Date('2026-02-03T04:05:06Z'))
      expect(core.createTestEvent().timestamp).toBe('2026-02-03T04:05:06.000Z')
    } finally {
      jest.useRealTimers()
    }
  })
})
