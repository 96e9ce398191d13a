import type { Connection } from 'waybill'
import type { SourceOptions } from 'waybill/console'
import { listDestinations, loadDestination } from 'waybill/destinations'
import { describeDestination, slugOf } from 'waybill/manifest'
import { type DemoVendor, sampleSettings } from 'waybill/testing'

type Definition = Connection['destination']
type Testable =
  ReturnType<SourceOptions['destinations']> extends ReadonlyMap<string, infer Value> ? Value : never
type Fields = Readonly<Record<string, { readonly type?: string }>>

/** Settings that point at an emulated vendor: its key where the definition asks for a secret, its address, and its own. */
export function emulatorSettings(definition: Definition, vendor: DemoVendor): Record<string, unknown> {
  const fields = (definition.authentication?.fields ?? {}) as Fields
  const values = Object.values(vendor.environment)
  const address = values.find((value) => /^https?:/.test(value))
  const key = values.find((value) => value !== address)
  const secrets = Object.keys(fields).filter((name) => fields[name]?.type === 'password')
  return {
    ...(key !== undefined && Object.fromEntries(secrets.map((name) => [name, key]))),
    ...(address !== undefined && 'endpoint' in fields && { endpoint: address }),
    ...vendor.settings,
  }
}

/** What the tester offers of a definition. */
export function testableOf(
  definition: Definition,
  settings?: () => Record<string, unknown> | undefined,
): Testable {
  return {
    definition,
    manifest: describeDestination(definition),
    sampleSettings: sampleSettings(definition.authentication?.fields as Parameters<typeof sampleSettings>[0]),
    ...(settings !== undefined && { emulatorSettings: settings }),
  }
}

/** The destinations of this package and of some connections, with the emulators that run. */
export function testableDestinations(
  connections: readonly Connection[],
  vendors: ReadonlyMap<string, DemoVendor>,
): Map<string, Testable> {
  const definitions = new Map<string, Definition>(
    listDestinations().map((slug) => [slug, loadDestination(slug)]),
  )
  for (const { destination } of connections) definitions.set(slugOf(destination), destination)
  return new Map(
    [...definitions].map(([slug, definition]) => {
      const vendor = vendors.get(slug)
      // Where emulators run, connections go to them: their settings are the ones that work.
      const connected = connections.find(({ destination }) => slugOf(destination) === slug)
      const settings = vendor && (() => ({ ...emulatorSettings(definition, vendor), ...connected?.settings }))
      return [slug, testableOf(definition, settings)]
    }),
  )
}
