import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { fileProblem } from '../input/file-problem'
import { plural } from '../report/format'
import type { Terminal } from '../terminal'

/** The text of a file, by its path as the user gave it. */
export type Document = { readonly path: string; readonly text: string }

const stale = 1

/** What a file holds; nothing when it is not there. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Writes what has changed and says so. With `check` it writes nothing, names the files that are stale, and gives the
 * exit code 1 when there are any.
 */
export async function writeDocuments(
  documents: readonly Document[],
  check: boolean,
  terminal: Terminal,
): Promise<number> {
  const changed: Document[] = []
  for (const document of documents)
    if ((await readIfThere(resolve(terminal.workingDirectory, document.path))) !== document.text)
      changed.push(document)
  if (check) return reportStale(changed, documents.length, terminal)
  for (const { path, text } of changed) {
    const file = resolve(terminal.workingDirectory, path)
    await writeWhole(file, path, text)
    await terminal.stderr.write(`written: ${relative(terminal.workingDirectory, file)}\n`)
  }
  await terminal.stderr.write(`${plural(changed.length, 'file')} of ${documents.length} written\n`)
  return 0
}

/** @throws ConfigurationError INVALID_CONFIGURATION where the file system refuses. */
async function writeWhole(file: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `it cannot be written: ${fileProblem(error)}`, {
      path,
      cause: error,
    })
  }
}

async function reportStale(
  changed: readonly Document[],
  count: number,
  { stderr }: Terminal,
): Promise<number> {
  if (changed.length === 0) {
    await stderr.write(`${plural(count, 'file')} up to date\n`)
    return 0
  }
  const names = changed.map(({ path }) => `  ${path}\n`).join('')
  await stderr.write(`stale:\n${names}The same command without --check writes them anew.\n`)
  return stale
}
