import { request } from 'node:http'
import { type Emulator, startEmulator } from 'waybill/testing'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator({
    handle: ({ headers }) => ({ status: 200, body: { echo: headers.authorization ?? '' } }),
    control: {
      'GET people': () => ({ status: 200, body: [{ name: 'Ann', key: 'k3y-in-a-view', count: 12 }] }),
    },
  })
})
afterEach(() => emulator.close())

const port = (): number => Number(new URL(emulator.url).port)

/** `fetch` does not let a program choose `Host`. */
const statusFor = (headers: Record<string, string>, path = '/'): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: port(), path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })

test.each(['/', '/__emulator/requests'])('%s is not there for pages of other sites', async (path) => {
  for (const host of [
    'evil.test',
    `evil.test:${port()}`,
    '127.0.0.1.evil.test',
    'localhost.evil.test',
    'localhost@evil.test',
  ])
    expect(await statusFor({ host }, path)).toBe(403)
  for (const origin of ['https://evil.test', 'null', 'file://', 'http://localhost.evil.test'])
    expect(await statusFor({ origin }, path)).toBe(403)
  expect(emulator.requestCount).toBe(0)
})

test('it is there for programs and pages of this machine', async () => {
  for (const host of ['127.0.0.1', `localhost:${port()}`, '[::1]:80', 'acme.localhost'])
    expect(await statusFor({ host })).toBe(200)
  expect(await statusFor({ origin: 'http://localhost:3000' })).toBe(200)
})

test('the control plane shows no key that a request carried, in no view', async () => {
  const basic = Buffer.from('user:s3cret-of-acme').toString('base64')
  await fetch(`${emulator.url}/a?api_key=k3y-in-a-view&page=2`, {
    method: 'post',
    headers: {
      authorization: `Basic ${basic}`,
      'x-wsse': 'UsernameToken PasswordDigest="ZGlnZXN0LW9mLWEta2V5"',
    },
    body: '{"password":"s3cret-of-acme","digest":"ZGlnZXN0LW9mLWEta2V5"}',
  })
  const shown = async (view: string): Promise<string> =>
    (await fetch(`${emulator.url}/__emulator/${view}`)).text()
  const texts = [await shown('requests'), await shown('people')]
  for (const text of texts)
    expect(text).not.toMatch(/s3cret-of-acme|k3y-in-a-view|ZGlnZXN0LW9mLWEta2V5|czNjcmV0/)
  expect(texts.join()).not.toContain(basic)
  expect(JSON.parse(texts[1] as string)).toEqual([{ name: 'Ann', key: '***', count: 12 }])
  // Tests in the same process need what was really sent.
  expect(emulator.requests[0]?.headers.authorization).toBe(`Basic ${basic}`)
})
