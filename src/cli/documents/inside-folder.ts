import { isAbsolute, relative, resolve, sep } from 'node:path'
import { ConfigurationError } from 'waybill'
import { fileProblem } from '../input/file-problem'
import { realPath } from '../real-path'

function reachable(path: string, find: () => string): string {
  try {
    return find()
  } catch (error) {
    throw new ConfigurationError('INVALID_CONFIGURATION', `it cannot be written: ${fileProblem(error)}`, {
      path,
      cause: error,
    })
  }
}

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/**
 * The absolute path of a file to be written below a folder, links followed.
 * @throws ConfigurationError INVALID_CONFIGURATION where it would lead out of the folder.
 */
export function insideFolder(folder: string, path: string): string {
  const target = reachable(path, () => realPath(resolve(folder, path)))
  if (isInside(resolve(folder), resolve(folder, path)) && isInside(realPath(resolve(folder)), target))
    return target
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    `${path} would be written outside of ${folder}; nothing is written there`,
  )
}

/** Names that Windows keeps for devices, with any ending. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i
const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Whether a slug can be the name of a file or folder on every system. */
export const isFileName = (slug: string): boolean =>
  fileName.test(slug) && !devices.test(slug) && slug.length <= 100 && !slug.endsWith('.')
