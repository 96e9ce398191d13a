import { type Connection, type ConnectionOperations, createRuntime } from 'waybill'
import { send, track, useVendor } from './vendor'

const vendor = useVendor()

type Request = (url: string, options?: object) => Promise<{ data: Record<string, unknown> }>
type Input = Record<string, unknown> & { settings: { url: string }; payload: Record<string, unknown> }

const field = (label: string, more: object = {}) => ({ label, description: '', type: 'string', ...more })
/** Answers with what it was told, so that a test can see it. */
const echo =
  (name: string) =>
  (_request: Request, { page, dynamicFieldContext, payload, hookInputs }: Input) => ({
    choices: [{ label: name, value: JSON.stringify({ page, dynamicFieldContext, payload, hookInputs }) }],
    nextPage: page === undefined ? '2' : '',
  })

let received: Input[]
const destination = {
  name: 'Operated',
  slug: 'operated',
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields: {
      url: field('URL', { required: true }),
      apiKey: field('Key', { type: 'password' }),
      region: field('Region', {
        dynamic: async (request: Request, { settings }: Input) => {
          const { data } = await request(`${settings.url}/regions`)
          return { choices: data.regions }
        },
      }),
    },
  },
  extendRequest: ({ settings }: { settings: { apiKey: string } }) => ({
    headers: { 'x-key': settings.apiKey },
  }),
  audienceFields: { listType: field('List type', { default: 'static', choices: ['static', 'live'] }) },
  audienceConfig: {
    mode: { type: 'synced', full_audience_sync: false },
    createAudience: async (request: Request, { settings, audienceName, audienceSettings }: Input) => {
      const { data } = await request(`${settings.url}/audiences`, {
        method: 'post',
        json: { audienceName, audienceSettings },
      })
      return { externalId: data.id }
    },
    getAudience: async (request: Request, { settings, externalId }: Input) => {
      const { data } = await request(`${settings.url}/audiences/${externalId}`)
      return { externalId: data.id }
    },
  },
  actions: {
    send: {
      title: 'Send',
      description: '',
      syncMode: { default: 'add', label: '', description: '', choices: [] },
      fields: { list: field('List'), columns: field('Columns', { type: 'object' }) },
      dynamicFields: {
        list: echo('list'),
        columns: { email: echo('columns.email'), __keys__: echo('keys'), __values__: echo('values') },
        rows: { id: echo('rows.id') },
        broken: () => 'no list',
        refusing: () => ({ choices: [], error: { code: '403', message: 'no access with canary-key' } }),
      },
      hooks: {
        onMappingSave: {
          label: 'Create list',
          description: '',
          inputFields: {
            title: field('Title', { required: true, dynamic: echo('title') }),
            size: field('Size', { type: 'integer', default: 5 }),
          },
          performHook: async (request: Request, input: Input) => {
            received.push(input)
            const { title, size } = input.hookInputs as { title: string; size: number }
            if (title === 'taken') return { error: { code: 'TAKEN', message: 'there is such a list' } }
            const { data } = await request(`${input.settings.url}/lists`, {
              method: 'post',
              json: { title, size },
            })
            return { successMessage: 'created', savedData: { id: data.id } }
          },
        },
      },
      perform: (_request: Request, input: Input) => {
        received.push(input)
      },
    },
  },
} as unknown as Connection['destination']

const connection = (mapping: Record<string, unknown> = {}): Connection => ({
  destination,
  settings: { url: vendor.emulator.url, apiKey: 'canary-key' },
  subscriptions: [{ action: 'send', filter: 'type = "track"', mapping }],
})

let runtime: ReturnType<typeof createRuntime>
let operations: ConnectionOperations
beforeEach(() => {
  received = []
  runtime = createRuntime({ connections: [connection()] })
  operations = runtime.connection('operated')
})
afterEach(() => runtime.close())

