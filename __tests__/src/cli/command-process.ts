import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(__dirname, '../../..')
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/**
 * Runs the command line in a process of its own, under a shell with this prefix (`ulimit -f 8`) and ending
 * (`< file`). Resolves when it has ended.
 */
export function startCommand(
  commandArguments: readonly string[],
  {
    cwd,
    prefix = ':',
    ending = '',
    stdin = '',
  }: {
    readonly cwd: string
    readonly prefix?: string
    readonly ending?: string
    readonly stdin?: string | null
  },
) {
  const words = [
    process.execPath,
    '--conditions=waybill-source',
    '-r',
    join(root, '__tests__/support/register-typescript.js'),
    join(root, 'src/cli/main.ts'),
    ...commandArguments,
  ]
  const child = spawn('bash', ['-c', `${prefix}; exec ${words.map(quoted).join(' ')} ${ending}`], { cwd })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part) => {
    stdout += part
  })
  child.stderr.on('data', (part) => {
    stderr += part
  })
  child.stdin.on('error', () => undefined)
  if (stdin !== null) child.stdin.end(stdin)
  const done = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
    (resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  return { child, done }
}
