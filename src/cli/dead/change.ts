import { ConfigurationError } from 'waybill'
import type { DeadFilter, DeadLetters } from 'waybill/queue'
import { createPrompt } from '../prompt'
import { formatCount, plural } from '../report/format'
import { openStore } from '../store/open-store'
import type { Terminal } from '../terminal'
import { filterOf, type SelectionOptions } from './selection'

/** What `waybill dead replay` and `drop` were asked for. */
export type DeadChangeOptions = SelectionOptions & {
  /** Do not ask. */
  readonly yes?: boolean
  /** Only if there are exactly so many. */
  readonly expected?: number
}

type Change = {
  readonly question: (count: number) => string
  readonly apply: (dead: DeadLetters, filter: DeadFilter, expected: number) => Promise<number>
  readonly done: (count: number) => string
}

const replay: Change = {
  question: (count) => `Put ${plural(count, 'dead letter')} back, due at once? Type the number`,
  apply: (dead, filter, expected) => dead.replay(filter, { expected }),
  done: (count) => `${plural(count, 'dead letter')} put back; "waybill work" delivers them.`,
}

const drop: Change = {
  question: (count) => `Delete ${plural(count, 'dead letter')} for good? Type the number`,
  apply: (dead, filter, expected) => dead.drop(filter, { expected }),
  done: (count) => `${plural(count, 'dead letter')} deleted.`,
}

async function isConfirmed(count: number, question: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.stdin.isInteractive)
    throw new ConfigurationError(
      'INVALID_CONFIGURATION',
      'nobody is there to be asked; give --yes, best with --expected and the number that "waybill dead check" told',
    )
  const prompt = createPrompt(terminal)
  try {
    const answer = await prompt.ask(question)
    return answer.replaceAll(/[,. ]/g, '') === String(count)
  } finally {
    await prompt.close()
  }
}

async function change(
  { question, apply, done }: Change,
  ids: readonly string[],
  options: DeadChangeOptions,
  terminal: Terminal,
): Promise<number> {
  const store = await openStore(options, terminal)
  try {
    const { dead } = store.queue
    const filter = filterOf(options, ids)
    const count = options.expected ?? (await dead.count(filter))
    if (count === 0) {
      await terminal.stdout.write('There are no such dead letters.\n')
      return 0
    }
    if (!options.yes && !(await isConfirmed(count, question(count), terminal))) {
      await terminal.stdout.write(`The number was not ${formatCount(count)}: nothing was changed.\n`)
      return 1
    }
    await terminal.stdout.write(`${done(await apply(dead, filter, count))}\n`)
    return 0
  } finally {
    await store.close()
  }
}

/**
 * `waybill dead replay`: puts the selection back to be delivered, with its attempts counted anew. Gives the exit code.
 * @throws QueueError DEAD_LETTERS_CHANGED when the number has changed since it was shown; QUEUE_IN_USE.
 */
export const replayDead = (ids: readonly string[], options: DeadChangeOptions, terminal: Terminal) =>
  change(replay, ids, options, terminal)

/** `waybill dead drop`: deletes the selection for good; see `replayDead`. */
export const dropDead = (ids: readonly string[], options: DeadChangeOptions, terminal: Terminal) =>
  change(drop, ids, options, terminal)
