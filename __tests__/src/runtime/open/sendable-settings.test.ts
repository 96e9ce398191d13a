import { type Connection, createRuntime } from 'waybill'
import { startEmulator } from 'waybill/testing'

const destination = (fields: Record<string, unknown>, extendRequest?: unknown) =>
  ({
    name: 'Acme',
    slug: 'acme',
    mode: 'cloud',
    authentication: { scheme: 'custom', fields },
    ...(extendRequest === undefined ? {} : { extendRequest }),
    actions: {
      go: {
        title: 'Go',
        description: 'Goes.',
        fields: {},
        perform: (
          request: (url: string, options: object) => unknown,
          { settings }: { settings: { endpoint: string } },
        ) => request(settings.endpoint, { method: 'post', json: {} }),
      },
    },
  }) as unknown as Connection['destination']

const field = (type: string) => ({ label: 'L', description: 'D', type })
const keyAndEndpoint = destination(
  { apiKey: field('password'), endpoint: field('string'), site: field('string') },
  ({ settings }: { settings: Record<string, string> }) => ({
    headers: { 'x-key': settings.apiKey, 'x-site': settings.site },
  }),
)

function open(settings: Record<string, unknown>, definition = keyAndEndpoint) {
  const warnings: string[] = []
  const runtime = createRuntime({
    connections: [
      { destination: definition, settings, subscriptions: [{ action: 'go', filter: 'type = "track"' }] },
    ],
    on: { warning: (connection, message) => warnings.push(`${connection}: ${message}`) },
  })
  return { runtime, warnings }
}

test.each(['\n', '\r\n', ' ', '\t', '\ufeff', '\u00a0', '\u200b'])(
  'a key loses %j around it, which is noted',
  async (space) => {
    const vendor = await startEmulator({ handle: () => ({ status: 200 }) })
    const { runtime, warnings } = open({ apiKey: `${space}k3y-of-acme${space}`, endpoint: vendor.url })
    const [outcome] = await runtime.send([{ type: 'track', messageId: 'm1' }])
    expect(outcome?.kind).toBe('delivered')
    expect(vendor.requests[0]?.headers['x-key']).toBe('k3y-of-acme')
    expect(warnings).toEqual(['acme: settings.apiKey: the white space around it was removed'])
    await runtime.close()
    await vendor.close()
  },
)

test.each([
  [{ apiKey: 'two\nlines' }, 'settings.apiKey', 'control character at position 4'],
  [{ apiKey: 'nul\0l' }, 'settings.apiKey', 'control character at position 4'],
  [{ apiKey: 'smart\u2013dash' }, 'settings.apiKey', 'the character U+2013 at position 6'],
  [{ apiKey: 'kéy' }, 'settings.apiKey', 'the character U+00E9 at position 2'],
  [{ site: 'Köln' }, 'settings.site', 'the character U+00F6 at position 2'],
  [{ endpoint: 'https://me:100%@api.acme.test' }, 'settings.endpoint', 'write %25'],
])('%j is a mistake in the configuration, told when the connection opens', (settings, path, message) => {
  const opening = () => open({ apiKey: 'k', endpoint: 'https://api.acme.test', ...settings })
  expect(opening).toThrow(expect.objectContaining({ code: 'INVALID_SETTINGS' }))
  expect(opening).toThrow(path)
  expect(opening).toThrow(message)
  for (const value of Object.values(settings)) expect(opening).not.toThrow(value)
})

test('keys of several lines and passwords in any script are no mistake', () => {
  const definition = destination({
    privateKey: field('password'),
    password: field('password'),
    account: field('password'),
  })
  const settings = {
    privateKey: '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n',
    account: '{\n  "private_key": "x"\n}',
    password: 'пароль',
  }
  expect(open(settings, definition).warnings).toEqual([])
})
