import { spawn } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Emulator, startEmulator } from 'waybill/testing'
import { temporaryFolder } from '../temporary-folder'

const files = temporaryFolder()
// Each run is a process that reads the TypeScript sources first.
jest.setTimeout(60_000)

/** A destination as it is written for the framework; `send` is what `perform` does. */
const source = (name: string, send = `request(settings.url, { method: 'post', json: payload })`) => `{
  name: '${name}',
  mode: 'cloud',
  authentication: {
    scheme: 'custom',
    fields: { url: { label: 'URL', description: '', type: 'string', required: true } },
  },
  presets: [{ name: 'Track', type: 'automatic', partnerAction: 'track', subscribe: 'type = "track"' }],
  actions: {
    track: {
      title: 'Track',
      description: '',
      fields: { event: { label: 'Event', description: '', type: 'string', default: { '@path': '$.event' } } },
      perform: (request, { payload, settings }) => ${send},
    },
  },
}`
const root = join(__dirname, '../../../..')
const framework = join(root, 'node_modules/@segment')

beforeAll(() => {
  const addPackage = (name: string, manifest: object, file: string, content: string) => {
    files.write(`node_modules/${name}/package.json`, { name, version: '1.0.0', ...manifest })
    files.write(`node_modules/${name}/${file}`, content)
  }
  addPackage(
    'commonjs',
    { main: 'main.js' },
    'main.js',
    `exports.acme = ${source('Acme')}; exports.version = 3`,
  )
  addPackage('whole', { main: 'main.js' }, 'main.js', `module.exports = ${source('Whole')}`)
  addPackage(
    'transpiled',
    { main: 'main.js' },
    'main.js',
    `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ${source('Transpiled')}`,
  )
  addPackage(
    '@acme/modern',
    { type: 'module', exports: { '.': { import: './main.js' }, './extra': { import: './extra.js' } } },
    'main.js',
    `export default ${source('Modern')}; export const other = ${source('Other')}; export const version = 3`,
  )
  files.write('node_modules/@acme/modern/extra.js', `export const extra = ${source('Extra')}`)
  addPackage(
    'single',
    { type: 'module', main: 'main.js' },
    'main.js',
    `export const only = ${source('Only')}`,
  )
  addPackage('none', { main: 'main.js' }, 'main.js', `exports.version = 3`)
  addPackage('broken', { main: 'main.js' }, 'main.js', `require('not-installed')`)
  addPackage('faulty', { main: 'main.js' }, 'main.js', `throw new Error('it cannot start')`)
  addPackage(
    'framework-based',
    { main: 'main.js' },
    'main.js',
    `const { IntegrationError, PayloadValidationError, RetryableError, Destination } = require('@segment/actions-core')
     const send = (event) => {
       if (event === 'invalid') throw new PayloadValidationError('no such person')
       if (event === 'refused') throw new IntegrationError('not allowed', 'NOT_ALLOWED', 403 + 1)
       if (event === 'later') throw new RetryableError('busy')
     }
     const definition = ${source('Framework', '{ send(payload.event); return request(settings.url, { method: "post", json: payload }) }')}
     exports.definition = definition
     exports.instance = new Destination(definition)`,
  )
  // The real framework, as the package would have it among its own dependencies.
  symlinkSync(framework, files.path('node_modules/@segment'))
  files.write('own/destination.js', `exports.mine = ${source('Mine')}`)
  files.write('own/destination.mjs', `export const mine = ${source('Mine Too')}`)
  files.write('data.json', { name: 'data' })
})

/** The real command line as a process of its own: only there Node's own loader finds the modules. */
async function waybill(commandArguments: string[], input = '') {
  const child = spawn(
    process.execPath,
    [
      '--conditions=waybill-source',
      '--require',
      join(root, '__tests__/support/register-typescript.js'),
      join(root, 'src/cli/main.ts'),
      ...commandArguments,
    ],
    { cwd: files.folder },
  )
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      written[name] += chunk
    })
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, ...written }
}

let vendor: Emulator
beforeEach(async () => {
  vendor = await startEmulator({ handle: () => ({ status: 200 }) })
})
afterEach(() => vendor.close())

