import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import { createConsole } from 'waybill/console'
import { listEmulators } from 'waybill/emulators'
import { consoleFolder, consoleMount } from '../console/console-mount'
import { startDevWorld } from '../dev/dev-world'
import { plural } from '../report/format'
import type { Terminal } from '../terminal'

/** What `waybill dev` was asked for. */
export type DevCommandOptions = {
  /** False: `--no-open`. */
  readonly open?: boolean
  readonly port?: number
  /** Slugs, or `true` for all emulators of waybill. */
  readonly emulate?: boolean | readonly string[]
  /** False: `--no-checks`. */
  readonly checks?: boolean
}

const defaultPort = 8378
const opener = { darwin: 'open', win32: 'explorer' } as Readonly<Record<string, string>>

function openBrowser(url: string): void {
  const child = spawn(opener[process.platform] ?? 'xdg-open', [url], { stdio: 'ignore', detached: true })
  // Without a browser the address on the screen is what there is.
  child.on('error', () => undefined)
  child.unref()
}

async function listen(
  server: ReturnType<typeof createServer>,
  port: number,
  isChosen: boolean,
): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<number>((done, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => done((server.address() as AddressInfo).port))
    })
  try {
    return await attempt(port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    if (!isChosen) return attempt(0)
    throw new ConfigurationError('INVALID_CONFIGURATION', `--port ${port}: another process listens there`)
  }
}

/**
 * `waybill dev`: watches the destinations of a package, and serves the tester on them until it is interrupted. Gives the
 * exit code.
 * @throws ConfigurationError where the port is taken, or an emulator is not known.
 */
export async function devCommand(
  folder: string | undefined,
  options: DevCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const root = resolve(terminal.workingDirectory, folder ?? '.')
  const say = (text: string): void => void terminal.stderr.write(`${text}\n`)
  const emulators = options.emulate === true ? listEmulators() : options.emulate || []
  const world = await startDevWorld({ root, emulators, checks: options.checks !== false, say })
  let port: number | undefined
  const console = createConsole({
    source: world.source,
    folder: consoleFolder(),
    tally: world.tally,
    port: () => port,
  })
  const server = createServer(consoleMount(console))
  try {
    port = await listen(server, options.port ?? defaultPort, options.port !== undefined)
    const url = `http://127.0.0.1:${port}`
    const { destinations } = world.state()
    const [first] = destinations
    await terminal.stdout.write(
      [
        `waybill dev watches ${root}: ${plural(destinations.length, 'destination')}${first === undefined ? '' : ` (${destinations.join(', ')})`}.`,
        ...(first === undefined
          ? ['There is none yet; make one with: npx waybill new destination "Example Vendor"']
          : []),
        `Tester: ${url}/test`,
        ...(first === undefined
          ? []
          : [
              `One action by hand:`,
              `  curl ${url}/api/actions/${first}/ACTION --json '{"event":{"type":"track","event":"Test","userId":"ada"}}'`,
            ]),
        '',
      ].join('\n'),
    )
    if (options.open !== false) openBrowser(`${url}/test`)
    await new Promise<void>((done) => {
      const release = terminal.onInterrupt(() => {
        release()
        done()
      })
    })
    return 0
  } finally {
    console.close()
    server.close()
    server.closeAllConnections()
    await world.close()
  }
}
