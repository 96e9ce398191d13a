import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigurationError } from 'waybill'
import type { State } from 'waybill/queue'
import type { Terminal } from '../terminal'

/** How far a run of a file has come, so that a later one can go on. */
export type RunState = {
  /** Names the run's deliveries. */
  readonly id: string
  /** Records of the input that an earlier start of this run has put into the store. */
  readonly records: number
  /** Milliseconds since the epoch: when the run was started first. */
  readonly startedAt: number
  /** Remembers that so many records are in the store. */
  advance(records: number): Promise<void>
  /** The whole input has been put, and everything has ended: the next run of the file starts anew. */
  finish(): Promise<void>
}

type Saved = {
  readonly id: string
  readonly records: number
  readonly startedAt: number
  readonly configuration: string
}

const hashOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** A file is the same while its path, size and time of change are. */
function inputKey(input: string, { workingDirectory }: Terminal): string {
  const path = realpathSync(resolve(workingDirectory, input))
  const { size, mtimeMs } = statSync(path)
  return `run:${hashOf(`${path}\n${size}\n${mtimeMs}`)}`
}

/** A run of standard input cannot be told from another: what it has put is delivered, and there is nothing to go on from. */
const unrepeatable = (): RunState => ({
  id: randomUUID(),
  records: 0,
  startedAt: Date.now(),
  advance: async () => undefined,
  finish: async () => undefined,
})

/**
 * Finds out whether a run of this input was begun and not finished, and goes on with it; else begins one.
 * @throws ConfigurationError INVALID_CONFIGURATION where it was begun with another configuration, and `change` does not
 * say what to do.
 */
export async function openRunState(
  state: State,
  {
    input,
    configurationFile,
    change,
  }: {
    readonly input: string | undefined
    readonly configurationFile: string
    readonly change: 'restart' | 'continue' | undefined
  },
  terminal: Terminal,
): Promise<RunState> {
  if (input === undefined || input === '-') return unrepeatable()
  const key = inputKey(input, terminal)
  const configuration = hashOf(readFileSync(resolve(terminal.workingDirectory, configurationFile)))
  const text = change === 'restart' ? undefined : await state.get(key)
  const earlier = text === undefined ? undefined : (JSON.parse(text) as Saved)
  if (earlier !== undefined && earlier.configuration !== configuration && change !== 'continue')
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      `an earlier run of ${input} was not finished, and ${configurationFile} has changed since; --continue goes on with what it says now, --restart begins anew and sends again what was delivered`,
    )
  const run = earlier ?? { id: randomUUID(), records: 0, startedAt: Date.now() }
  const save = (records: number): Promise<void> =>
    state.set(key, JSON.stringify({ id: run.id, startedAt: run.startedAt, records, configuration }))
  await save(run.records)
  return { ...run, advance: save, finish: () => state.delete(key) }
}
