/** Runs the kill test on the TypeScript sources; see docs/queue.md. */
const { spawnSync } = require('node:child_process')
const { join } = require('node:path')

const root = join(__dirname, '..')
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=waybill-source',
    '-r',
    join(root, '__tests__/support/register-typescript.js'),
    join(root, '__tests__/kill/main.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: root },
)
process.exitCode = status ?? 1
