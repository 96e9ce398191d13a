import { outcomeKinds, type SubscriptionTotals } from 'waybill'
import type { DeliveryResult } from '../run/delivery-result'
import { formatCount, formatDuration, plural } from './format'
import { mergeNotes } from './merge-notes'
import { subscriptionRows } from './subscription-rows'
import { formatTable } from './table'

const shownGroups = 10

/** Kinds that are shown even when there is none of them. */
const always = new Set<string>(['delivered', 'skipped'])

function table({ totals }: DeliveryResult): string {
  const rows = Object.entries(totals.connections).flatMap(([connection, subscriptions]) =>
    subscriptionRows(subscriptions).map(({ name, row }) => ({ connection, name, row })),
  )
  const kinds = outcomeKinds.filter((kind) => always.has(kind) || rows.some(({ row }) => row[kind] > 0))
  const head = ['connection', 'subscription', ...kinds]
  return formatTable([
    head,
    ...rows.map(({ connection, name, row }) => [
      connection,
      name,
      ...kinds.map((kind) => formatCount(row[kind])),
    ]),
  ])
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

/** What a person has to know and do beyond the figures. */
function advice(result: DeliveryResult): string[] {
  const { totals, deadLetters, inputError, input, skip, isInterrupted } = result
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
    lines.push('Interrupted. Everything that was taken from the input is accounted for above.')
  if (skip !== undefined)
    lines.push(`To go on from here: the same command with --skip ${skip}, and other --dead-letters.`)
  if (deadLetters.count > 0 && deadLetters.failure === undefined)
    lines.push(
      `${plural(deadLetters.count, 'dead letter')} in ${deadLetters.path}. To send them again: waybill run --input ${deadLetters.path}`,
    )
  if (deadLetters.failure !== undefined) lines.push(deadLetters.failure.message)
  return lines.length === 0 ? [] : ['', ...lines]
}

/** The summary of a run for people: figures by connection and subscription, what failed and why, what to do. */
export function summary(result: DeliveryResult): string {
  const { totals, tally, durationMs } = result
  const perSecond = durationMs > 0 ? (totals.events * 1000) / durationMs : 0
  const repeats = tally.repeats > 0 ? `, ${plural(tally.repeats, 'repeated attempt')}` : ''
  const head = `${plural(totals.events, 'event')} in ${formatDuration(durationMs)} (${formatCount(perSecond)}/s)${repeats}`
  return [head, '', table(result), ...failures(result), ...notes(result), ...advice(result), ''].join('\n')
}
