import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** More of them are a circle. */
const maxLinks = 40

/**
 * A path with its links followed, as far as it is there. A link that leads nowhere is followed too.
 * @throws the error of the file system, such as for a circle of links.
 */
export function realPath(path: string, links = 0): string {
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined && dirname(path) !== path)
    return join(realPath(dirname(path), links), basename(path))
  try {
    return realpathSync(path)
  } catch (error) {
    if (status?.isSymbolicLink() !== true || links === maxLinks) throw error
    return realPath(resolve(dirname(path), readlinkSync(path)), links + 1)
  }
}
