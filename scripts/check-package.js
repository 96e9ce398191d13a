/**
 * Packs the package, installs the tarball in an empty project as a user would, and loads every entry with `require`,
 * with `import` and with `tsc` under node16, nodenext and bundler resolution.
 */
const { execFileSync } = require('node:child_process')
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join, resolve } = require('node:path')

const root = resolve(__dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'waybill-package-'))
const run = (command, parameters, cwd = folder) =>
  execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const entries = {
  waybill: 'createRuntime',
  'waybill/queue': 'createMemoryStore',
  'waybill/queue/sqlite': 'openSqliteStore',
  'waybill/queue/postgres': 'openPostgresStore',
  'waybill/ingest': 'createIngest',
  'waybill/plugin': 'createAnalyticsPlugins',
  'waybill/console': 'createConsole',
  'waybill/telemetry': 'createTally',
  'waybill/testing': 'startEmulator',
  'waybill/manifest': 'createManifest',
  'waybill/actions-core': 'Destination',
  'waybill/actions-core/destination-kit': 'fieldsToJsonSchema',
  'waybill/actions-core/destination-kit/action': 'Action',
  'waybill/actions-core/mapping-kit': 'transform',
  'waybill/actions-core/mapping-kit/value-keys': 'isDirective',
  'waybill/actions-core/errors': 'HttpErrorCodes',
  'waybill/destinations': 'loadDestination',
  'waybill/destinations/zendesk-connect': 'zendeskConnect',
  // The place where emulators were in the beginning.
  'waybill/destinations/zendesk-connect/emulator': 'startZendeskConnectEmulator',
  'waybill/emulators': 'listEmulators',
  'waybill/emulators/zendesk-connect': 'startZendeskConnectEmulator',
}

/** The build is there already: only what npm does around it is done here. */
function pack() {
  try {
    run('node', ['scripts/published-package.js'], root)
    return JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder, '--ignore-scripts'], root),
    )[0]
  } finally {
    run('node', ['scripts/published-package.js', '--restore'], root)
  }
}

try {
  const packed = pack()
  console.log(
    run('node', [join(root, 'node_modules/publint/src/cli.js'), join(folder, packed.filename)], root),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }),
  )
  run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename)])

  for (const [entry, name] of Object.entries(entries)) {
    run('node', [
      '-e',
      `if (typeof require('${entry}').${name} === 'undefined') throw new Error('${entry} has no ${name}')`,
    ])
    run('node', [
      '--input-type=module',
      '-e',
      `import { ${name} } from '${entry}'; if (!${name}) process.exit(1)`,
    ])
  }

  const source = Object.entries(entries)
    .map(
      ([entry, name], index) => `import { ${name} as entry${index} } from '${entry}'\nvoid entry${index}\n`,
    )
    .join('')
  for (const file of ['consumer.mts', 'consumer.cts']) writeFileSync(join(folder, file), source)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const types = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--types',
    'node',
    '--typeRoots',
    join(root, 'node_modules', '@types'),
  ]
  run('node', [compiler, ...types, '--module', 'node16', 'consumer.mts', 'consumer.cts'])
  run('node', [compiler, ...types, '--module', 'nodenext', 'consumer.mts', 'consumer.cts'])
  run('node', [compiler, ...types, '--module', 'esnext', '--moduleResolution', 'bundler', 'consumer.mts'])

  const help = run(join(folder, 'node_modules', '.bin', 'waybill'), ['--help'])
  if (!help.includes('run')) throw new Error(`waybill --help says nothing of run:\n${help}`)
  console.log(
    `package check: ${packed.filename}, ${packed.files.length} files, ${packed.size} bytes; every entry loads`,
  )
} catch (error) {
  console.error(error.stdout ?? '', error.stderr ?? '', error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
