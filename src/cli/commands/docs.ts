import { resolve } from 'node:path'
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

const pathFor = (pattern: string, definition: Definition): string =>
  pattern.replaceAll(placeholder, slugOf(definition))

async function pageOf(definition: Definition, pattern: string): Promise<Document> {
  const samples = await sampleRequests(definition)
  return {
    path: pathFor(pattern, definition),
    text: destinationPage(slugOf(definition), describeDestination(definition), samples),
  }
}

/** The README with its section filled; nothing where there is no README, or no such section in it. */
async function readmeOf(
  definition: Definition,
  pattern: string,
  { workingDirectory }: Terminal,
): Promise<Document[]> {
  const path = pathFor(pattern, definition)
  const readme = await readIfThere(resolve(workingDirectory, path))
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
    documents.push(await pageOf(definition, options.out))
    if (options.readme !== undefined)
      documents.push(...(await readmeOf(definition, options.readme, terminal)))
  }
  return writeDocuments(documents, options.check === true, terminal)
}
