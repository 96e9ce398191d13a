import { ConfigurationError } from 'waybill'
import { configurationSchema, createManifest } from 'waybill/manifest'
import { selectDestinations } from '../documents/select-destinations'
import { writeDocuments } from '../documents/write-documents'
import type { Terminal } from '../terminal'
import type { ManifestOptions } from './manifest'

/**
 * `waybill schema`: a JSON schema of the configuration file with the settings, actions and fields of destinations, for
 * editors. Gives the exit code; 1 when `--check` finds the file stale.
 * @throws ConfigurationError UNKNOWN_DESTINATION; INVALID_CONFIGURATION when there is no file to check.
 */
export async function schemaCommand(options: ManifestOptions, terminal: Terminal): Promise<number> {
  const manifest = createManifest(await selectDestinations(options.destination, terminal))
  const text = `${JSON.stringify(configurationSchema(manifest), null, 2)}\n`
  if (options.out !== undefined)
    return writeDocuments([{ path: options.out, text }], options.check === true, terminal)
  if (options.check)
    throw new ConfigurationError('INVALID_CONFIGURATION', 'name the file to check with --out FILE', {
      path: '--check',
    })
  await terminal.stdout.write(text)
  return 0
}