describe('dynamicField', () => {
  const told = async (request: Parameters<ConnectionOperations['dynamicField']>[0]) => {
    const result = await operations.dynamicField(request)
    if (!result.ok) throw new Error(result.message)
    const [choice] = result.value.choices
    return { by: choice?.label, ...JSON.parse(choice?.value ?? '{}'), nextPage: result.value.nextPage }
  }

  test('gives the payload so far, pages and the query to the handler', async () => {
    expect(await told({ action: 'send', field: 'list', payload: { a: 1 }, query: 'ne' })).toEqual({
      by: 'list',
      payload: { a: 1 },
      dynamicFieldContext: { query: 'ne' },
      nextPage: '2',
    })
    expect(await told({ action: 'send', field: 'list', page: '2' })).toEqual({
      by: 'list',
      payload: {},
      page: '2',
      nextPage: undefined,
    })
  })

  test.each([
    ['columns.email', 'columns.email', undefined],
    ['columns.__keys__', 'keys', undefined],
    ['columns.__values__', 'values', undefined],
    ['columns.phone', 'values', { selectedKey: 'phone' }],
    ['rows.[3].id', 'rows.id', { selectedArrayIndex: 3 }],
  ])('%s is answered by %s', async (name, by, dynamicFieldContext) => {
    const answer = await told({ action: 'send', field: name })
    expect(answer).toMatchObject({ by })
    expect(answer.dynamicFieldContext).toEqual(dynamicFieldContext)
  })

  test('asks for inputs of a hook and for settings too', async () => {
    expect(
      await told({ action: 'send', hook: 'onMappingSave', field: 'title', hookInputs: { size: 2 } }),
    ).toMatchObject({ by: 'title', hookInputs: { size: 2 } })
    vendor.answer = ({ headers }) => ({
      status: 200,
      body: { regions: [{ label: headers['x-key'], value: 'eu' }] },
    })
    expect(await operations.dynamicField({ field: 'region' })).toEqual({
      ok: true,
      value: { choices: [{ label: 'canary-key', value: 'eu' }] },
    })
  })

  test('what the vendor or the handler says instead is a value', async () => {
    expect(await operations.dynamicField({ action: 'send', field: 'refusing' })).toEqual({
      ok: false,
      kind: 'rejected',
      owner: 'destination',
      code: '403',
      message: 'no access with ***',
    })
    expect(await operations.dynamicField({ action: 'send', field: 'broken' })).toMatchObject({
      ok: false,
      code: 'DESTINATION_BUG',
    })
    vendor.answer = () => ({ status: 401 })
    expect(await operations.dynamicField({ field: 'region' })).toMatchObject({ ok: false, kind: 'blocked' })
  })

  test.each([
    [{ action: 'sned', field: 'list' }, 'UNKNOWN_ACTION', '"sned" is not an action; there are send'],
    [
      { action: 'send', field: 'lst' },
      'NOT_SUPPORTED',
      'the field "lst" of send has no dynamic choices; there are list, columns.email, columns.__keys__',
    ],
    [{ action: 'send', field: 'constructor' }, 'NOT_SUPPORTED', 'the field "constructor" of send has no'],
    [{ field: 'apiKey' }, 'NOT_SUPPORTED', 'the setting "apiKey" has no dynamic choices'],
    [
      { action: 'send', field: 'size', hook: 'onMappingSave' as const },
      'NOT_SUPPORTED',
      'the input "size" of the hook onMappingSave has no dynamic choices',
    ],
  ])('%p is an error', async (request, code, message) => {
    await expect(operations.dynamicField(request)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })
})

describe('runHook', () => {
  test('checks the inputs, runs the hook, and gives the mapping that perform gets the outputs from', async () => {
    vendor.answer = () => ({ status: 200, body: { id: 'list-9' } })
    const mapping = { list: 'x', __segment_internal_sync_mode: 'add' }
    const result = await operations.runHook({
      action: 'send',
      hook: 'onMappingSave',
      inputs: { title: 'News' },
      mapping,
    })
    const stored = { inputs: { title: 'News', size: 5 }, outputs: { id: 'list-9' } }
    expect(result).toEqual({
      ok: true,
      value: {
        message: 'created',
        outputs: { id: 'list-9' },
        mapping: { ...mapping, onMappingSave: stored },
      },
    })
    expect(mapping).toEqual({ list: 'x', __segment_internal_sync_mode: 'add' })
    expect(received[0]).toMatchObject({ syncMode: 'add', hookInputs: stored.inputs })
    expect(vendor.bodies('/lists')).toEqual([{ title: 'News', size: 5 }])

    if (!result.ok) throw new Error(result.message)
    await send({ connections: [connection(result.value.mapping)] }, [track('a')])
    expect(received[1]?.hookOutputs).toEqual({ onMappingSave: stored })
  })

  test('a wrong input, a refusal of the hook and one of the vendor are values', async () => {
    const hook = { action: 'send', hook: 'onMappingSave' } as const
    expect(await operations.runHook({ ...hook, inputs: { size: 'big' } })).toMatchObject({
      ok: false,
      kind: 'invalid',
      owner: 'configuration',
      fields: [
        { path: 'title', expected: 'required' },
        { path: 'size', expected: 'integer' },
      ],
    })
    expect(vendor.emulator.requestCount).toBe(0)
    expect(await operations.runHook({ ...hook, inputs: { title: 'taken' } })).toMatchObject({
      ok: false,
      code: 'TAKEN',
      message: 'there is such a list',
    })
    vendor.answer = () => ({ status: 500 })
    expect(await operations.runHook({ ...hook, inputs: { title: 'x' } })).toMatchObject({
      ok: false,
      kind: 'retry',
      status: 500,
    })
  })

  test('a hook that the action does not have is an error', async () => {
    await expect(operations.runHook({ action: 'send', hook: 'retlOnMappingSave' })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      message: 'the action send has no hook "retlOnMappingSave"; there are onMappingSave',
    })
  })
})

