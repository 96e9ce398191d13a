import { Destination } from '@segment/actions-core'
import { zaius } from 'waybill/destinations/zaius'
import { startZaiusEmulator, type ZaiusEmulator } from 'waybill/emulators/zaius'

let emulator: ZaiusEmulator
beforeAll(async () => {
  emulator = await startZaiusEmulator({ publicKey: 'abc_DEF-123' })
})
beforeEach(() => emulator.clear())
afterAll(() => emulator.close())

const check = (settings: Record<string, unknown>) =>
  new Destination(zaius).testAuthentication({ endpoint: emulator.url, ...settings } as never)

test('the Tracking Identifier and the private key pass', async () => {
  await expect(check({ apiKey: emulator.publicKey })).resolves.toBeUndefined()
  await expect(check({ apiKey: ` ${emulator.privateKey}\n` })).resolves.toBeUndefined()
  expect(emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /v3/lists',
    'GET /v3/lists',
  ])
})

test('a key that may not read lists is a key that ODP knows', async () => {
  emulator.fault({
    status: 403,
    body: { title: 'Forbidden', detail: { message: 'Insufficient privileges' } },
  })
  await expect(check({ apiKey: emulator.publicKey })).resolves.toBeUndefined()
})

test.each([
  ['abc', /does not know this key: check the Tracking Identifier and the region/],
  ['  ', /is empty|is required/],
  ['a@example.com', /is an email address/],
  ['"abc"', /without blanks or quotes/],
  ['abc def', /without blanks or quotes/],
])('%p is refused with what is wrong', async (apiKey, message) => {
  await expect(check({ apiKey })).rejects.toThrow(message)
})

test('a key of one region does not go with another', async () => {
  await expect(check({ apiKey: 'abc-eu1', region: 'us', endpoint: undefined })).rejects.toThrow(
    'The key belongs to Europe, the region is set to the United States',
  )
  expect(emulator.requests).toEqual([])
})

test('no message repeats the key', async () => {
  for (const apiKey of ['secret-abc', 'secret abc', 'secret@abc'])
    await expect(check({ apiKey })).rejects.toThrow(expect.not.stringContaining('secret'))
})

test('what is not about the key is not blamed on it', async () => {
  emulator.fault({ status: 503 })
  await expect(check({ apiKey: emulator.publicKey })).rejects.toThrow('ODP answered 503; try again later.')
  await expect(check({ apiKey: emulator.publicKey, endpoint: `${emulator.url}/x` })).rejects.toThrow(
    'check the endpoint',
  )
  emulator.fault({ status: 302, headers: { location: `${emulator.url}/login` } })
  await expect(check({ apiKey: emulator.publicKey })).rejects.toThrow('check the endpoint')
})
