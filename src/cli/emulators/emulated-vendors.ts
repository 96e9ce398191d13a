import { join } from 'node:path'
import type { Connection } from 'waybill'
import { listEmulators, loadDemoVendor } from 'waybill/emulators'
import type { DemoVendor } from 'waybill/testing'
import { type Configuration, loadConfiguration } from '../configuration/load-configuration'
import { packageFolder } from '../package-folder'
import type { Terminal } from '../terminal'

/** Emulated vendors on loopback, by the slug of their destination. */
export type EmulatedVendors = {
  readonly bySlug: ReadonlyMap<string, DemoVendor>
  /** The example configuration, with each connection pointed at its vendor. */
  readonly configuration: Configuration
  /** A connection pointed at its vendor, with that vendor's credentials; nothing where there is no such vendor. */
  emulated(connection: Connection): Connection | undefined
  close(): Promise<void>
}

/** Starts every emulator of the package. */
export async function startEmulatedVendors(terminal: Terminal): Promise<EmulatedVendors> {
  const started = await Promise.all(
    listEmulators().map(async (slug) => [slug, await loadDemoVendor(slug)()] as const),
  )
  const bySlug = new Map(started)
  const close = async (): Promise<void> => {
    await Promise.all([...bySlug.values()].map((vendor) => vendor.close()))
  }
  try {
    const environment = Object.assign({}, ...[...bySlug.values()].map((vendor) => vendor.environment))
    const examples = { ...terminal, environment, workingDirectory: join(packageFolder(), 'examples') }
    const example = await loadConfiguration('waybill.config.json', examples)
    const settings = new Map(
      example.connections.map(({ destination, settings }) => [
        destination.slug,
        { ...settings, ...bySlug.get(destination.slug ?? '')?.settings },
      ]),
    )
    const emulated = (connection: Connection): Connection | undefined => {
      const own = settings.get(connection.destination.slug)
      return own === undefined ? undefined : { ...connection, settings: { ...connection.settings, ...own } }
    }
    const connections = example.connections.flatMap((connection) => emulated(connection) ?? [])
    return { bySlug, configuration: { ...example, connections }, emulated, close }
  } catch (error) {
    await close()
    throw error
  }
}
