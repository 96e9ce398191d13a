import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Who may import whom. A folder may always import itself; `waybill...` is the package's own public path. */
const allowed: Record<string, readonly string[]> = {
  'src/event': [],
  'src/outcome': [],
  'src/errors': [],
  'src/definition': ['src/outcome', 'src/errors', 'src/event'],
  'src/actions-core': [],
  'src/pipeline': ['src/outcome', 'src/errors', 'src/event', 'src/definition', 'src/actions-core'],
  'src/delivery': ['src/outcome', 'src/errors', 'src/event', 'src/definition', 'src/actions-core'],
  'src/partner-endpoint': ['src/outcome', 'src/definition', 'src/actions-core'],
  'src/runtime': [
    'src/outcome',
    'src/errors',
    'src/event',
    'src/definition',
    'src/pipeline',
    'src/delivery',
    'src/actions-core',
    'src/trace',
  ],
  'src/nearest': [],
  'src/lint': ['src/errors', 'src/definition', 'src/pipeline', 'src/runtime', 'src/nearest'],
  'src/trace': ['src/outcome', 'src/errors', 'src/pipeline'],
  'src/compatibility': ['src/event', 'src/definition', 'src/pipeline', 'src/delivery', 'src/actions-core'],
  'src/index': [
    'src/outcome',
    'src/errors',
    'src/event',
    'src/definition',
    'src/delivery',
    'src/runtime',
    'src/actions-core',
    'src/partner-endpoint',
    'src/lint',
    'src/nearest',
    'src/on-demand',
    'src/trace',
  ],
  'src/on-demand': ['src/event', 'src/outcome', 'src/lint', 'src/runtime'],
  'src/testing': ['waybill'],
  'src/manifest': ['waybill', 'waybill/testing'],
  'src/cli': ['waybill', 'waybill/destinations', 'waybill/manifest', 'waybill/testing'],
  'destinations/index': ['waybill'],
}
const forDefinitions = ['waybill']
const forEmulators = ['waybill/testing']

/** Folders that run in a browser too. */
const withoutNode = [
  'src/event',
  'src/outcome',
  'src/errors',
  'src/definition',
  'src/pipeline',
  'src/trace',
  'src/runtime',
  'src/partner-endpoint',
  'src/lint',
  'src/nearest',
]

const root = resolve(__dirname, '..')
const sources = ['src', 'destinations'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
)

/** `src/pipeline/batch.ts` is of `src/pipeline`; a destination and its emulator are two units. */
function unitOf(file: string): string {
  const parts = file.replace(/\.ts$/, '').split('/')
  return parts[0] === 'destinations' && parts[2] === 'emulator'
    ? parts.slice(0, 3).join('/')
    : parts.slice(0, 2).join('/')
}

const importPattern = /(?:from|import|import\(|require\() ?'([^']+)'/g
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(importPattern)].map((match) => match[1] as string)

function allowedFor(unit: string): readonly string[] {
  if (unit.endsWith('/emulator')) return forEmulators
  return allowed[unit] ?? (unit.startsWith('destinations/') ? forDefinitions : [])
}

test.each(sources)('%s imports only what its folder may', (file) => {
  const unit = unitOf(file)
  const ours = importsOf(file).filter((path) => path.startsWith('.') || path.startsWith('waybill'))
  const units = ours.map((path) =>
    path.startsWith('.') ? unitOf(relative(root, resolve(root, dirname(file), path))) : path,
  )
  const permitted = allowedFor(unit)
  const wrong = units.filter(
    (to) =>
      to !== unit &&
      !permitted.includes(to) &&
      !(unit === 'src/cli' && to.startsWith('waybill/destinations/')),
  )
  expect(wrong).toEqual([])
})

test('every package that the sources import is declared', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
    peerDependencies: Record<string, string>
  }
  const declared = { ...dependencies, ...peerDependencies }
  const packages = sources
    .flatMap(importsOf)
    .filter((path) => /^(@[^/]+\/)?[a-z]/.test(path) && !/^(node:|waybill)/.test(path))
    .map((path) => path.match(/^(@[^/]+\/)?[^/]+/)?.[0] as string)
  const types = { 'json-schema': '@types/json-schema' } as Record<string, string>
  const missing = packages.filter((name) => declared[types[name] ?? name] === undefined)
  expect([...new Set(missing)]).toEqual([])
})

test.each(sources.filter((file) => withoutNode.includes(unitOf(file))))(
  '%s uses no Node built-in',
  (file) => {
    expect(importsOf(file).filter((path) => path.startsWith('node:'))).toEqual([])
  },
)

test.each(sources)('%s has fewer than 400 lines', (file) => {
  expect(readFileSync(join(root, file), 'utf8').split('\n').length).toBeLessThan(400)
})
