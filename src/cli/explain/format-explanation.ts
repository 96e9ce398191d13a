import type { ExplainedRequest, Explanation, Outcome, SubscriptionExplanation } from 'waybill'
import { formatFields } from './format-fields'
import { formatFilter } from './format-filter'
import type { Palette } from './palette'

/** How an explanation is shown. */
export type Layout = { readonly palette: Palette; readonly columns: number }

/** An explanation for a person. Subscriptions that do not match are counted, unless none does. */
export function formatExplanation(explanation: Explanation, layout: Layout): string {
  const { palette } = layout
  const { connection, messageId, skipped, subscriptions } = explanation
  const head = [palette.strong(connection), ...(messageId === undefined ? [] : [`message ${messageId}`])]
  const matching = subscriptions.filter(({ filter }) => filter.matches)
  const shown = matching.length > 0 ? matching : subscriptions
  const rest = subscriptions.length - shown.length
  return `${[
    head.join('  '),
    ...(skipped === undefined
      ? []
      : [palette.bad(`The connection skips this event: ${skipReasons[skipped]}.`)]),
    ...shown.map((each) => `\n${formatSubscription(each, layout)}`),
    ...(rest === 0
      ? []
      : [palette.dim(`\n${rest} other ${rest === 1 ? 'subscription does' : 'subscriptions do'} not match.`)]),
  ].join('\n')}\n`
}

const skipReasons = {
  'not-subscribed': 'its filter does not match',
  integrations: "the event's integrations object turns it off",
  'connection-filter': "the connection's own filter does not match",
  disabled: 'it is disabled',
  'nothing-to-send': 'there is nothing to send',
} as const

function formatSubscription(subscription: SubscriptionExplanation, { palette, columns }: Layout): string {
  const { name, action, isEnabled, filter, fields = [], requests = [], outcome, problem } = subscription
  const title = name === action ? action : `${name} → ${action}`
  const lines = [
    `${palette.strong(title)}${isEnabled ? '' : palette.bad('  disabled')}`,
    ...formatFilter(filter, palette, columns - 2).map(indented),
  ]
  if (fields.length > 0)
    lines.push('', '  fields', ...formatFields(fields, problem !== undefined, palette, columns))
  if (problem !== undefined && fields.every(({ problems }) => problems.length === 0))
    lines.push(`  ${palette.bad(problem)}`)
  for (const request of requests) lines.push('', ...formatRequest(request, palette).map(indented))
  if (outcome !== undefined) lines.push('', `  ${formatOutcome(outcome, palette)}`)
  return lines.join('\n')
}

const indented = (line: string): string => (line === '' ? '' : `  ${line}`)

function formatRequest(
  { method, url, headers, body, reply, error }: ExplainedRequest,
  palette: Palette,
): string[] {
  return [
    'request',
    ...[
      palette.strong(`${method} ${url}`),
      ...Object.entries(headers).map(([name, value]) => palette.dim(`${name}: ${value}`)),
      ...(body === undefined ? [] : ['', ...pretty(body).split('\n')]),
      ...(reply === undefined
        ? []
        : ['', `-> ${reply.status}`, ...(reply.body === '' ? [] : pretty(reply.body).split('\n'))]),
      ...(error === undefined ? [] : ['', palette.bad(`-> ${error}`)]),
    ].map(indented),
  ]
}

/** JSON is indented; any other text stays as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

function formatOutcome(outcome: Outcome, palette: Palette): string {
  if (outcome.kind === 'delivered')
    return palette.good(`delivered${outcome.status === undefined ? '' : ` ${outcome.status}`}`)
  if (outcome.kind === 'skipped') return palette.dim(`skipped: ${skipReasons[outcome.reason]}`)
  return palette.bad(`${outcome.kind} ${outcome.code}: ${outcome.message}`)
}