describe('audiences', () => {
  test('are created and found by the id that the destination gives', async () => {
    vendor.answer = () => ({ status: 200, body: { id: 'aud-1' } })
    expect(await operations.createAudience({ audienceName: 'VIP' })).toEqual({
      ok: true,
      value: { externalId: 'aud-1' },
    })
    expect(vendor.bodies('/audiences')).toEqual([
      { audienceName: 'VIP', audienceSettings: { listType: 'static' } },
    ])
    expect(await operations.getAudience({ externalId: 'aud-1' })).toEqual({
      ok: true,
      value: { externalId: 'aud-1' },
    })
  })

  test('wrong settings, a refusal and an answer without an id are values', async () => {
    expect(
      await operations.createAudience({ audienceName: 'VIP', audienceSettings: { listType: 'dynamic' } }),
    ).toMatchObject({ ok: false, kind: 'invalid', fields: [{ path: 'listType' }] })
    expect(vendor.emulator.requestCount).toBe(0)
    vendor.answer = () => ({ status: 409, body: { message: 'exists, says canary-key' } })
    expect(await operations.createAudience({ audienceName: 'VIP' })).toMatchObject({
      ok: false,
      kind: 'rejected',
      status: 409,
      vendorCode: 'exists, says ***',
    })
    vendor.answer = () => ({ status: 200, body: {} })
    expect(await operations.getAudience({ externalId: 'x' })).toMatchObject({
      ok: false,
      code: 'DESTINATION_BUG',
      message: 'audienceConfig.getAudience returned no externalId',
    })
  })

  test('a destination without them says so', async () => {
    const { audienceConfig: _, ...without } = destination as unknown as Record<string, unknown>
    const plain = createRuntime({ connections: [{ ...connection(), destination: without as never }] })
    await expect(plain.connection('operated').createAudience({ audienceName: 'x' })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
    })
    await plain.close()
  })
})
