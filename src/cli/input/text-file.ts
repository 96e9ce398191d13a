import { readFileSync } from 'node:fs'
import { ConfigurationError } from 'waybill'
import { fileProblem } from './file-problem'
import { byteOrderMark, encodingProblem } from './text-encoding'

/**
 * The text of a small file, without its byte order mark. `name` leads the message of an error.
 * @throws ConfigurationError `code` where it cannot be read, or is no UTF-8.
 */
export function readTextFile(
  path: string,
  name: string,
  code: 'INVALID_CONFIGURATION' | 'INVALID_MANIFEST' = 'INVALID_CONFIGURATION',
): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new ConfigurationError(code, `${name}: ${fileProblem(error)}`, { cause: error })
  }
  const problem = encodingProblem(bytes)
  if (problem !== undefined) throw new ConfigurationError(code, `${name}: ${problem}`)
  const hasMark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  return bytes.toString('utf8', hasMark ? byteOrderMark.length : 0)
}
