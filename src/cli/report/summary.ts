import { outcomeKinds, type SubscriptionTotals } from 'waybill'
import type { DeliveryResult } from '../run/delivery-result'
import { formatCount, formatDuration, plural } from './format'
import { mergeNotes } from './merge-notes'
import { subscriptionRows } from './subscription-rows'
import { formatTable } from './table'

/** The commands of a further run, to be copied as they are. */
export type NextCommands = {
  /** Sends the dead letters of a file again. */
  again(path: string): string
  /** Goes on after so many records of the input. */
  goOn(skip: number): string
  /** The same run again. */
  same(): string
}

const shownGroups = 10

/** Kinds that are shown even when there is none of them. */
const always = new Set<string>(['delivered', 'skipped'])

function table({ totals }: DeliveryResult, columns: number | undefined): string {
  const rows = Object.entries(totals.connections).flatMap(([connection, subscriptions]) =>
    subscriptionRows(subscriptions).map(({ name, row }) => ({ connection, name, row })),
  )
  const kinds = outcomeKinds.filter((kind) => always.has(kind) || rows.some(({ row }) => row[kind] > 0))
  const head = ['connection', 'subscription', ...kinds]
  const cells = rows.map(({ connection, name, row }) => [
    connection,
    name,
    ...kinds.map((kind) => formatCount(row[kind])),
  ])
  return formatTable([head, ...cells], columns)
}

const more = (count: number, what: string) =>
  count > shownGroups
    ? [`  … and ${plural(count - shownGroups, what)} more; waybill run --report FILE has them all`]
    : []

function failures({ tally, malformed, firstMalformed }: DeliveryResult): string[] {
  const lines = tally.failures
    .slice(0, shownGroups)
    .map(
      ({ connection, subscription, kind, code, status, message, count }) =>
        `  ${formatCount(count)} × ${kind} at ${connection} / ${subscription}: ${code}${status === undefined ? '' : ` (${status})`}: ${message}`,
    )
  if (firstMalformed !== undefined)
    lines.unshift(
      `  ${formatCount(malformed)} × invalid input, first on line ${formatCount(firstMalformed.line)}: INVALID_INPUT: ${firstMalformed.problem}`,
    )
  return lines.length === 0 ? [] : ['', 'Not delivered:', ...lines, ...more(tally.failures.length, 'reason')]
}

function notes({ tally }: DeliveryResult): string[] {
  const merged = mergeNotes(tally.notes)
  if (merged.length === 0) return []
  const lines = merged
    .slice(0, shownGroups)
    .map(
      ({ connection, subscriptions: [first, ...others], field, reason, count }) =>
        `  ${formatCount(count)} × at ${connection} / ${first}${others.length === 0 ? '' : ` and ${plural(others.length, 'other')}`}: ${field === undefined ? '' : `${field}: `}${reason}`,
    )
  return ['', 'Left out of requests:', ...lines, ...more(merged.length, 'note')]
}

const isUntouched = (row: SubscriptionTotals) =>
  outcomeKinds.every((kind) => kind === 'skipped' || row[kind] === 0)

/** Where a further run begins, if this one did not take the whole input or could not write all dead letters. */
function goingOn(result: DeliveryResult, next: NextCommands | undefined): string[] {
  const { deadLetters, skip, input } = result
  if (skip === undefined || next === undefined) return []
  const { failure, lost } = deadLetters
  const where = input.isFile ? '' : ', with the same input piped in'
  if (failure === undefined) return [`To go on from here${where}:`, `  ${next.goOn(skip)}`]
  return [
    `${failure.message}. ${plural(lost, 'dead letter')} could not be written.`,
    `Mend that, then go on before the first of them${where}. What was delivered after it is sent again, under the same idempotency key:`,
    `  ${next.goOn(skip)}`,
  ]
}

/** What a store holds now, and how it is got on with. */
function ofStore({ store, isInterrupted }: DeliveryResult, next: NextCommands | undefined): string[] {
  if (store === undefined) return []
  const { left, dead, name } = store
  const lines: string[] = []
  if (left > 0)
    lines.push(`${plural(left, 'delivery', 'deliveries')} wait in ${name}; waybill status shows why.`)
  if ((left > 0 || isInterrupted) && next !== undefined) lines.push('To go on:', `  ${next.same()}`)
  if (dead > 0)
    lines.push(
      `${plural(dead, 'dead letter')} in ${name}. waybill dead list shows them, waybill dead check tells what a replay would come to.`,
    )
  return lines
}

/** What a person has to know and do beyond the figures. */
function advice(result: DeliveryResult, next: NextCommands | undefined): string[] {
  const { totals, deadLetters, inputError, input, isInterrupted } = result
  const lines: string[] = []
  const rows = Object.values(totals.connections).flatMap((connection) => Object.values(connection))
  if (totals.events > 0 && rows.length > 0 && rows.every(isUntouched))
    lines.push(
      'No event went through any subscription. Look at the filters, and at the type of the events ("track", "identify" …).',
    )
  if (totals.events === 0 && inputError === undefined && !isInterrupted && result.malformed === 0)
    lines.push(`${input.name} holds no events.`)
  if (inputError !== undefined)
    lines.push(
      `${input.name}: ${inputError.message}. ${plural(totals.events, 'event')} before that went their way.`,
    )
  if (isInterrupted)
    lines.push(
      result.store === undefined
        ? 'Interrupted. Everything that was taken from the input is accounted for above.'
        : 'Interrupted. Everything that was taken from the input is in the store, or accounted for above.',
    )
  lines.push(...ofStore(result, next))
  lines.push(...goingOn(result, next))
  if (deadLetters.count > 0)
    lines.push(
      `${plural(deadLetters.count, 'dead letter')} in ${deadLetters.path}.`,
      ...(next === undefined ? [] : ['To send again what they hold:', `  ${next.again(deadLetters.path)}`]),
    )
  return lines.length === 0 ? [] : ['', ...lines]
}

/**
 * The summary of a run for people: figures by connection and subscription, what failed and why, what to do. The table
 * fits `columns` characters.
 */
export function summary(result: DeliveryResult, next?: NextCommands, columns?: number): string {
  const { totals, tally, durationMs } = result
  const perSecond = durationMs > 0 ? (totals.events * 1000) / durationMs : 0
  const repeats = tally.repeats > 0 ? `, ${plural(tally.repeats, 'repeated attempt')}` : ''
  const head = `${plural(totals.events, 'event')} in ${formatDuration(durationMs)} (${formatCount(perSecond)}/s)${repeats}`
  return [
    head,
    '',
    table(result, columns),
    ...failures(result),
    ...notes(result),
    ...advice(result, next),
    '',
  ].join('\n')
}
