import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(__dirname, '..')

/** What a file loads when it is loaded itself: imports, but those of types alone, and no `require` within a function. */
const loadPattern = /^(?:import|export) (?!type )(?:[^'\n]|\n(?!import|export))*?from '([^']+)'/gm

function loadedBy(entry: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(entry)) return loaded
  loaded.add(entry)
  if (!existsSync(join(root, entry))) return loaded
  for (const [, path = ''] of readFileSync(join(root, entry), 'utf8').matchAll(loadPattern))
    loadedBy(path.startsWith('.') ? sourceOf(entry, path) : path, loaded)
  return loaded
}

function sourceOf(from: string, path: string): string {
  const file = relative(root, resolve(root, dirname(from), path))
  return existsSync(join(root, `${file}.ts`)) ? `${file}.ts` : join(file, 'index.ts')
}

const heavy = (file: string): boolean =>
  /^(undici|liquidjs|dayjs|ajv|ajv-formats|uuid|commander|@segment\/)/.test(file) ||
  file.startsWith('src/pipeline/') ||
  file.startsWith('src/runtime/create-runtime')

test.each([
  ['src/index.ts', 'those who define a destination'],
  ['src/cli/main.ts', 'the command line, until a command is called'],
])('%s loads no more than %s need', (entry) => {
  const loaded = [...loadedBy(entry)]
  expect(loaded.length).toBeGreaterThan(4)
  expect(loaded.filter(heavy)).toEqual([])
})

test('the runtime loads its HTTP client, templates and dates only when they are needed', () => {
  const loaded = [...loadedBy('src/runtime/create-runtime.ts')]
  expect(loaded).toContain('src/pipeline/prepare.ts')
  expect(loaded.filter((file) => /^(undici|liquidjs|dayjs|uuid)/.test(file))).toEqual([])
})
