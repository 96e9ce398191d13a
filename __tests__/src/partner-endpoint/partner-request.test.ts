import { deletionMessage, partnerAddress, partnerEndpointSettings, partnerHeaders } from 'waybill'

describe('headers', () => {
  test('carry the key as user name of Basic credentials with an empty password', () => {
    expect(partnerHeaders({ apiKey: 'segment' })).toEqual({
      Accept: '*/*',
      Authorization: 'Basic c2VnbWVudDo=',
      'Cache-Control': 'no-cache',
      'User-Agent': 'Segment.io/1.0',
    })
  })

  test('encode a key beyond ASCII as UTF-8', () => {
    const { Authorization } = partnerHeaders({ apiKey: 'schlüssel-ключ-🔑' })
    expect(Buffer.from(Authorization.slice('Basic '.length), 'base64').toString('utf8')).toBe(
      'schlüssel-ключ-🔑:',
    )
  })

  test('carry custom settings as base64 of JSON, and nothing where there are none', () => {
    const customSettings = { customSettingOne: 'custom setting value' }
    expect(partnerHeaders({ apiKey: 'k', customSettings })).toMatchObject({
      'X-Segment-Settings': 'eyJjdXN0b21TZXR0aW5nT25lIjoiY3VzdG9tIHNldHRpbmcgdmFsdWUifQ==',
    })
    expect(partnerHeaders({ apiKey: 'k', customSettings: {} })).not.toHaveProperty('X-Segment-Settings')
  })

  test.each(['', '   ', undefined])('are refused for the blank key %p', (apiKey) => {
    expect(() => partnerHeaders({ apiKey: apiKey as string })).toThrow(
      expect.objectContaining({ name: 'InvalidAuthenticationError', status: 401 }),
    )
  })
})

describe('address', () => {
  test.each([
    ['https://partner.example/segment', 'https://partner.example/segment'],
    ['https://partner.example:8443/a/b?region=eu', 'https://partner.example:8443/a/b?region=eu'],
    ['http://127.0.0.1:9000/segment', 'http://127.0.0.1:9000/segment'],
    ['http://localhost/segment', 'http://localhost/segment'],
    ['http://[::1]:80/segment', 'http://[::1]/segment'],
  ])('%s is usable', (endpoint, address) => {
    expect(partnerAddress(endpoint)).toBe(address)
  })

  test.each([
    undefined,
    '',
    'partner.example/segment',
    '/segment',
    'http://partner.example/segment',
    'http://127.0.0.1.partner.example/segment',
    'http://localhost.partner.example/segment',
    'ftp://127.0.0.1/segment',
    'https://name:password@partner.example/segment',
  ])('%p is refused, and the message does not repeat it', (endpoint) => {
    let thrown: unknown
    try {
      partnerAddress(endpoint)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'IntegrationError', code: 'INVALID_ENDPOINT', status: 400 })
    expect((thrown as Error).message).not.toContain('partner.example')
  })
})

test('the deletion message has the members that Segment documents', () => {
  const at = '2026-05-04T03:02:01.000Z'
  expect(deletionMessage('user-1', new Date(at), 'abc')).toEqual({
    type: 'delete',
    channel: 'server',
    messageId: 'delete-abc',
    userId: 'user-1',
    context: {},
    integrations: {},
    receivedAt: at,
    sentAt: at,
    originalTimestamp: at,
    timestamp: at,
  })
})

test('the shared settings ask for the address and leave deletions off', () => {
  expect(partnerEndpointSettings).toMatchObject({
    endpoint: { required: true, format: 'uri' },
    timeoutMs: { default: 5_000 },
    sendDeletes: { default: false },
  })
})
