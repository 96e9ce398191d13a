import {
  type AuthenticationResult,
  ConfigurationError,
  createRedact,
  createRuntime,
  didYouMean,
  type OperationResult,
} from 'waybill'
import { loadConfiguration } from '../configuration/load-configuration'
import { formatTable } from '../report/table'
import type { Terminal } from '../terminal'

/** What `waybill test-authentication` was asked for. */
export type TestAuthenticationOptions = {
  /** Default: the one in the working directory. */
  readonly config?: string | undefined
  /** Names of connections; all of them where there are none. */
  readonly connections: readonly string[]
}

function chosen(names: readonly string[], wanted: readonly string[]): readonly string[] {
  for (const name of wanted)
    if (!names.includes(name))
      throw new ConfigurationError(
        'UNKNOWN_CONNECTION',
        `there is no connection "${name}"${didYouMean(name, names) || '.'} There are ${names.join(', ')}`,
      )
  return wanted.length === 0 ? names : wanted
}

const resultText = (result: OperationResult<AuthenticationResult>): string => {
  if (!result.ok) return `✗ ${result.message}`
  return result.value.isTested ? '✓ the credentials work' : '– the destination offers no test'
}

/**
 * `waybill test-authentication`: asks the destination of each connection whether its credentials work, and sends no
 * event. Gives the exit code: 1 if some do not, or could not be tested.
 * @throws ConfigurationError for whatever is wrong with the configuration, and for a connection that it does not have.
 */
export async function testAuthenticationCommand(
  { config, connections: wanted }: TestAuthenticationOptions,
  terminal: Terminal,
): Promise<number> {
  const { connections, compatibility, secrets } = await loadConfiguration(config, terminal)
  const runtime = createRuntime({ connections, compatibility })
  try {
    const names = chosen(
      runtime.connections.map(({ name }) => name),
      wanted,
    )
    const results = await Promise.all(names.map((name) => runtime.connection(name).testAuthentication()))
    // Also what came from the environment into a setting that is no secret by its definition.
    const redact = createRedact(secrets)
    const rows = results.map((result, index) => [names[index] as string, redact.text(resultText(result))])
    await terminal.stdout.write(`${formatTable([['connection', 'result'], ...rows])}\n`)
    return results.every(({ ok }) => ok) ? 0 : 1
  } finally {
    await runtime.close()
  }
}
