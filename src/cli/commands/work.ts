import { createFailureExplainer, createRuntime, type Outcome, outcomeKinds, type Totals } from 'waybill'
import { loadConfiguration } from '../configuration/load-configuration'
import { problemLine } from '../configuration/problems'
import { formatCount } from '../report/format'
import { interruptible } from '../run/interrupt'
import { openStore, type StoreOptions, storeName, storeOf } from '../store/open-store'
import { releaseBlocks } from '../store/release-blocks'
import type { Terminal } from '../terminal'

/** What `waybill work` was asked for. Spans of time in milliseconds. */
export type WorkOptions = StoreOptions & {
  readonly retryFor: number
  /** How long what is in flight may take after a stop. */
  readonly grace: number
  readonly concurrency?: number
  readonly rate?: number
  readonly allowDuplicates?: boolean
  readonly quiet?: boolean
}

const progressMs = 10_000

/** `1,204 delivered, 3 rejected`, of all connections. */
function totalsText({ connections }: Totals): string {
  const rows = Object.values(connections).flatMap((rows) => Object.values(rows))
  const parts = outcomeKinds.flatMap((kind) => {
    const count = rows.reduce((sum, row) => sum + row[kind], 0)
    return count === 0 ? [] : [`${formatCount(count)} ${kind}`]
  })
  return parts.length === 0 ? 'nothing was due' : parts.join(', ')
}

/**
 * `waybill work`: delivers what is in the store until it is told to stop. A connection that cannot open is told and left
 * out; its deliveries stay. Gives the exit code.
 * @throws ConfigurationError where no connection can open; QueueError where the store cannot.
 */
export async function workCommand(options: WorkOptions, terminal: Terminal): Promise<number> {
  const configuration = await loadConfiguration(options.config, terminal, { isStrict: false })
  const { connections, compatibility } = configuration
  const say = async (text: string): Promise<void> => {
    if (!options.quiet) await terminal.stderr.write(`${text}\n`)
  }
  for (const problem of configuration.problems)
    await terminal.stderr.write(`left out: ${problemLine(configuration.file, problem)}\n`)
  const store = await openStore({ ...options, config: configuration.file }, terminal)
  const runtime = createRuntime({
    connections,
    compatibility,
    limits: {
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.rate !== undefined && { requestsPerSecond: options.rate }),
    },
    // What destinations remember outlives the process too.
    context: { state: store.state },
    retry: { forMs: options.retryFor, allowDuplicates: options.allowDuplicates === true },
    on: {
      connectionBlocked: (connection, outcome: Outcome & { message?: string }) =>
        void say(
          `${connection}: the credentials were refused: ${outcome.message ?? ''}. Its deliveries wait.`,
        ),
    },
  })
  const why = createFailureExplainer(connections, compatibility)
  let ended = 0
  let failed = 0
  const interrupt = interruptible(terminal, (text) => void say(text))
  interrupt.signal.addEventListener('abort', () => void runtime.close({ withinMs: options.grace }))
  const progress = setInterval(
    () => void say(`${formatCount(ended)} ended, ${formatCount(failed)} of them dead`),
    progressMs,
  )
  try {
    await say(`working on ${storeName(storeOf({ ...options, config: configuration.file }, terminal))}`)
    await releaseBlocks(store.queue)
    const totals = await runtime.work(store.queue, {
      signal: interrupt.signal,
      onOutcome(outcome, event) {
        ended += 1
        if (outcome.kind === 'delivered') return
        failed += 1
        const [line = ''] = why(outcome, event)
        void say(
          `${outcome.connection} / ${outcome.subscription}: ${event.messageId ?? 'an event'} is dead: ${line}`,
        )
      },
    })
    await say(`${totalsText(totals)}.${failed === 0 ? '' : ' waybill dead list shows what is dead.'}`)
    return 0
  } finally {
    clearInterval(progress)
    interrupt.release()
    await runtime.close()
    await store.close()
  }
}
