import { resolve } from 'node:path'
import type { AuditEntry } from 'waybill/console'
import type { ServeCommandOptions } from '../commands/serve'
import { openAccess } from '../console/console-access'
import { settingOrigins } from '../console/setting-origins'
import type { EmulatedVendors } from '../emulators/emulated-vendors'
import type { Terminal } from '../terminal'
import { isLoopback, type ListenAddress, parseListenAddress } from './listen-address'
import { type Loaded, localSource } from './load-serve'
import type { ServedConsole } from './serve'

type Parts = {
  readonly options: ServeCommandOptions
  readonly address: ListenAddress
  readonly vendors: EmulatedVendors | undefined
  readonly current: () => Loaded
}

/**
 * How the console is shown, or why it is not.
 * @throws ConfigurationError for an address or a file of tokens that cannot be used.
 */
export function openConsole(
  { options, address, vendors, current }: Parts,
  { workingDirectory }: Terminal,
): { readonly console?: ServedConsole; readonly notes: readonly string[] } {
  if (options.console === false) return { notes: [] }
  const own = typeof options.console === 'string' ? parseListenAddress(options.console) : undefined
  const { access, notes } = openAccess({
    isLoopback: isLoopback((own ?? address).host),
    hidePayloads: options.hidePayloads === true,
    workingDirectory,
    ...(options.consoleTokenFile !== undefined && { tokenFile: options.consoleTokenFile }),
  })
  if (access === undefined) return { notes }
  const isLocal = isLoopback(address.host)
  return {
    notes,
    console: {
      access,
      allowedHosts: options.allowedHost ?? [],
      environment:
        options.environment ?? (vendors !== undefined ? 'emulated' : isLocal ? 'local' : 'production'),
      ...(own !== undefined && { address: own }),
      // Only the key that everybody knows is shown.
      writeKey: () =>
        current().intake.sources.some(({ name }) => name === localSource.name)
          ? localSource.writeKey
          : undefined,
      settingOrigin(connection, key) {
        const { file } = current()
        return settingOrigins(file === undefined ? undefined : resolve(workingDirectory, file))(
          connection,
          key,
        )
      },
    },
  }
}

/** Writes down what people do in the console. */
export const sayAction =
  (say: (text: string) => void) =>
  ({ who, what, connection }: AuditEntry & { readonly connection?: string }): void =>
    say(`console: ${who} ${what}${connection === undefined ? '' : ` (${connection})`}`)
