import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Who may import whom. A folder may always import itself; `waybill...` is the package's own public path. */
const foundation = ['src/outcome', 'src/errors', 'src/event', 'src/nesting']
const allowed: Record<string, readonly string[]> = {
  'src/event': [],
  'src/nesting': [],
  'src/outcome': [],
  'src/errors': [],
  'src/nearest': [],
  /** Of the readers, which may not load the package's public path for it. */
  'src/large-numbers': [],
  'src/contract': [],
  'src/definition': [...foundation, 'src/contract'],
  'src/pipeline': [...foundation, 'src/definition', 'src/contract'],
  'src/delivery': [...foundation, 'src/definition', 'src/contract'],
  'src/queue': foundation,
  'src/ingest': [...foundation, 'src/queue', 'src/large-numbers'],
  'src/plugin': [...foundation, 'src/runtime'],
  'src/partner-endpoint': ['src/outcome', 'src/definition', 'src/contract'],
  'src/runtime': [
    ...foundation,
    'src/nearest',
    'src/definition',
    'src/contract',
    'src/pipeline',
    'src/delivery',
    'src/queue',
  ],
  'src/explain': [...foundation, 'src/pipeline', 'src/delivery', 'src/runtime'],
  'src/telemetry': ['src/outcome'],
  'src/console': [
    ...foundation,
    'src/nearest',
    'src/pipeline',
    'src/runtime',
    'src/queue',
    'src/explain',
    'src/manifest',
    'src/telemetry',
    'src/testing',
  ],
  'src/lint': ['src/errors', 'src/definition', 'src/pipeline', 'src/runtime', 'src/nearest'],
  'src/actions-core': [
    'src/event',
    'src/nesting',
    'src/definition',
    'src/contract',
    'src/pipeline',
    'src/delivery',
  ],
  'src/lazy': ['src/runtime', 'src/explain', 'src/lint'],
  'src/index': [
    ...foundation,
    'src/lazy',
    'src/nearest',
    'src/contract',
    'src/definition',
    'src/delivery',
    'src/queue',
    'src/runtime',
    'src/partner-endpoint',
    'src/explain',
    'src/lint',
  ],
  'src/testing': ['waybill', 'waybill/queue'],
  'src/manifest': ['waybill', 'waybill/testing'],
  'src/cli': [
    'src/large-numbers',
    'waybill',
    'waybill/destinations',
    'waybill/emulators',
    'waybill/ingest',
    'waybill/manifest',
    'waybill/queue',
    'waybill/queue/postgres',
    'waybill/queue/sqlite',
    'waybill/testing',
    'waybill/console',
    'waybill/telemetry',
  ],
  'destinations/index': ['waybill'],
  'emulators/index': ['waybill', 'waybill/testing'],
  'emulators/format': [],
  'emulators/count-by-name': [],
}
const forDefinitions = ['waybill']
const forEmulators = ['waybill/testing', 'emulators/format', 'emulators/count-by-name']

/** Folders that run in a browser too. */
const withoutNode = [
  'src/event',
  'src/nesting',
  'src/outcome',
  'src/errors',
  'src/nearest',
  'src/contract',
  'src/definition',
  'src/pipeline',
  'src/explain',
  'src/runtime',
  'src/partner-endpoint',
  'src/lint',
  'src/plugin',
]

const root = resolve(__dirname, '..')
const sources = ['src', 'destinations', 'emulators'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
)

/** `src/pipeline/batch.ts` is of `src/pipeline`. */
const unitOf = (file: string): string => file.replace(/\.ts$/, '').split('/').slice(0, 2).join('/')

const importPattern = /(?:from|import|import\(|require\() ?'([^']+)'/g
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(importPattern)].map((match) => match[1] as string)

function allowedFor(unit: string): readonly string[] {
  if (unit.startsWith('emulators/')) return allowed[unit] ?? forEmulators
  return allowed[unit] ?? (unit.startsWith('destinations/') ? forDefinitions : [])
}

test.each(sources)('%s imports only what its folder may', (file) => {
  const unit = unitOf(file)
  const ours = importsOf(file).filter((path) => path.startsWith('.') || path.startsWith('waybill'))
  const units = ours.map((path) =>
    path.startsWith('.') ? unitOf(relative(root, resolve(root, dirname(file), path))) : path,
  )
  const permitted = allowedFor(unit)
  const wrong = units.filter((to) => to !== unit && !permitted.includes(to))
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

test.each(sources)('%s is not too long', (file) => {
  const most = 300
  expect(readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(most)
})
