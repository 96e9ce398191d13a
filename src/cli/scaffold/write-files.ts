import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ConfigurationError } from 'waybill'
import type { Terminal } from '../terminal'
import type { Project } from './project'
import type { NewFile } from './read-template'

/** What a command of `waybill new` does. */
export type Plan = {
  /** Files that are not there yet. */
  readonly files: readonly NewFile[]
  /** Files that get a line more. */
  readonly changes: readonly NewFile[]
  /** What the user does next, one step a line. */
  readonly next: readonly string[]
}

const titled = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`

/**
 * Carries a plan out, or only shows it (`isDry`), and says what comes next.
 * @throws ConfigurationError FILE_EXISTS, before anything is written.
 */
export async function carryOut(
  { files, changes, next }: Plan,
  { root }: Project,
  isDry: boolean,
  { stdout, workingDirectory }: Terminal,
): Promise<void> {
  const shown = ({ path }: NewFile): string => relative(workingDirectory, join(root, path))
  const there = files.filter(({ path }) => existsSync(join(root, path)))
  if (there.length > 0)
    throw new ConfigurationError(
      'FILE_EXISTS',
      `${there.map(shown).join(', ')}: there already, and nothing is overwritten; take another name, or remove it`,
    )
  if (!isDry)
    for (const { path, text } of [...files, ...changes]) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
  await stdout.write(
    [
      titled(isDry ? 'Would write' : 'Written', files.map(shown)),
      titled(isDry ? 'Would change' : 'Changed', changes.map(shown)),
      titled('Next', next),
    ]
      .filter((part) => part !== '')
      .join('\n'),
  )
}
