import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { listDestinations } from 'waybill/destinations'
import { runCommandLine } from '../../../../src/cli/command-line'
import { fakeTerminal } from '../fake-terminal'
import { temporaryFolder } from '../temporary-folder'

const root = resolve(__dirname, '../../../..')
const files = temporaryFolder()

/** An empty package that finds waybill's sources, and the tools, where they are. */
function openPackage(name: string): string {
  const folder = join(files.folder, name)
  for (const tool of ['@swc', '@types', 'jest', 'typescript']) link(join('node_modules', tool), folder)
  symlinkSync(root, join(folder, 'node_modules/waybill'))
  return folder
}

function link(path: string, folder: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  symlinkSync(join(root, path), join(folder, path))
}

async function call(folder: string, ...commandArguments: string[]) {
  const screen = fakeTerminal({ workingDirectory: folder })
  const code = await runCommandLine(['new', ...commandArguments], screen.terminal)
  return { code, said: screen.stdout + screen.stderr }
}

/** Runs a tool of the repository, and fails with what it says. */
function run(folder: string, tool: string, ...toolArguments: string[]): string {
  try {
    return execFileSync(process.execPath, [join(root, 'node_modules', tool), ...toolArguments], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${tool} failed:\n${stdout}\n${stderr}`)
  }
}

const tree = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith('node_modules'))
    .sort()

const conditions = JSON.stringify({
  customExportConditions: ['waybill-source', 'node', 'require', 'default'],
})

const filesOf = (slug: string, actions: readonly string[]) => [
  `__tests__/destinations/${slug}/conformance.test.ts`,
  ...actions.map((action) => `__tests__/destinations/${slug}/${action}.test.ts`),
  `__tests__/destinations/${slug}/snapshot.test.ts`,
  `destinations/${slug}/README.md`,
  ...actions.map((action) => `destinations/${slug}/actions/${action}.ts`),
  `destinations/${slug}/api.ts`,
  ...actions.map((action) => `destinations/${slug}/emulator/check-${action}.ts`),
  `destinations/${slug}/emulator/index.ts`,
  `destinations/${slug}/index.ts`,
  `destinations/${slug}/settings.ts`,
]

const short = 'ab'
const long = 'a-name-that-has-28-character'
const longAction = 'another-name-of-28-character'

test('what is written in an empty folder type-checks, has the house style, and passes its tests at once', async () => {
  const folder = openPackage('fresh')
  for (const name of [short, long]) {
    expect((await call(folder, 'destination', name)).code).toBe(0)
    expect((await call(folder, 'action', name, 'cd')).code).toBe(0)
    expect((await call(folder, 'action', name, longAction)).code).toBe(0)
  }
  expect(tree(folder)).toEqual(
    [
      ...filesOf(short, ['cd', longAction, 'record-event']),
      ...filesOf(long, ['cd', longAction, 'record-event']),
      'jest.config.js',
      'package.json',
      'tsconfig.build.json',
      'tsconfig.json',
    ].sort(),
  )
  run(folder, '@biomejs/biome/bin/biome', 'check', '--config-path', root, '--vcs-enabled=false', '.')
  run(folder, 'typescript/bin/tsc', '-p', '.', '--customConditions', 'waybill-source', '--rootDir', '/')
  const report = run(
    folder,
    'jest/bin/jest.js',
    '-w',
    '1',
    '--json',
    // As on a person's machine: on CI jest writes no snapshots.
    '--ci=false',
    `--testEnvironmentOptions=${conditions}`,
    `destinations/${short}/`,
  )
  const { success, numTotalTests, snapshot } = JSON.parse(report)
  expect({ success, written: snapshot.added }).toEqual({ success: true, written: 12 })
  expect(numTotalTests).toBeGreaterThan(30)
}, 60_000)

test('a fresh package asks for one command, an existing one for what it lacks', async () => {
  const folder = openPackage('existing')
  expect((await call(folder, 'destination', 'Acme', '--dry-run')).said).toContain('Next\n  npm install\n')
  files.write('existing/package.json', {
    name: 'mine',
    dependencies: { waybill: '^0.1.0' },
    devDependencies: { jest: '^30.0.0', '@swc/jest': '1', '@swc/core': '1' },
    scripts: { test: 'jest' },
  })
  const { said } = await call(folder, 'destination', 'Acme', '--dry-run')
  expect(said).toMatch(/^ {2}npm install --save-dev @types\/jest@\S+ @types\/node@\S+ typescript@\S+$/m)
  expect(said).toContain('  npm pkg set scripts.build="tsc -p tsconfig.build.json" scripts.typecheck="tsc"\n')
  expect(said).not.toContain('npm install waybill')
})

test('a dry run shows the files and writes none', async () => {
  const folder = openPackage('dry')
  const { code, said } = await call(folder, 'destination', 'Acme Mail', '--dry-run')
  expect(code).toBe(0)
  expect(said).toContain('Would write\n  package.json\n  jest.config.js\n  tsconfig.json\n')
  for (const file of filesOf('acme-mail', ['record-event'])) expect(said).toContain(`  ${file}\n`)
  expect(tree(folder)).toEqual([])
})

test('no file is overwritten, and nothing is written where one is there', async () => {
  const folder = openPackage('taken')
  files.write('taken/destinations/acme/README.md', 'mine')
  const { code, said } = await call(folder, 'destination', 'acme')
  expect(code).toBe(2)
  expect(said).toContain('destinations/acme/README.md: there already, and nothing is overwritten')
  expect(tree(folder)).toEqual(['destinations/acme/README.md'])
})

test("configuration files of one's own are kept", async () => {
  const folder = openPackage('own')
  files.write('own/package.json', { name: 'own', jest: { testMatch: [] } })
  files.write('own/tsconfig.json', '{}')
  expect((await call(folder, 'destination', 'acme')).code).toBe(0)
  expect(existsSync(join(folder, 'jest.config.js'))).toBe(false)
  expect(files.read('own/tsconfig.json')).toBe('{}')
  expect(JSON.parse(files.read('own/package.json'))).toEqual({ name: 'own', jest: { testMatch: [] } })
})

test('in the repository of waybill only what is not there already is written', async () => {
  const folder = openPackage('repository')
  files.write('repository/package.json', { name: 'waybill' })
  const { said } = await call(folder, 'destination', 'Acme')
  expect(said).toContain('Next\n  npx jest acme\n')
  expect(said).toContain('  npm run docs\n')
  expect(tree(folder)).toEqual([...filesOf('acme', ['record-event']).slice(1), 'package.json'])
})

test('files are written where the package is, also from a folder below', async () => {
  const folder = openPackage('below')
  files.write('below/package.json', { name: 'below' })
  files.write('below/docs/note.md', '')
  const { said } = await call(join(folder, 'docs'), 'destination', 'acme')
  expect(said).toContain('  ../destinations/acme/index.ts\n')
  expect(existsSync(join(folder, 'destinations/acme/index.ts'))).toBe(true)
})

test('a destination of another layout gets the action alone, and its author is told the rest', async () => {
  const folder = openPackage('other')
  files.write('other/package.json', { name: 'other' })
  files.write('other/destinations/acme/index.ts', 'export const acme = { actions: {} }\n')
  files.write('other/destinations/acme/settings.ts', 'export const settings = {}\n')
  const { code, said } = await call(folder, 'action', 'acme', 'Cancel Order')
  expect(code).toBe(0)
  expect(said).toContain(
    `Import cancelOrder from './actions/cancel-order' in destinations/acme/index.ts, and list it in "actions"`,
  )
  expect(said).toContain('Teach destinations/acme/emulator what the vendor takes and refuses')
  const action = files.read('other/destinations/acme/actions/cancel-order.ts')
  expect(action).toContain("request('https://api.acme.example/v1/cancel-order', {")
  expect(action).not.toContain('../api')
  run(
    folder,
    'typescript/bin/tsc',
    ...'--noEmit --strict --skipLibCheck --noUnusedParameters --noUnusedLocals'.split(' '),
    '--module',
    'node16',
    '--types',
    'node',
    '--customConditions',
    'waybill-source',
    'destinations/acme/actions/cancel-order.ts',
  )
  run(
    folder,
    '@biomejs/biome/bin/biome',
    'check',
    '--config-path',
    root,
    '--vcs-enabled=false',
    'destinations/acme/actions',
  )
})

test.each(listDestinations())('an action of %s finds its place in the index', async (slug) => {
  const { said } = await call(root, 'action', slug, 'Cancel Order', '--dry-run')
  expect(said).toContain(
    `Would write\n  destinations/${slug}/actions/cancel-order.ts\n\nWould change\n  destinations/${slug}/index.ts\n`,
  )
})

test.each([
  [['destination', '3m'], /a name begins with a letter/],
  [['action', 'acmee', 'Cancel Order'], /there is no destinations\/acmee\/index\.ts; did you mean "acme"\?/],
  [['action', 'acme', 'Record Event'], /destinations\/acme\/actions\/record-event\.ts.*there already/],
  [['action', 'acme', 'acme'], /the action has the name of its destination/],
  [['destination'], /missing required argument 'name'/],
])('%j is answered with what is wrong and exit code 2', async (commandArguments, message) => {
  const folder = join(files.folder, 'wrong')
  if (!existsSync(folder)) {
    openPackage('wrong')
    await call(folder, 'destination', 'acme')
  }
  const { code, said } = await call(folder, ...commandArguments)
  expect(code).toBe(2)
  expect(said).toMatch(message)
})

test('a package of ES modules is refused, with the reason', async () => {
  const folder = openPackage('modules')
  files.write('modules/package.json', { name: 'modules', type: 'module' })
  const { code, said } = await call(folder, 'destination', 'acme')
  expect(code).toBe(2)
  expect(said).toMatch(/package\.json: it says "type": "module", and destinations are CommonJS/)
})
