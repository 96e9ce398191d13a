import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { PackageProblem } from './load-package'

const maxOutput = 2_000_000
const timeoutMs = 120_000

/** A program of `node_modules/.bin`, of the package or of a folder above it. */
function findProgram(root: string, name: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', '.bin', name)
    if (existsSync(file)) return file
    if (dirname(folder) === folder) return undefined
  }
}

/** Runs a program to its end, or until the signal fires; gives what it printed. */
function run(program: string, given: readonly string[], root: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(program, given, {
      cwd: root,
      signal,
      timeout: timeoutMs,
      env: { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1' },
    })
    let output = ''
    const take = (chunk: Buffer): void => {
      if (output.length < maxOutput) output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', () => resolve(output))
    child.on('close', () => resolve(output))
  })
}

/** `src/index.ts(3,5): error TS2322: …` */
export function typeProblems(output: string): PackageProblem[] {
  return [...output.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+: .+)$/gm)].map(
    ([, file = '', line, message = '']) => ({
      file,
      line: Number(line),
      message,
      kind: 'types' as const,
    }),
  )
}

type JestResult = {
  readonly testResults?: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly fullName: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

/** Failed tests of the JSON that jest and vitest print. */
export function testProblems(output: string, root: string): PackageProblem[] {
  const start = output.indexOf('{"')
  if (start === -1) return []
  let parsed: JestResult
  try {
    parsed = JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as JestResult
  } catch {
    return []
  }
  return (parsed.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) => ({
        file: relative(root, name),
        kind: 'snapshot' as const,
        message: `${fullName}: ${firstDifference(failureMessages.join('\n'))}`,
      })),
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colors of a terminal begin with one
const colors = /\u001b\[[0-9;]*m/g

/** The lines of a message that differ, shortened. */
function firstDifference(message: string): string {
  if (/snapshot was not written/i.test(message))
    return 'it has no snapshot yet; run the tests once to write it'
  const lines = message.replaceAll(colors, '').split('\n')
  const differing = lines.filter((line) => /^\s*[-+] (?!Snapshot|Received|Expected)/.test(line)).slice(0, 4)
  return (differing.length > 0 ? differing : lines.slice(0, 1))
    .map((line) => line.trim())
    .join(' ⏎ ')
    .slice(0, 400)
}

/** Checks types and tests of a package, snapshots included, with what the package has installed. Writes nothing. */
export async function checkPackage(root: string, signal: AbortSignal): Promise<PackageProblem[]> {
  const compiler = existsSync(join(root, 'tsconfig.json')) ? findProgram(root, 'tsc') : undefined
  const types =
    compiler === undefined
      ? []
      : typeProblems(await run(compiler, ['--noEmit', '--pretty', 'false'], root, signal))
  const jest = findProgram(root, 'jest')
  const vitest = jest === undefined ? findProgram(root, 'vitest') : undefined
  const output =
    jest !== undefined
      ? await run(jest, ['--ci', '--json', '--silent', '--passWithNoTests'], root, signal)
      : vitest !== undefined
        ? await run(vitest, ['run', '--reporter=json', '--passWithNoTests'], root, signal)
        : ''
  return [...types, ...testProblems(output, root)]
}
