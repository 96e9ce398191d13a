import { ConfigurationError } from 'waybill'
import { createManifest, manifestText } from 'waybill/manifest'
import { selectDestinations } from '../documents/select-destinations'
import { writeDocuments } from '../documents/write-documents'
import type { Terminal } from '../terminal'

/** What `waybill manifest` was asked for. */
export type ManifestOptions = {
  readonly destination?: readonly string[]
  readonly out?: string
  readonly check?: boolean
}

/**
 * `waybill manifest`: everything about destinations that is data, as JSON. Gives the exit code; 1 when `--check` finds
 * the file stale.
 * @throws ConfigurationError UNKNOWN_DESTINATION; INVALID_CONFIGURATION when there is no file to check.
 */
export async function manifestCommand(options: ManifestOptions, terminal: Terminal): Promise<number> {
  const text = manifestText(createManifest(await selectDestinations(options.destination, terminal)))
  if (options.out !== undefined)
    return writeDocuments([{ path: options.out, text }], options.check === true, terminal)
  if (options.check)
    throw new ConfigurationError('INVALID_CONFIGURATION', 'name the file to check with --out FILE', {
      path: '--check',
    })
  await terminal.stdout.write(text)
  return 0
}
