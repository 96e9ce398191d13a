import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from 'waybill'
import type { StartDemoVendor } from 'waybill/testing'

const hasFile = (slug: string, name: string): boolean =>
  ['js', 'ts'].some((extension) => existsSync(join(__dirname, slug, `${name}.${extension}`)))

/** The slugs of all emulated vendors of this package, in alphabetical order. A folder beside this file is one. */
export const listEmulators = (): string[] =>
  readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasFile(entry.name, 'index'))
    .map((entry) => entry.name)
    .sort()

/**
 * How to start the vendor of a destination with the data of the demo. It is loaded by this call.
 * @throws ConfigurationError UNKNOWN_DESTINATION, with the emulators that exist.
 */
export function loadDemoVendor(slug: string): StartDemoVendor {
  if (!/^[a-z0-9-]+$/.test(slug) || !hasFile(slug, 'demo'))
    throw new ConfigurationError(
      'UNKNOWN_DESTINATION',
      `there is no emulator of "${slug}" in this package; there are ${listEmulators().join(', ')}`,
    )
  return (require(`./${slug}/demo`) as { startDemoVendor: StartDemoVendor }).startDemoVendor
}
