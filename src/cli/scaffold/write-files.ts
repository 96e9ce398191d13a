import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ConfigurationError } from 'waybill'
import { insideFolder } from '../documents/inside-folder'
import { fileProblem } from '../input/file-problem'
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

async function writeWhole({ path, text }: NewFile): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `it cannot be written: ${fileProblem(error)}`, {
      path,
      cause: error,
    })
  }
}

const titled = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`

/**
 * Carries a plan out, or only shows it (`isDry`), and says what comes next.
 * @throws ConfigurationError FILE_EXISTS, or INVALID_CONFIGURATION where a link leads out of the package, before anything
 * is written.
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
  const written = [...files, ...changes].map(({ path, text }) => ({ path: insideFolder(root, path), text }))
  if (!isDry) for (const file of written) await writeWhole(file)
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
