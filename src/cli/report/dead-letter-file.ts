import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { fileProblem } from '../input/file-problem'
import { createDeadLetters, type DeadLetters } from './dead-letters'
import { type LineFile, openLineFile } from './line-file'

const fail = (file: string, problem: string, cause?: unknown): never => {
  throw new ConfigurationError('INVALID_CONFIGURATION', `--dead-letters ${file}: ${problem}`, { cause })
}

/**
 * Checks that a file can become the dead letters of a run, before anything is sent.
 * @throws ConfigurationError where that would overwrite something, or the folder is not there.
 */
export function checkDeadLetterFile(file: string, workingDirectory: string): string {
  const path = resolve(workingDirectory, file)
  if (!existsSync(dirname(path))) fail(file, 'there is no such folder')
  if (!existsSync(path)) return path
  const status = statSync(path)
  if (status.isDirectory()) fail(file, 'this is a folder; name a file in it')
  if (status.isFile() && status.size > 0)
    fail(
      file,
      'the file holds something already, perhaps the dead letters of an earlier run; move it away, or name another',
    )
  return path
}

/** A name for the dead letters of a run that none was given for. `more` tells runs of the same second apart. */
export const defaultDeadLetterFile = (now: Date, more = 1): string =>
  `waybill-dead-letters-${now.toISOString().replace(/[-:]|\.\d+/g, '')}${more === 1 ? '' : `-${more}`}.ndjson`

const attemptsAtNames = 100

function openDefault(workingDirectory: string): { readonly path: string; readonly file: LineFile } {
  const now = new Date()
  for (let more = 1; ; more++) {
    const name = defaultDeadLetterFile(now, more)
    const path = resolve(workingDirectory, name)
    try {
      return { path, file: openLineFile(path, true) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || more === attemptsAtNames)
        return fail(name, `${fileProblem(error)}; name a file with --dead-letters FILE`, error)
    }
  }
}

/**
 * Opens the dead letters of a run: the file that was named, or one named after the time. An empty one is taken away
 * at the end.
 * @throws ConfigurationError where it cannot be written.
 */
export function openDeadLetters(named: string | undefined, workingDirectory: string): DeadLetters {
  if (named === undefined) {
    const { path, file } = openDefault(workingDirectory)
    return createDeadLetters(path, file)
  }
  const path = checkDeadLetterFile(named, workingDirectory)
  try {
    return createDeadLetters(path, openLineFile(path, !existsSync(path)))
  } catch (error) {
    return fail(named, fileProblem(error), error)
  }
}
