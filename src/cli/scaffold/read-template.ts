import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { packageFolder } from '../package-folder'
import type { Name } from './name'

/** A file to be written. Its path is relative to the package, with slashes. */
export type NewFile = { readonly path: string; readonly text: string }

/** What the destination and the action of the templates are called; both are code that works under these names. */
const exampleDestination: Name = {
  kebab: 'example-vendor',
  camel: 'exampleVendor',
  pascal: 'ExampleVendor',
  title: 'Example Vendor',
  constant: 'EXAMPLE_VENDOR',
}
const exampleAction: Name = {
  kebab: 'record-event',
  camel: 'recordEvent',
  pascal: 'RecordEvent',
  title: 'Record Event',
  constant: 'RECORD_EVENT',
}

/** Puts other names in the place of those of the templates, in every spelling. */
function renamer(destination: Name, action: Name): (text: string) => string {
  const spellings = Object.keys(exampleDestination) as (keyof Name)[]
  const names = new Map<string, string>([
    ...spellings.map((spelling) => [exampleDestination[spelling], destination[spelling]] as const),
    ...spellings.map((spelling) => [exampleAction[spelling], action[spelling]] as const),
  ])
  const pattern = new RegExp([...names.keys()].join('|'), 'g')
  return (text) => text.replace(pattern, (found) => names.get(found) as string)
}

const templates = (): string => join(packageFolder(), 'templates')

/** The files of a new destination with one action, tests and README. */
export function destinationFiles(destination: Name, action: Name = exampleAction): NewFile[] {
  const rename = renamer(destination, action)
  return ['destinations', '__tests__'].flatMap((folder) =>
    readdirSync(join(templates(), folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|md)$/.test(name))
      .map((name) => ({
        path: rename(`${folder}/${name.split(sep).join('/')}`),
        text: rename(readFileSync(join(templates(), folder, name), 'utf8')),
      }))
      .sort((one, other) => (one.path < other.path ? -1 : 1)),
  )
}

/** The files of a further action: its definition, what the emulated vendor refuses, and a test. */
export function actionFiles(destination: Name, action: Name) {
  const files = destinationFiles(destination, action)
  const find = (path: string): NewFile => files.find((file) => file.path === path) as NewFile
  return {
    definition: find(`destinations/${destination.kebab}/actions/${action.kebab}.ts`),
    check: find(`destinations/${destination.kebab}/emulator/check-${action.kebab}.ts`),
    test: find(`__tests__/destinations/${destination.kebab}/${action.kebab}.test.ts`),
  }
}

/** A file that a package needs once, such as `jest.config.js`. */
export const packageFile = (name: string): NewFile => ({
  path: name,
  text: readFileSync(join(templates(), 'package', name), 'utf8'),
})
