import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(__dirname, '../../..')
const loader = join(root, '__tests__/support/load-typescript.js')

/**
 * A definition as published ones are: it asks errors for the classes of the copy that it imports. A batch whose response
 * points at one item is refused in that item alone; a 400 that says the token is invalid is an authentication error.
 */
const definition = (core: string) => `
const core = require(${JSON.stringify(`${core}/index`)})
const client = require(${JSON.stringify(`${core}/request-client`)})
const seen = []
const send = async (request, url, options) => {
  try { return await request(url, options) }
  catch (error) {
    seen.push([
      error instanceof core.HTTPError, error instanceof client.HTTPError, error instanceof client.TimeoutError,
      error instanceof core.RequestTimeoutError, error instanceof core.IntegrationError, error instanceof Error,
    ].map(Number).join(''))
    throw error
  }
}
exports.seen = seen
exports.acme = {
  name: 'Acme', slug: 'acme', mode: 'cloud',
  authentication: { scheme: 'custom', fields: { url: { label: 'URL', description: '', type: 'string' } } },
  actions: { go: {
    title: 'Go', description: '', fields: { path: { label: 'Path', description: '', type: 'string' } },
    perform: (request, { payload, settings }) => send(request, settings.url + payload.path, { method: 'post', json: {}, timeout: 300 }),
    performBatch: async (request, { payload, settings }) => {
      const result = new core.MultiStatusResponse()
      try { await request(settings.url + '/batch', { method: 'post', json: payload }) }
      catch (error) {
        if (!(error instanceof core.HTTPError) || error.response.status !== 400) throw error
        payload.forEach((item, index) => result.setErrorResponseAtIndex(index, error.response.data.bad === index
          ? { status: 400, errormessage: 'refused' } : { status: 500, errormessage: 'again' }))
      }
      return result
    },
  } },
}
`
/** Sends events on each runtime; prints what the definition saw, and what became of a batch. */
const program = `
const { createRuntime } = require(${JSON.stringify(join(root, 'src/index.ts'))})
const loadedBefore = Object.keys(require.cache).some((path) => path.includes('@segment/actions-core/dist'))
const { acme, seen } = require('./definition')
const url = process.argv[2]
const event = (path) => ({ type: 'track', event: 'E', messageId: path, properties: { path } })
const mapping = { path: { '@path': '$.properties.path' } }
;(async () => {
  const results = { loadedBefore }
  for (const compatibility of [false, true]) {
    const subscription = { action: 'go', filter: 'type = "track"', mapping }
    const connect = (batch) => [{ destination: acme, settings: { url }, subscriptions: [{ ...subscription, batch }] }]
    const single = createRuntime({ compatibility, connections: connect(false) })
    await single.send([event('/400')])
    await single.send([event('/stall')])
    await single.close()
    const batches = createRuntime({ compatibility, connections: connect({ maxCount: 3 }) })
    const outcomes = await batches.send(['/a', '/b', '/c'].map(event))
    await batches.close()
    results[compatibility] = [seen.splice(0), outcomes.map(({ kind }) => kind)]
  }
  const { Destination } = require(${JSON.stringify(join(root, 'src/actions-core/index.ts'))})
  const destination = new Destination(acme)
  const settings = { url, subscription: { subscribe: 'type = "track"', partnerAction: 'go', mapping } }
  for (const path of ['/400', '/stall']) await destination.onEvent(event(path), settings).catch(() => undefined)
  results.facade = seen.splice(0)
  console.log(JSON.stringify(results))
})()
`

const referenceFolder = join(root, 'node_modules/@segment/actions-core')

/** Where a definition's copy of the framework stands, made in a folder of its own where it has to be. */
const copies: Record<string, (folder: string) => string> = {
  'the reference beside waybill': () => join(referenceFolder, 'dist/cjs'),
  'a copy of the reference of its own': (folder) => {
    const copy = join(folder, 'own/node_modules/@segment/actions-core')
    cpSync(join(referenceFolder, 'dist/cjs'), join(copy, 'dist/cjs'), { recursive: true })
    return join(copy, 'dist/cjs')
  },
  'waybill/actions-core': () => join(root, 'src/actions-core'),
}

test.each(Object.entries(copies))('what our clients throw is of the classes of %s', async (_name, copyIn) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-classes-'))
  const server = createServer((request, response) => {
    request.resume()
    if (request.url === '/stall') return
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"bad":1}')
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'definition.js'), definition(copyIn(folder)))
    writeFileSync(join(folder, 'program.js'), program)
    const { port } = server.address() as AddressInfo
    const parameters = ['-r', loader, join(folder, 'program.js'), `http://127.0.0.1:${port}`]
    const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: folder })
    expect(JSON.parse(stdout)).toEqual({
      // No definition has the reference yet, and none of ours loads it.
      loadedBefore: false,
      false: [
        ['110001', '001001'],
        ['retry', 'rejected', 'retry'],
      ],
      true: [
        ['110001', '001001'],
        ['retry', 'rejected', 'retry'],
      ],
      facade: ['110001', '001001'],
    })
  } finally {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  }
})
