import { fstatSync } from 'node:fs'

/** The same for all names of one file. */
export const fileIdentity = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string =>
  `file:${dev}:${ino}`

/** The identity of the file that a descriptor is redirected to, if it is one. */
export function redirectedTo(descriptor: number): string | undefined {
  try {
    const status = fstatSync(descriptor)
    return status.isFile() ? fileIdentity(status) : undefined
  } catch {
    return undefined
  }
}
