import { extname } from 'node:path'
import { ConfigurationError, type Connection, createRuntime, didYouMean, type Runtime } from 'waybill'
import type { Store } from 'waybill/queue'
import { audienceKey } from '../audience/audience-key'
import { createMembershipStore } from '../audience/membership'
import { type ListedPerson, readPeople, type UnreadablePerson } from '../audience/read-people'
import { type SyncResult, syncAudience } from '../audience/sync-audience'
import { loadConfiguration } from '../configuration/load-configuration'
import { nameOfConnection } from '../configuration/load-sources'
import { problemLine } from '../configuration/problems'
import { openInput } from '../input/open-input'
import { formatCount, formatDuration, plural } from '../report/format'
import { interruptible } from '../run/interrupt'
import { openStore, type StoreOptions } from '../store/open-store'
import type { Terminal } from '../terminal'

/** What `waybill audience sync` was asked for. */
export type AudienceSyncOptions = StoreOptions & {
  readonly name: string
  readonly input?: string
  /** Default: by the name of the file. */
  readonly csv?: boolean
  /** Names of connections. Default: all. */
  readonly to?: readonly string[]
  readonly allowEmpty?: boolean
  /** Deliver before it ends, rather than leave that to `serve` and `work`. */
  readonly deliver?: boolean
}

const shownProblems = 3
const pollMs = 200

const fail = (message: string): never => {
  throw new ConfigurationError('INVALID_CONFIGURATION', message)
}

function chosen(
  connections: readonly Connection[],
  to: readonly string[] | undefined,
): readonly Connection[] {
  const names = connections.map(nameOfConnection)
  for (const name of to ?? [])
    if (!names.includes(name))
      fail(
        `--to ${name}: there is no such connection${didYouMean(name, names) || '.'} There are ${names.join(', ')}`,
      )
  return to === undefined ? connections : connections.filter((each) => to.includes(nameOfConnection(each)))
}

const isCsvName = (name: string | undefined): boolean =>
  extname((name ?? '').replace(/\.gz$/i, '')).toLowerCase() === '.csv'

async function readList(
  options: AudienceSyncOptions,
  terminal: Terminal,
): Promise<Map<string, ListedPerson>> {
  const problems: UnreadablePerson[] = []
  let count = 0
  const input = await openInput(options.input, terminal)
  const people = await readPeople(input, options.csv ?? isCsvName(options.input), (problem) => {
    count += 1
    if (problems.length < shownProblems) problems.push(problem)
  })
  for (const { line, problem } of problems)
    await terminal.stderr.write(`${input.name}, line ${line}: ${problem}\n`)
  if (count > problems.length)
    await terminal.stderr.write(`${formatCount(count - problems.length)} more lines name nobody\n`)
  if (people.size === 0 && count > 0)
    fail(`${input.name} names nobody: give userId or anonymousId, in each line or as the name of a column`)
  if (people.size === 0 && options.allowEmpty !== true)
    fail(`${input.name} is empty, so everybody would leave the audience; pass --allow-empty if that is meant`)
  return people
}

function resultText(connection: string, result: SyncResult, { audiences }: Connection): string {
  const { sync, entered, exited, repeated, members } = result
  const told = [`${formatCount(entered)} in`, `${formatCount(exited)} out`]
  if (repeated > 0) told.push(`${formatCount(repeated)} told again, since the sync before broke off`)
  const delay =
    sync === 1 && audiences?.startDelayMs
      ? `; sent from ${formatDuration(audiences.startDelayMs)} from now on`
      : ''
  return `${connection}: ${told.join(', ')}; ${plural(members, 'member')}${delay}`
}

/** Delivers what these connections have in the store, but for what is due later. */
async function deliverAll(
  runtime: Runtime,
  store: Store,
  names: ReadonlySet<string>,
  terminal: Terminal,
): Promise<void> {
  const interrupt = interruptible(terminal, (text) => void terminal.stderr.write(`${text}\n`))
  const controller = new AbortController()
  interrupt.signal.addEventListener('abort', () => controller.abort())
  const working = runtime.work(store.queue, { signal: controller.signal })
  try {
    while (!controller.signal.aborted) {
      const lanes = (await store.queue.stats()).filter(({ connection }) => names.has(connection))
      if (lanes.every(({ ready, waiting, leased }) => ready + waiting + leased === 0)) break
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  } finally {
    controller.abort()
    interrupt.release()
    await working
  }
}

/**
 * `waybill audience sync`: tells connections who came into an audience and who left it since the last list. Gives the
 * exit code.
 * @throws ConfigurationError for whatever is wrong with the list or the configuration; QueueError where the store cannot be opened.
 */
export async function audienceSyncCommand(options: AudienceSyncOptions, terminal: Terminal): Promise<number> {
  const key = audienceKey(options.name)
  if (key === '') fail(`--name ${options.name}: give a name with letters or digits`)
  const configuration = await loadConfiguration(options.config, terminal, { isStrict: false })
  for (const problem of configuration.problems)
    await terminal.stderr.write(`left out: ${problemLine(configuration.file, problem)}\n`)
  const connections = chosen(configuration.connections, options.to)
  const people = await readList(options, terminal)
  const store = await openStore({ ...options, config: configuration.file }, terminal)
  const runtime = createRuntime({ connections, compatibility: configuration.compatibility })
  try {
    let wanted = 0
    for (const connection of connections) {
      const name = nameOfConnection(connection)
      const { call = 'identify', startDelayMs, perSecond } = connection.audiences ?? {}
      const result = await syncAudience({
        people,
        membership: createMembershipStore(store.state, name, key),
        audience: { key, name: options.name, call, integration: connection.destination.name },
        now: Date.now(),
        ...(startDelayMs !== undefined && { startDelayMs }),
        ...(perSecond !== undefined && { perSecond }),
        async put(events, delayMs) {
          const { deliveries } = await runtime.put(store.queue, events, {
            only: { connection: name },
            delayMs,
          })
          wanted += deliveries
        },
      })
      await terminal.stdout.write(`${resultText(name, result, connection)}\n`)
    }
    if (options.deliver)
      await deliverAll(runtime, store, new Set(connections.map(nameOfConnection)), terminal)
    else if (wanted > 0)
      await terminal.stdout.write(
        `${plural(wanted, 'change')} of the trait "${key}" ${wanted === 1 ? 'is' : 'are'} in the store: "waybill work" or "waybill serve" delivers.\n`,
      )
    return 0
  } finally {
    await runtime.close()
    await store.close()
  }
}
