import { ConfigurationError, createRedact, explain } from 'waybill'
import { type ConnectionOptions, chooseConnection } from '../explain/choose-connection'
import { formatExplanation } from '../explain/format-explanation'
import { paletteOf } from '../explain/palette'
import { decode } from '../input/decode'
import { InputError } from '../input/input-error'
import { openInput } from '../input/open-input'
import { type ParsedRecord, parseRecord } from '../input/parse-record'
import type { Terminal } from '../terminal'

/** What `waybill explain` was asked for. */
export type ExplainCommandOptions = ConnectionOptions & {
  readonly event?: string
  readonly subscription?: string
  readonly json?: boolean
}

/**
 * `waybill explain`: what a connection does with an event, and why. Gives the exit code: 0 if the event would be
 * delivered or is skipped, 1 if not, or if there is nothing to explain.
 * @throws ConfigurationError for whatever is wrong with the options or the configuration.
 */
export async function explainCommand(options: ExplainCommandOptions, terminal: Terminal): Promise<number> {
  const read = await readEvent(options.event, terminal)
  if (typeof read === 'string') return nothingToExplain(`${read} holds no event`, terminal)
  const { event, target } = read
  const { connection, compatibility, secrets, hasSampleSettings } = await chooseConnection(
    options,
    target?.connection,
    terminal,
  )
  const isReplaced = connection.subscriptions !== 'presets' && options.action !== undefined
  const subscription = options.subscription ?? (isReplaced ? undefined : target?.subscription)
  const explanation = await explain({
    connection,
    compatibility,
    event,
    ...(subscription === undefined ? {} : { subscription }),
    ...(options.send === undefined ? {} : { send: options.send }),
  })
  if (subscription !== undefined && explanation.subscriptions.length === 0)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `--subscription ${subscription}: the connection has no such subscription`,
    )
  if (explanation.subscriptions.length === 0)
    return nothingToExplain(
      `${explanation.connection} has no subscriptions; list some in the configuration, or try an action with --action`,
      terminal,
    )
  const text = options.json
    ? `${JSON.stringify(explanation, undefined, 2)}\n`
    : formatExplanation(explanation, { palette: paletteOf(terminal), columns: terminal.stdout.columns })
  await terminal.stdout.write(createRedact(secrets).text(text))
  if (hasSampleSettings && !options.json)
    await terminal.stderr.write('The settings are made up; give your own with --settings FILE.\n')
  const hasFailed = explanation.subscriptions.some(
    ({ problem, outcome }) => problem !== undefined || (outcome !== undefined && 'owner' in outcome),
  )
  return hasFailed ? 1 : 0
}

async function nothingToExplain(why: string, { stderr }: Terminal): Promise<number> {
  await stderr.write(`waybill: there is nothing to explain: ${why}.\n`)
  return 1
}

type ReadEvent = Exclude<ParsedRecord, { problem: string }>

/** Larger than any event; what is piped in may have no end. */
const maxBytes = 32 * 1024 * 1024

/** One event, or a dead letter, of a file or of standard input, also gzipped; the name of an input that is empty. */
async function readEvent(file: string | undefined, terminal: Terminal): Promise<ReadEvent | string> {
  const input = await openInput(file, terminal, '--event')
  const fail = (problem: string, cause?: unknown): never => {
    throw new ConfigurationError('INVALID_INPUT', `${input.name}: ${problem}`, { cause })
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of decode(input.chunks)) {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) fail('this is more than one event; take one of them')
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    fail(error.message, error)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.every((byte) => byte <= 0x20)) return input.name
  const record = parseRecord(bytes, 0, bytes.length)
  return 'problem' in record ? fail(record.problem) : record
}
