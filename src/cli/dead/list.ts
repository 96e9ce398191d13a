import type { DeadLetter } from 'waybill/queue'
import { deadLetterMarker } from '../input/parse-record'
import { formatCount, plural } from '../report/format'
import { formatTable } from '../report/table'
import { openStoreReader } from '../store/open-store'
import { timeText } from '../store/times'
import type { Terminal } from '../terminal'
import { filterOf, lettersOf, type SelectionOptions } from './selection'

/** What `waybill dead list` was asked for. */
export type DeadListOptions = SelectionOptions & {
  /** One letter a line, as `waybill run` writes and takes them; all of them. */
  readonly ndjson?: boolean
  /** Rows of the table. Default 20. */
  readonly limit?: number
}

const defaultLimit = 20

/** A letter as `waybill run --dead-letters` writes it, so that it can be the input of a run. */
export const letterLine = ({ id, diedAt, delivery, outcome }: DeadLetter): string =>
  JSON.stringify({
    ...deadLetterMarker,
    id,
    diedAt: new Date(diedAt).toISOString(),
    event: delivery.event,
    outcome: { ...outcome, connection: delivery.connection, subscription: delivery.subscription },
    attempts: delivery.history,
  })

const row = ({ id, diedAt, delivery, reason, outcome }: DeadLetter): string[] => [
  id,
  timeText(diedAt),
  `${delivery.connection} / ${delivery.subscription}`,
  reason,
  delivery.event.messageId ?? '',
  'message' in outcome ? outcome.message : '',
]

/** `waybill dead list`: the dead letters of a store, the newest first, with how many there are by reason. Gives the exit code. */
export async function listDead(options: DeadListOptions, terminal: Terminal): Promise<number> {
  const store = await openStoreReader(options, terminal)
  try {
    const filter = filterOf(options)
    if (options.ndjson) {
      for await (const letter of lettersOf(store.dead, filter)) {
        await terminal.stdout.write(`${letterLine(letter)}\n`)
        if (terminal.stdout.isClosed) break
      }
      return 0
    }
    const count = await store.dead.count(filter)
    if (count === 0) {
      await terminal.stdout.write('Nothing is dead.\n')
      return 0
    }
    const { letters } = await store.dead.list(filter, { limit: options.limit ?? defaultLimit })
    const reasons = (await store.dead.reasons())
      .filter(
        ({ connection, subscription, reason }) =>
          (filter.connection ?? connection) === connection &&
          (filter.subscription ?? subscription) === subscription &&
          (filter.reason ?? reason) === reason,
      )
      .sort((one, other) => other.count - one.count)
      .map(({ connection, subscription, reason, count: each }) => [
        formatCount(each),
        reason,
        `${connection} / ${subscription}`,
      ])
    const rest =
      count > letters.length
        ? `\n… and ${formatCount(count - letters.length)} more; --limit shows more, --ndjson all`
        : ''
    await terminal.stdout.write(
      `${plural(count, 'dead letter')}\n\n${formatTable([['count', 'reason', 'connection / subscription'], ...reasons])}\n\n${formatTable([['id', 'died', 'connection / subscription', 'reason', 'message id', 'message'], ...letters.map(row)])}${rest}\n`,
    )
    return 0
  } finally {
    await store.close()
  }
}
