import type { DeadFilter, DeadLetter, DeadLetters } from 'waybill/queue'
import type { StoreOptions } from '../store/open-store'

/** Which dead letters a command is about. */
export type SelectionOptions = StoreOptions & {
  readonly connection?: string
  readonly subscription?: string
  readonly reason?: string
  readonly messageId?: string
  readonly person?: string
  /** Milliseconds since the epoch. */
  readonly since?: number
  readonly until?: number
}

/** The filter of a selection; without ids and options it takes all. */
export function filterOf(options: SelectionOptions, ids: readonly string[] = []): DeadFilter {
  const { connection, subscription, reason, messageId, person, since, until } = options
  return {
    ...(ids.length > 0 && { ids }),
    ...(connection !== undefined && { connection }),
    ...(subscription !== undefined && { subscription }),
    ...(reason !== undefined && { reason }),
    ...(messageId !== undefined && { messageId }),
    ...(person !== undefined && { person }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

/** The options of a selection as they would be typed again. */
export function selectionText(filter: DeadFilter): string {
  const { ids = [], since, until, ...named } = filter
  const quote = (value: string) =>
    /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
  const names: Readonly<Record<string, string>> = { messageId: 'message-id' }
  return [
    ...ids.map(quote),
    ...Object.entries(named).map(([key, value]) => `--${names[key] ?? key} ${quote(String(value))}`),
    ...(since === undefined ? [] : [`--since ${new Date(since).toISOString()}`]),
    ...(until === undefined ? [] : [`--until ${new Date(until).toISOString()}`]),
  ].join(' ')
}

/** All letters of a selection, page by page. */
export async function* lettersOf(
  dead: Pick<DeadLetters, 'list'>,
  filter: DeadFilter,
): AsyncGenerator<DeadLetter> {
  let after: string | undefined
  do {
    const page = await dead.list(filter, { limit: 200, ...(after !== undefined && { after }) })
    yield* page.letters
    after = page.next
  } while (after !== undefined)
}