let runs = 0
async function run(destinations: string[], events: string[]) {
  runs += 1
  files.write('waybill.config.json', {
    connections: destinations.map((destination, index) => ({
      name: `${index}`,
      destination,
      settings: { url: `${vendor.url}/${index}` },
      subscriptions: 'presets',
    })),
  })
  const lines = events.map((event) => JSON.stringify({ type: 'track', messageId: event, event }))
  const letters = `dead-${runs}.ndjson`
  const options = ['--dead-letters', letters, '--retry-for', '0', '--quiet']
  return { letters, ...(await waybill(['run', '--memory', ...options], `${lines.join('\n')}\n`)) }
}

test('definitions of other packages and files are delivered to, CommonJS and ES modules alike', async () => {
  const destinations = [
    'commonjs#acme',
    'whole#default',
    'whole#',
    'transpiled#default',
    '@acme/modern#default',
    '@acme/modern#other',
    '@acme/modern/extra#extra',
    'single#only',
    'single#',
    './own/destination.js#mine',
    './own/destination.mjs#mine',
    './own/destination#mine',
    './own/destination.js',
    'framework-based#definition',
    'framework-based#instance',
  ]
  const { code, stderr } = await run(destinations, ['Signed Up'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(vendor.requests.map(({ path, body }) => `${path} ${body}`).sort()).toEqual(
    destinations.map((_, index) => `/${index} {"event":"Signed Up"}`).sort(),
  )
})

test('every mistake is told with its connection and what to do, and nothing is sent', async () => {
  const mistakes = [
    [
      'missing#x',
      /there is no module "missing" \(seen from .*\); install it there with npm install missing$/,
    ],
    [
      './none.js#x',
      /there is no module "\.\/none\.js" .*a relative path starts from the folder of the configuration$/,
    ],
    ['commonjs#acne', /"commonjs" has no export "acne"; did you mean "acme"\? It exports acme, version$/],
    [
      'commonjs#version',
      /the export "version" of "commonjs" is no destination definition: .* Definitions there: acme$/,
    ],
    ['@acme/modern#', /exports several destinations; name one as "@acme\/modern#default": default, other$/],
    ['@acme/modern/none#x', /the module "@acme\/modern\/none" cannot be loaded: .*'\.\/none' is not defined/],
    ['./data.json', /"\.\/data\.json" exports no destination definition; it exports name$/],
    [
      'broken#x',
      /the module "broken" cannot be loaded: Cannot find module 'not-installed'; it needs a package that is missing: npm install not-installed$/,
    ],
    ['faulty#x', /the module "faulty" cannot be loaded: it cannot start$/],
    ['zendesk-conect', /did you mean "zendesk-connect"\?.*"\.\/file\.js#export" or "package#export"$/],
  ] as const
  const { code, stderr } = await run(
    mistakes.map(([name]) => name),
    ['a'],
  )
  const lines = stderr.split('\n').filter((line) => line.startsWith('  - '))
  expect(lines).toHaveLength(mistakes.length)
  mistakes.forEach(([, message], index) => {
    expect(lines[index]).toMatch(message)
    expect(lines[index]).toContain(`connections[${index}].destination: `)
  })
  expect(code).toBe(2)
  expect(vendor.requestCount).toBe(0)
})

test('errors of the framework that a package brings along, which are other classes than ours, mean the same', async () => {
  const { code, letters } = await run(['framework-based#definition'], ['fine', 'invalid', 'refused', 'later'])
  expect(code).toBe(1)
  const dead = files
    .read(letters)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(dead.map(({ outcome }) => [outcome.messageId, outcome.kind, outcome.code, outcome.message])).toEqual(
    [
      ['invalid', 'invalid', 'PAYLOAD_VALIDATION_FAILED', 'no such person'],
      ['refused', 'rejected', 'NOT_ALLOWED', 'not allowed'],
      ['later', 'retry', 'RETRYABLE_ERROR', 'busy'],
    ],
  )
  expect(vendor.requestCount).toBe(1)
})
