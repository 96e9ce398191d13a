import {
  accessSync,
  constants,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { fileProblem } from '../input/file-problem'

/**
 * Checks that a report can be written, before anything is sent.
 * @throws ConfigurationError where it cannot.
 */
export function checkReportFile(file: string, workingDirectory: string): string {
  const path = resolve(workingDirectory, file)
  const fail = (problem: string, cause?: unknown) => {
    throw new ConfigurationError('INVALID_CONFIGURATION', `--report ${file}: ${problem}`, { cause })
  }
  if (!existsSync(dirname(path))) fail('there is no such folder')
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) fail('this is a folder; name a file in it')
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK)
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    fail(fileProblem(error), error)
  }
  return path
}

/** Writes beside the file first, so that what stood there is not lost when the disk is full. */
function replaceFile(path: string, text: string): void {
  const isThere = existsSync(path)
  if (isThere && !statSync(path).isFile()) {
    writeFileSync(path, text)
    return
  }
  const target = isThere ? realpathSync(path) : path
  const beside = `${target}.${process.pid}.part`
  try {
    writeFileSync(beside, text, { flag: 'wx' })
    renameSync(beside, target)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** Writes a report as JSON. Gives what is wrong where that fails: the run has ended, and nothing else depends on it. */
export function writeReport(path: string, report: unknown): string | undefined {
  try {
    replaceFile(path, `${JSON.stringify(report, null, 2)}\n`)
    return undefined
  } catch (error) {
    return `the report cannot be written to ${path}: ${fileProblem(error)}`
  }
}
