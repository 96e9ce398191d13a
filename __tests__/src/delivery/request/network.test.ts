import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulator, startEmulator } from 'waybill/testing'
import { proxyFor } from '../../../../src/delivery/request/proxy'
import { isPublicAddress } from '../../../../src/delivery/request/public-address'
import { createUndiciTransport } from '../../../../src/delivery/request/undici-transport'
import { type ForwardProxy, startForwardProxy } from '../../../support/forward-proxy'

let vendor: Emulator
let proxy: ForwardProxy
beforeAll(async () => {
  vendor = await startEmulator({ handle: () => ({ status: 200, body: {} }) })
  proxy = await startForwardProxy({ user: 'me', password: 'p@ss' })
})
afterAll(async () => {
  await vendor.close()
  await proxy.close()
})
beforeEach(() => proxy.clear())

type Options = Parameters<typeof createUndiciTransport>[0]

async function send(url: string, options: Options) {
  const transport = createUndiciTransport({ connections: 2, ...options })
  try {
    return await transport.send({
      url,
      method: 'POST',
      headers: ['content-type', 'application/json'],
      body: '{"a":1}',
      timeoutMs: 5_000,
      maxResponseBytes: 1_000,
      signal: undefined,
      agent: undefined,
    })
  } finally {
    await transport.close()
  }
}

/** A certificate authority, and what it signed for the vendor and for a client. */
function makeCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-certificates-'))
  const openssl = (...given: string[]) => execFileSync('openssl', given, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=Acme CA')
  for (const name of ['localhost', 'client']) {
    openssl(
      'req',
      ...key,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=DNS:${name}`,
    )
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      `${name}.pem`,
      '-days',
      '1',
      '-copy_extensions',
      'copy',
    )
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const made = {
    ca: read('ca.pem'),
    server: { cert: read('localhost.pem'), key: read('localhost.key') },
    client: { cert: read('client.pem'), key: read('client.key') },
  }
  rmSync(folder, { recursive: true })
  return made
}

describe('a proxy', () => {
  test('is asked for whole http addresses, with its credentials', async () => {
    const response = await send(`${vendor.url}/path?q=1`, { proxy: { http: proxy.url } })
    expect(response.status).toBe(200)
    expect(proxy.requests).toEqual([`POST ${vendor.url}/path?q=1`])
    expect(vendor.requests.at(-1)?.body.toString()).toBe('{"a":1}')
    expect(vendor.requests.at(-1)?.headers).not.toHaveProperty('proxy-authorization')
  })

  test('that refuses has sent nothing on', async () => {
    const wrong = proxy.url.replace('p%40ss', 'wrong')
    await expect(send('https://vendor.test/', { proxy: { https: wrong } })).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
      isSent: false,
      message: expect.stringContaining('status 407'),
    })
  })

  test('that is down has sent nothing on', async () => {
    await expect(send(vendor.url, { proxy: { http: 'http://127.0.0.1:1' } })).rejects.toMatchObject({
      isSent: false,
    })
  })

  test('is passed by for the hosts of NO_PROXY', async () => {
    await send(vendor.url, { proxy: { http: proxy.url, no: '127.0.0.0/8' } })
    expect(proxy.requests).toEqual([])
  })
})

test.each([
  ['*', true],
  ['acme.test', true],
  ['.acme.test', true],
  ['*.acme.test', true],
  ['other.test, API.acme.test', true],
  ['api.acme.test:443', true],
  ['api.acme.test:80', false],
  ['me.test', false],
  ['', false],
])('NO_PROXY=%s reaches https://api.acme.test without one: %s', (no, isDirect) => {
  const found = proxyFor('https://api.acme.test', { https: 'proxy.test:3128', no })
  expect(found === undefined).toBe(isDirect)
})

test.each([
  ['http://[::1]:80', '[::1]'],
  ['http://10.1.2.3', '10.0.0.0/8'],
  ['http://[fd00::1]', 'fd00::/8'],
])('%s is excepted by NO_PROXY=%s', (origin, no) => {
  expect(proxyFor(origin, { http: 'http://proxy.test', no })).toBeUndefined()
})

describe('certificates', () => {
  const { ca, server: serverCertificate, client } = makeCertificates()
  const server = createServer(
    { ...serverCertificate, ca, requestCert: true, rejectUnauthorized: false },
    (incoming, outgoing) => {
      const { authorized } = incoming.socket as unknown as { authorized: boolean }
      incoming.resume().on('end', () => outgoing.end(JSON.stringify({ authorized })))
    },
  )
  let url: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `https://localhost:${(server.address() as AddressInfo).port}/`
  })
  afterAll(() => void server.close())
  const bodyOf = async (options: Options): Promise<unknown> =>
    JSON.parse(Buffer.from((await send(url, options)).body).toString())

  test('of an authority that nobody knows are refused before anything is sent', async () => {
    await expect(send(url, {})).rejects.toMatchObject({ isSent: false })
  })

  test('of a given authority are trusted', async () => {
    expect(await bodyOf({ tls: { ca } })).toEqual({ authorized: false })
  })

  test("of the client's own are shown", async () => {
    expect(await bodyOf({ tls: { ca, ...client } })).toEqual({ authorized: true })
  })

  test('are checked through the tunnel of a proxy', async () => {
    expect(await bodyOf({ tls: { ca, ...client }, proxy: { https: proxy.url } })).toEqual({
      authorized: true,
    })
    expect(proxy.requests).toEqual([`CONNECT ${new URL(url).host}`])
  })
})

describe('without private addresses', () => {
  const options = { allowPrivateAddresses: false }
  test.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '10.0.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '2130706433',
    '0x7f.1',
  ])('%s is refused before anything is sent', async (host) => {
    const count = vendor.requestCount
    const { href } = new URL(vendor.url.replace('127.0.0.1', host))
    await expect(send(href, options)).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS', isSent: false })
    expect(vendor.requestCount).toBe(count)
  })

  test('a name is judged by what it resolves to', async () => {
    const name = require('node:os').hostname() as string
    const { address } = await (require('node:dns/promises') as typeof import('node:dns/promises')).lookup(
      name,
    )
    if (!isPublicAddress(address))
      await expect(send(`http://${name}:${new URL(vendor.url).port}/`, options)).rejects.toMatchObject({
        code: 'PRIVATE_ADDRESS',
      })
  })

  test("an action's own agent gains nothing", async () => {
    const { Agent } = require('node:http') as typeof import('node:http')
    const transport = createUndiciTransport(options)
    const request = {
      method: 'GET',
      headers: [],
      body: undefined,
      timeoutMs: 5_000,
      maxResponseBytes: 1_000,
      signal: undefined,
    }
    for (const url of [vendor.url, `http://localhost:${new URL(vendor.url).port}`])
      await expect(transport.send({ ...request, url, agent: new Agent() })).rejects.toMatchObject({
        code: 'PRIVATE_ADDRESS',
      })
    await transport.close()
  })
})

test.each(['8.8.8.8', '2001:4860:4860::8888'])('%s is public', (address) =>
  expect(isPublicAddress(address)).toBe(true),
)
test.each([
  '192.168.1.1',
  '100.64.0.1',
  'fe80::1',
  'fd00::1',
  '::',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::ffff:10.0.0.1',
])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
