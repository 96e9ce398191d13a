import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigurationError, type Connection, outcomeKinds } from 'waybill'
import { listEmulators, loadDemoVendor } from 'waybill/emulators'
import type { DemoVendor, VendorCheck, VendorView } from 'waybill/testing'
import { type Configuration, loadConfiguration } from '../configuration/load-configuration'
import { openInput } from '../input/open-input'
import { packageFolder } from '../package-folder'
import { openDeadLetters } from '../report/dead-letter-file'
import { formatCount } from '../report/format'
import { summary } from '../report/summary'
import { formatTable } from '../report/table'
import { deliver } from '../run/deliver'
import { type DeliveryResult, exitCodeOf } from '../run/delivery-result'
import type { Terminal } from '../terminal'

/** What `waybill demo` was asked for. */
export type DemoOptions = {
  /** Leave the vendors running until an interrupt. */
  readonly keep?: boolean
}

type Running = ReadonlyMap<string, DemoVendor>

const examples = () => join(packageFolder(), 'examples')

async function startVendors(): Promise<Running> {
  const started = await Promise.all(
    listEmulators().map(async (slug) => [slug, await loadDemoVendor(slug)()] as const),
  )
  return new Map(started)
}

const vendorOf = (running: Running, { destination }: Connection) => running.get(destination.slug ?? '')

/** The example configuration with the vendors' keys as environment, pointed at the emulators. */
async function configure(running: Running, terminal: Terminal): Promise<Configuration> {
  const environment = Object.assign({}, ...[...running.values()].map((vendor) => vendor.environment))
  const configuration = await loadConfiguration('waybill.config.json', {
    ...terminal,
    environment,
    workingDirectory: examples(),
  })
  const connections = configuration.connections.map((connection) => {
    const vendor = vendorOf(running, connection)
    if (vendor === undefined)
      throw new ConfigurationError(
        'UNKNOWN_DESTINATION',
        `the example configuration has a connection to ${connection.destination.name}, which has no emulator`,
      )
    return { ...connection, settings: { ...connection.settings, ...vendor.settings } }
  })
  return { ...configuration, connections }
}

/** Every event has to have ended once per subscription. */
function totalsCheck({ totals }: DeliveryResult): VendorCheck {
  const rows = Object.values(totals.connections).flatMap((connection) => Object.values(connection))
  return {
    what: 'outcomes: events × subscriptions',
    expected: totals.events * rows.length,
    actual: rows.reduce((sum, row) => sum + outcomeKinds.reduce((count, kind) => count + row[kind], 0), 0),
  }
}

function checksOf(result: DeliveryResult, configuration: Configuration, running: Running): VendorCheck[] {
  const byVendor = configuration.connections.flatMap((connection) => {
    const vendor = vendorOf(running, connection)
    const rows = result.totals.connections[connection.name ?? connection.destination.slug ?? ''] ?? {}
    return vendor === undefined
      ? []
      : vendor.checks(rows).map((check) => ({ ...check, what: `${vendor.name}: ${check.what}` }))
  })
  return [totalsCheck(result), ...byVendor]
}

const checkLine = ({ what, expected, actual }: VendorCheck) =>
  expected === actual
    ? `  ✓ ${what}: ${formatCount(actual)}`
    : `  ✗ ${what}: ${formatCount(actual)}, but ${formatCount(expected)} were expected`

function viewText({ title, lines = [], table }: VendorView): string {
  if (table === undefined) return [title, ...lines.map((line) => `  ${line}`)].join('\n')
  const { columns, rows, hiddenRows = 0 } = table
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? formatCount(cell) : cell)))
  const rest = hiddenRows > 0 ? [`… and ${formatCount(hiddenRows)} more`] : []
  return [[title, ...lines].join(': '), '', formatTable([columns, ...cells]), ...rest].join('\n')
}

function holdings(running: Running): string {
  const parts = [...running.values()].map((vendor) => {
    const text = vendor.views().map(viewText).join('\n\n')
    return `What ${vendor.name} now holds\n\n${text.replace(/^(?=.)/gm, '  ')}\n`
  })
  return parts.join('\n')
}

const untilInterrupted = ({ onInterrupt }: Terminal) =>
  new Promise<void>((resolve) => {
    const release = onInterrupt(() => {
      release()
      resolve()
    })
  })

async function deliverExamples(configuration: Configuration, terminal: Terminal): Promise<DeliveryResult> {
  const input = await openInput(join(examples(), 'events.ndjson.gz'), terminal)
  return deliver({
    ...configuration,
    input: Object.assign(Object.create(input), { name: 'examples/events.ndjson.gz' }),
    terminal,
    deadLetters: openDeadLetters(undefined, tmpdir()),
    limits: {},
    retry: { forMs: 60_000 },
  })
}

/**
 * `waybill demo`: starts the emulated vendors on loopback, delivers the example events to them just as `run` does,
 * shows what they hold then, and holds their counts against its own. Gives the exit code: 1 if they differ.
 */
export async function demoCommand({ keep = false }: DemoOptions, terminal: Terminal): Promise<number> {
  const running = await startVendors()
  try {
    const configuration = await configure(running, terminal)
    const result = await deliverExamples(configuration, terminal)
    const checks = checksOf(result, configuration, running)
    await terminal.stdout.write(
      `${summary(result, undefined, terminal.stdout.columns)}\n${holdings(running)}\n${checks.map(checkLine).join('\n')}\n`,
    )
    if (keep) {
      const list = [...running.values()].map(({ name, url }) => `  ${name}: ${url}/__emulator/`).join('\n')
      await terminal.stdout.write(`\nThe emulators go on until you interrupt:\n${list}\n`)
      await untilInterrupted(terminal)
    }
    return checks.every(({ expected, actual }) => expected === actual) ? exitCodeOf(result) : 1
  } finally {
    await Promise.all([...running.values()].map((vendor) => vendor.close()))
  }
}
