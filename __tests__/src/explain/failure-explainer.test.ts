import {
  arrayPath,
  createFailureExplainer,
  createRuntime,
  defineAction,
  defineDestination,
  defineSettings,
  path,
} from 'waybill'

const settings = defineSettings({})
const order = defineAction({
  settings,
  title: 'Order',
  description: 'Takes an order.',
  fields: {
    email: {
      label: 'Email',
      description: 'Who.',
      type: 'string',
      required: true,
      default: path('$.traits.email'),
    },
    total: {
      label: 'Total',
      description: 'How much.',
      type: 'number',
      required: true,
      default: path('$.properties.total'),
    },
    code: { label: 'Code', description: 'Unmapped.', type: 'string', required: true },
    items: {
      label: 'Items',
      description: 'What.',
      type: 'object',
      multiple: true,
      properties: { price: { label: 'Price', type: 'number' } },
      default: arrayPath('$.properties.items', { price: path('$.cost') }),
    },
  },
  perform: (request) => request('https://shop.example.com/orders', { method: 'post' }),
})
const shop = defineDestination({
  name: 'Shop',
  slug: 'shop',
  settings,
  authentication: { scheme: 'custom' },
  actions: { order },
})
const good = {
  type: 'track',
  messageId: 'm',
  traits: { email: 'ada@example.com' },
  properties: { total: 5, items: [] },
}

async function why(event: object, mapping: object, answer?: Response | Error) {
  const connection = {
    destination: shop,
    settings: {},
    subscriptions: [
      {
        action: 'order',
        filter: 'type = "track"',
        mapping: { ...defaults, ...mapping },
      },
    ],
  }
  const send = async () => {
    if (answer instanceof Error) throw answer
    return answer ?? new Response()
  }
  const runtime = createRuntime({ connections: [connection], fetch: send as typeof fetch })
  const [outcome] = await runtime.send([event as never])
  return createFailureExplainer([connection])(outcome!, event as never)
}
const defaults = {
  email: path('$.traits.email'),
  total: path('$.properties.total'),
  items: arrayPath('$.properties.items', { price: path('$.cost') }),
}

describe('the short explanation of a failure', () => {
  test('names the path that the mapping reads, and that it is missing or of the wrong type', async () => {
    expect(await why({ ...good, traits: {}, properties: { total: 'much' } }, { code: 'c' })).toEqual([
      'Email (email) is required but it was missing: the mapping reads $.traits.email, which the event does not have.',
      'Total (total) must be a number but it was a string: the mapping reads $.properties.total.',
    ])
  })

  test('says that the mapping does not fill a field, and sums up what goes beyond two', async () => {
    expect(await why({ type: 'track' }, {})).toEqual([
      'Email (email) is required but it was missing: the mapping reads $.traits.email, which the event does not have.',
      'Total (total) is required but it was missing: the mapping reads $.properties.total, which the event does not have.',
      'So it is with code.',
    ])
    expect(await why(good, {})).toEqual([
      'Code (code) is required but it was missing: the mapping does not fill it.',
    ])
  })

  test('finds the place in the shape of a list', async () => {
    const event = { ...good, properties: { total: 5, items: [{ cost: 1 }, { cost: 'dear' }] } }
    expect(await why(event, { code: 'c' })).toEqual([
      expect.stringMatching(/price.*: the mapping reads \$\.cost, in an item of a list\.$/),
    ])
  })

  test.each([
    [
      new Response('no', { status: 400 }),
      [
        'HTTP_400: the destination answered 400',
        'The refusal is final; sending the same again changes nothing.',
      ],
    ],
    [
      new Response('no', { status: 401 }),
      [
        'HTTP_401: the destination answered 401',
        'Put the credentials right, then send the dead letters again.',
      ],
    ],
    [
      new Response('no', { status: 503 }),
      [
        'HTTP_503: the destination answered 503',
        'It may be sent again: it was tried once within the time that was allowed.',
      ],
    ],
    [
      Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      ['ECONNRESET: reset', 'It may have arrived; sending it again may deliver it twice.'],
    ],
  ])('says what was answered and what to do about it: %s', async (answer, lines) => {
    expect(await why(good, { code: 'c' }, answer)).toEqual(lines)
  })

  test('holds no value of the event', async () => {
    const event = {
      type: 'track',
      traits: { email: null },
      properties: { total: 'private-value', items: [{ cost: 'private-value' }] },
    }
    expect((await why(event, { code: 'c' })).join('\n')).not.toContain('private-value')
  })

  test('has nothing to say of what was delivered', async () => {
    expect(await why(good, { code: 'c' })).toEqual([])
  })
})
