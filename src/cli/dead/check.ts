import { createReplayJudge } from 'waybill'
import type { DeadFilter, DeadLetters } from 'waybill/queue'
import { loadConfiguration } from '../configuration/load-configuration'
import { formatCount, plural } from '../report/format'
import { openStoreReader } from '../store/open-store'
import type { Terminal } from '../terminal'
import { filterOf, lettersOf, type SelectionOptions, selectionText } from './selection'

type Check = {
  readonly checked: number
  readonly passes: number
  readonly maybe: number
  readonly unsubscribed: number
  /** By what is wrong, the most frequent first, with the message id of one. */
  readonly invalid: readonly { readonly message: string; readonly count: number; readonly example: string }[]
}

/** Letters that are judged before something else has its turn. */
const between = 200

/** Judges a selection by a configuration as delivery would; sends nothing. */
async function check(
  dead: Pick<DeadLetters, 'list'>,
  filter: DeadFilter,
  judge: ReturnType<typeof createReplayJudge>,
): Promise<Check> {
  const counts = { checked: 0, passes: 0, maybe: 0, unsubscribed: 0 }
  const invalid = new Map<string, { count: number; example: string }>()
  for await (const { delivery, outcome } of lettersOf(dead, filter)) {
    const verdict = judge({ ...delivery, kind: outcome.kind })
    counts.checked += 1
    if (typeof verdict === 'string') counts[verdict] += 1
    else {
      const known = invalid.get(verdict.invalid) ?? { count: 0, example: delivery.event.messageId ?? '' }
      known.count += 1
      invalid.set(verdict.invalid, known)
    }
    if (counts.checked % between === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    ...counts,
    invalid: [...invalid]
      .map(([message, each]) => ({ message, ...each }))
      .sort((one, other) => other.count - one.count),
  }
}

function checkText({ checked, passes, maybe, unsubscribed, invalid }: Check, filter: DeadFilter): string {
  const lines = [
    `${plural(checked, 'dead letter')} checked by the configuration as it is now; nothing was sent.`,
    '',
    `  ${formatCount(passes)} would be sent`,
    `  ${formatCount(maybe)} would be sent, but may have arrived, and the destination does not recognize repetitions`,
    `  ${formatCount(unsubscribed)} are wanted by no subscription any more`,
    `  ${formatCount(invalid.reduce((sum, { count }) => sum + count, 0))} are still invalid`,
    ...invalid.map(
      ({ message, count, example }) => `    ${formatCount(count)}: ${message} (for example ${example})`,
    ),
  ]
  const selection = selectionText(filter)
  return `${lines.join('\n')}\n${passes === 0 ? '' : `\nwaybill dead replay${selection === '' ? '' : ` ${selection}`} puts them back.\n`}`
}

/**
 * `waybill dead check`: what a replay of the selection would come to, by the configuration as it is now. Gives the exit
 * code: 1 where some would not pass.
 */
export async function checkDead(
  ids: readonly string[],
  options: SelectionOptions & { readonly json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const { connections, compatibility } = await loadConfiguration(options.config, terminal)
  const store = await openStoreReader(options, terminal)
  try {
    const filter = filterOf(options, ids)
    const result = await check(store.dead, filter, createReplayJudge(connections, compatibility))
    await terminal.stdout.write(
      options.json ? `${JSON.stringify(result, null, 2)}\n` : checkText(result, filter),
    )
    return result.passes === result.checked ? 0 : 1
  } finally {
    await store.close()
  }
}
