import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { fileIdentity } from '../file-identity'
import { realPath } from '../real-path'
import type { Terminal } from '../terminal'

/** A file that a command reads or writes, by the option that names it. */
export type NamedFile = { readonly option: string; readonly file: string }

/** The same for all names of one file; devices and pipes have none, since they can be used twice. */
function keysOf(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false })
  if (status === undefined) return [realPath(path)]
  return status.isFile() ? [realPath(path), fileIdentity(status)] : []
}

const keysIfThere = (path: string): string[] => {
  try {
    return keysOf(path)
  } catch {
    return [path]
  }
}

/**
 * Checks that no file is written that is read or written for something else too, under whatever name: links, `./`, or
 * a redirection of the shell.
 * @throws ConfigurationError INVALID_CONFIGURATION that names both options.
 */
export function checkFiles(
  written: readonly NamedFile[],
  read: readonly NamedFile[],
  { workingDirectory, redirections = [] }: Terminal,
): void {
  const taken = new Map<string, string>(redirections.map(({ name, identity }) => [identity, name]))
  for (const { option, file } of read)
    for (const key of keysIfThere(resolve(workingDirectory, file))) taken.set(key, option)
  for (const { option, file } of written) {
    const keys = keysIfThere(resolve(workingDirectory, file))
    const other = keys.map((key) => taken.get(key)).find((found) => found !== undefined)
    if (other !== undefined)
      throw new ConfigurationError(
        'INVALID_CONFIGURATION',
        `${option} ${file}: this is the file of ${other} too; name another`,
      )
    for (const key of keys) taken.set(key, option)
  }
}
