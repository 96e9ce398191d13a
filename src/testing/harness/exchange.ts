import type { OperationResult, Outcome, Redact } from 'waybill'
import type { RecordedCall, RecordedRequest } from './recorder'
import { bodyText, type Reply, replyText } from './reply'

const marker = Symbol.for('waybill.exchanges')

/** What happened in one run of a case: requests with their replies in order, and the outcome of each event. */
export type Exchange = {
  /** What tells it apart from the other exchanges of the same snapshot. */
  readonly title?: string
  readonly calls: readonly RecordedCall[]
  readonly outcomes: readonly Outcome[]
  /** Of what was asked of the connection beside delivering events. */
  readonly result?: OperationResult<unknown>
}

/** The exchanges of one snapshot, with what hides their secrets. */
export type Exchanges = { readonly list: readonly Exchange[]; readonly redact: Redact }

/** Marks exchanges for the serializer. */
export const exchanges = (list: readonly Exchange[], redact: Redact): Exchanges =>
  Object.defineProperty({ list, redact }, marker, { value: true })

/** Prints exchanges in snapshots as HTTP messages. */
export const exchangeSerializer = {
  test: (value: unknown): boolean =>
    typeof value === 'object' && value !== null && (value as { [marker]?: boolean })[marker] === true,
  serialize: (value: unknown): string => formatExchanges(value as Exchanges),
}

/** The exchanges as text: request line, headers, blank line, body, `-> status`, and the outcome of each event. */
export function formatExchanges({ list, redact }: Exchanges): string {
  const seen = new Set<string>()
  const sections: { titles: string[]; text: string }[] = []
  for (const exchange of list) {
    const text = formatExchange(exchange, redact, seen)
    const titles = exchange.title === undefined ? [] : [exchange.title]
    const last = sections.at(-1)
    if (last?.text === text) last.titles.push(...titles)
    else sections.push({ titles, text })
  }
  return sections
    .map(({ titles, text }) => (titles.length === 0 ? text : `### ${titles.join(', ')}\n\n${text}`))
    .join('\n\n')
}

/** A request that is equal to an earlier one of the same snapshot is named by its first line alone. */
function formatExchange({ calls, outcomes, result }: Exchange, redact: Redact, seen: Set<string>): string {
  const parts = calls.map(({ request, reply }) => {
    const text = formatRequest(request, redact)
    const shown = seen.has(text) ? `${requestLine(request, redact)} (as above)` : text
    seen.add(text)
    return `${shown}\n\n${formatReply(reply, redact)}`
  })
  const ends = [
    ...outcomes.map((outcome) => formatOutcome(outcome, outcomes.length > 1)),
    ...(result === undefined ? [] : [redact.text(formatResult(result))]),
  ].join('\n')
  return [...parts, ends].join('\n\n')
}

const formatResult = (result: OperationResult<unknown>): string =>
  result.ok
    ? `result: ${JSON.stringify(result.value, undefined, 2)}`
    : `result: ${result.kind} ${result.code} (${result.owner}): ${result.message}`

const requestLine = ({ method, url }: RecordedRequest, redact: Redact): string =>
  `${method} ${redact.text(url)}`

/** One request, credentials as `redact` shows them. */
export function formatRequest(request: RecordedRequest, redact: Redact): string {
  const headers = Object.entries(redact.headers(request.headers))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`)
  const body = request.body === undefined ? [] : ['', redact.text(prettyBody(request.body))]
  return [requestLine(request, redact), ...headers, ...body].join('\n')
}

/** JSON is indented; any other body stays as it is. */
function prettyBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}

function formatReply(reply: Reply, redact: Redact): string {
  const status = `-> ${replyText(reply)}`
  return reply === 'time-out' || reply.body === undefined || reply.body === ''
    ? status
    : `${status}\n${redact.text(bodyText(reply))}`
}

/** The outcome in a line, and a line for each field problem and note. */
export function formatOutcome(outcome: Outcome, isNumbered: boolean): string {
  const label = isNumbered ? `outcome ${outcome.index + 1}` : 'outcome'
  return [`${label}: ${outcome.kind}${detailsOf(outcome)}`, ...linesOf(outcome)].join('\n')
}

function detailsOf(outcome: Outcome): string {
  if (outcome.kind === 'delivered') return outcome.status === undefined ? '' : ` ${outcome.status}`
  if (outcome.kind === 'skipped') return ` (${outcome.reason})`
  const after =
    outcome.kind === 'retry' && outcome.afterMs !== undefined ? ` after ${outcome.afterMs} ms` : ''
  const isListed = outcome.kind === 'invalid' && outcome.fields.length > 0
  return `${after} ${outcome.code} (${outcome.owner})${isListed ? '' : `: ${outcome.message}`}`
}

const linesOf = (outcome: Outcome): string[] => [
  ...(outcome.kind === 'invalid' ? outcome.fields.map(({ message }) => `  ${message}`) : []),
  ...(outcome.notes ?? []).map(
    ({ field, reason }) => `  note: ${field === undefined ? '' : `${field}: `}${reason}`,
  ),
]
