import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { type Change, diffManifests, type Grade, type Manifest, readManifest } from 'waybill/manifest'
import { isNestedTooDeep, nestingProblem } from '../input/nesting'
import { readTextFile } from '../input/text-file'
import { plural } from '../report/format'
import { formatTable } from '../report/table'
import type { Terminal } from '../terminal'

/** What `waybill diff` was asked for. */
export type DiffOptions = { readonly json?: boolean }

const breaking = 1

function load(path: string, { workingDirectory }: Terminal): Manifest {
  const content = readTextFile(resolve(workingDirectory, path), path, 'INVALID_MANIFEST')
  if (isNestedTooDeep(content)) throw new ConfigurationError('INVALID_MANIFEST', nestingProblem, { path })
  try {
    return readManifest(content)
  } catch (error) {
    throw new ConfigurationError('INVALID_MANIFEST', (error as Error).message, { path, cause: error })
  }
}

const order: readonly Grade[] = ['major', 'minor', 'patch']

const advice: Readonly<Record<Grade, string>> = {
  major: 'stored mappings, subscriptions or configurations break',
  minor: 'nothing stored breaks',
  patch: 'only words changed',
}

const byGrade = (changes: readonly Change[]): Change[] =>
  order.flatMap((grade) => changes.filter((change) => change.grade === grade))

function report(grade: Grade | undefined, changes: readonly Change[]): string {
  if (grade === undefined) return 'No changes.\n'
  const rows = byGrade(changes).map((change) => [change.grade, change.path, change.message])
  return `${formatTable([['grade', 'where', 'what'], ...rows])}\n\n${plural(changes.length, 'change')}. The next version is a ${grade} one: ${advice[grade]}.\n`
}

/**
 * `waybill diff OLD NEW`: grades what changed between two manifests. Gives the exit code: 1 when something breaks.
 * @throws ConfigurationError INVALID_MANIFEST.
 */
export async function diffCommand(
  oldFile: string,
  newFile: string,
  options: DiffOptions,
  terminal: Terminal,
): Promise<number> {
  const { grade, changes } = diffManifests(load(oldFile, terminal), load(newFile, terminal))
  await terminal.stdout.write(
    options.json
      ? `${JSON.stringify({ grade: grade ?? 'none', changes: byGrade(changes) }, undefined, 2)}\n`
      : report(grade, changes),
  )
  return grade === 'major' ? breaking : 0
}
