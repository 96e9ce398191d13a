import { dirname, resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import {
  type Definition,
  describeDestination,
  destinationPage,
  fieldSection,
  fillSection,
  slugOf,
} from 'waybill/manifest'
import { sampleRequests } from 'waybill/testing'
import { insideFolder, isFileName } from '../documents/inside-folder'
import { selectDestinations } from '../documents/select-destinations'
import { type Document, readIfThere, writeDocuments } from '../documents/write-documents'
import type { Terminal } from '../terminal'

/** What `waybill docs` was asked for. `{slug}` in a path stands for each destination's. */
export type DocsOptions = {
  readonly destination?: readonly string[]
  readonly out: string
  readonly readme?: string
  readonly check?: boolean
}

const placeholder = '{slug}'

/**
 * The path for a destination. Its slug may come from anywhere: it stays one name, in the folder that the pattern names.
 * @throws ConfigurationError INVALID_CONFIGURATION.
 */
function pathFor(pattern: string, definition: Definition, { workingDirectory }: Terminal): string {
  const place = pattern.indexOf(placeholder)
  if (place === -1) return pattern
  const slug = slugOf(definition)
  if (!isFileName(slug))
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `the destination ${JSON.stringify(definition.name)} has the slug ${JSON.stringify(slug)}, which cannot be the name of a file; give it one of letters, digits and dashes`,
    )
  const path = pattern.replaceAll(placeholder, slug)
  const before = pattern.slice(0, place)
  const folder = resolve(workingDirectory, before.endsWith('/') ? before : dirname(before))
  insideFolder(folder, resolve(workingDirectory, path))
  return path
}

async function pageOf(definition: Definition, pattern: string, terminal: Terminal): Promise<Document> {
  const path = pathFor(pattern, definition, terminal)
  const samples = await sampleRequests(definition)
  return {
    path,
    text: destinationPage(slugOf(definition), describeDestination(definition), samples),
  }
}

/** The README with its section filled; nothing where there is no README, or no such section in it. */
async function readmeOf(definition: Definition, pattern: string, terminal: Terminal): Promise<Document[]> {
  const path = pathFor(pattern, definition, terminal)
  const readme = await readIfThere(resolve(terminal.workingDirectory, path))
  const text = readme && fillSection(readme, fieldSection(describeDestination(definition)))
  return text === undefined ? [] : [{ path, text }]
}

function checkPattern(option: string, pattern: string | undefined, count: number): void {
  if (pattern === undefined || count === 1 || pattern.includes(placeholder)) return
  throw new ConfigurationError(
    'INVALID_CONFIGURATION',
    `${pattern} would be one file for ${count} destinations; put ${placeholder} into it`,
    { path: option },
  )
}

/**
 * `waybill docs`: a page of Markdown for each destination, and the section of fields in its README. Gives the exit
 * code; 1 when `--check` finds stale files.
 * @throws ConfigurationError UNKNOWN_DESTINATION; INVALID_CONFIGURATION when several pages would be one file.
 */
export async function docsCommand(options: DocsOptions, terminal: Terminal): Promise<number> {
  const definitions = await selectDestinations(options.destination, terminal)
  checkPattern('--out', options.out, definitions.length)
  checkPattern('--readme', options.readme, definitions.length)
  const documents: Document[] = []
  for (const definition of definitions) {
    documents.push(await pageOf(definition, options.out, terminal))
    if (options.readme !== undefined)
      documents.push(...(await readmeOf(definition, options.readme, terminal)))
  }
  return writeDocuments(documents, options.check === true, terminal)
}
