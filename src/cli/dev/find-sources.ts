import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const skipped = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  '__tests__',
  'test',
  'tests',
  '__snapshots__',
  'templates',
])
const endings = ['ts', 'js'] as const
const maxFolders = 2_000

const indexOf = (folder: string): string | undefined =>
  endings.map((ending) => join(folder, `index.${ending}`)).find((file) => existsSync(file))

/** A definition can be in a file that speaks of `actions`. */
const mayDefine = (file: string): boolean => /\bactions\b/.test(readFileSync(file, 'utf8'))

/** Index files of a package that may define destinations, nearest to the root first. */
export function findSources(root: string): string[] {
  const found: string[] = []
  const folders = [root]
  for (const folder of folders) {
    if (folders.length > maxFolders) break
    const file = indexOf(folder)
    if (file !== undefined && mayDefine(file)) found.push(file)
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name))
        folders.push(join(folder, entry.name))
  }
  return found
}

/** The emulator that stands beside a destination, as `waybill new` makes it. */
export const emulatorBeside = (destinationFile: string): string | undefined =>
  indexOf(join(destinationFile, '..', 'emulator'))
