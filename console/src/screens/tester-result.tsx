import type { ExplainResult } from '../../../src/console/shapes'
import type { FieldTrace } from '../../../src/explain/trace-fields'
import type { FilterTrace } from '../../../src/explain/trace-filter'
import type { FieldManifest } from '../../../src/manifest/manifest'
import type { ApiFailure } from '../data/api'
import { Icon, type IconName } from '../parts/icon'
import { Body } from '../parts/json'
import { capital, plural, span } from '../words/format'
import { kindIcons, kindWords } from '../words/kinds'
import { Headers } from './legs'

type Props = {
  readonly result: ExplainResult | undefined
  readonly sent: ExplainResult | undefined
  readonly failure: ApiFailure | undefined
  /** Why the input cannot be read. */
  readonly problem: string | undefined
  readonly fields: Readonly<Record<string, FieldManifest>>
}

/** Verdict, filter, fields, requests and answers. */
export function TesterResult({ result, sent, failure, problem, fields }: Props) {
  const subscription = (sent ?? result)?.subscriptions[0]
  const verdict = verdictOf({ result, sent, failure, problem })
  return (
    <>
      <div class={`verdict ${verdict.tone}`} role="status" aria-live="polite">
        <Icon name={verdict.icon} />
        <strong>{verdict.text}</strong>
        {result && problem === undefined && <span class="muted num">{span(result.durationMs)}</span>}
      </div>
      {failure?.problems && failure.problems.length > 0 && (
        <ul class="problems part">
          {failure.problems.map(({ path, message }) => (
            <li key={`${path}${message}`}>
              {path && <code>{path.replace(/^connection\.subscriptions\[0\]\.?/, '')}</code>} {message}
            </li>
          ))}
        </ul>
      )}
      {subscription && (
        <>
          <section class="part">
            <header>
              <h2>Filter</h2>
              <span class="muted end">{subscription.filter.matches ? 'matches' : 'does not match'}</span>
            </header>
            {subscription.filter.error !== undefined && <p class="rejected">{subscription.filter.error}</p>}
            {subscription.filter.trace ? (
              <ul class="filter-tree">
                <FilterPart trace={subscription.filter.trace} />
              </ul>
            ) : (
              <code>{subscription.filter.text}</code>
            )}
          </section>
          {subscription.fields && (
            <section class="part fields">
              <header>
                <h2>Fields</h2>
                <span class="muted end">
                  {plural(subscription.fields.filter(hasValue).length, 'field')}{' '}
                  {subscription.fields.filter(hasValue).length === 1 ? 'has' : 'have'} a value
                </span>
              </header>
              <table>
                <tbody>
                  {shownFields(subscription.fields).map((field) => (
                    <FieldRow
                      key={field.key}
                      field={field}
                      nearest={result?.nearest[field.key]}
                      manifest={fields[field.key]}
                    />
                  ))}
                </tbody>
              </table>
            </section>
          )}
          <section class="part">
            <header>
              <h2>{(subscription.requests?.length ?? 0) > 1 ? 'Requests' : 'Request'}</h2>
              {(subscription.requests?.length ?? 0) > 0 && <span class="muted end">secrets masked</span>}
            </header>
            {(subscription.requests?.length ?? 0) === 0 && <p class="muted">{noRequest(subscription)}</p>}
            {subscription.requests?.map((request, index) => (
              <div class="exchange" key={`${index}${request.url}`}>
                <header>
                  <code class="cut">
                    <span class="accent">{request.method}</span> {request.url}
                  </code>
                  {request.reply && (
                    <code class={`end ${request.reply.status >= 400 ? 'rejected' : 'delivered'}`}>
                      {request.reply.status}
                    </code>
                  )}
                  {request.error && <code class="end rejected">{request.error}</code>}
                </header>
                <Headers headers={request.headers} />
                <Body text={request.body} />
                {request.reply && (
                  <>
                    <h3>Response</h3>
                    <Body text={request.reply.body} />
                  </>
                )}
              </div>
            ))}
            {sent?.subscriptions[0]?.outcome && (
              <p class={`kind ${sent.subscriptions[0].outcome.kind}`}>
                <Icon name={kindIcons[sent.subscriptions[0].outcome.kind]} />{' '}
                {kindWords[sent.subscriptions[0].outcome.kind]}
                {'message' in sent.subscriptions[0].outcome
                  ? `: ${sent.subscriptions[0].outcome.message}`
                  : ''}
              </p>
            )}
          </section>
        </>
      )}
    </>
  )
}

type Verdict = { readonly tone: string; readonly icon: IconName; readonly text: string }

function verdictOf({ result, sent, failure, problem }: Omit<Props, 'fields'>): Verdict {
  if (problem !== undefined) return { tone: 'invalid', icon: 'warning', text: problem }
  if (failure !== undefined)
    return { tone: 'rejected', icon: 'cross', text: `${capital(failure.message.split('\n')[0] ?? '')}` }
  const subscription = (sent ?? result)?.subscriptions[0]
  if (result === undefined || subscription === undefined)
    return { tone: 'skipped', icon: 'clock', text: 'Working it out' }
  if (sent !== undefined && subscription.outcome !== undefined) {
    const { outcome } = subscription
    return {
      tone: outcome.kind,
      icon: kindIcons[outcome.kind],
      text:
        outcome.kind === 'delivered'
          ? `Sent as ${plural(subscription.requests?.length ?? 0, 'request')}`
          : `${kindWords[outcome.kind]}${'message' in outcome ? `: ${outcome.message}` : ''}`,
    }
  }
  if (result.skipped !== undefined)
    return {
      tone: 'skipped',
      icon: 'minus',
      text: `The connection skips this event (${result.skipped.replaceAll('-', ' ')}).`,
    }
  if (!subscription.filter.matches)
    return { tone: 'skipped', icon: 'minus', text: 'Skipped: the filter does not match.' }
  if (subscription.problem !== undefined)
    return {
      tone: 'invalid',
      icon: 'warning',
      text: subscription.problems?.[0]?.message ?? subscription.problem,
    }
  const { outcome } = subscription
  if (outcome !== undefined && 'owner' in outcome)
    return { tone: outcome.kind, icon: kindIcons[outcome.kind], text: outcome.message }
  const requests = subscription.requests?.length ?? 0
  return requests === 0
    ? { tone: 'skipped', icon: 'minus', text: 'Nothing would be sent.' }
    : { tone: 'delivered', icon: 'check', text: `Would be sent as ${plural(requests, 'request')}` }
}

const noRequest = ({ filter, problem }: ExplainResult['subscriptions'][number]): string =>
  !filter.matches
    ? 'None, since the filter does not match.'
    : problem !== undefined
      ? 'None, since the payload is not valid.'
      : 'None: the action found nothing to send.'

const junction = { and: 'all of', or: 'one of', not: 'not', compare: '', value: '' } as const

function FilterPart({ trace }: { readonly trace: FilterTrace }) {
  const { result, kind, text, operands, met } = trace
  const icon: IconName = result === undefined ? 'minus' : result ? 'check' : 'cross'
  const tone = result === undefined ? 'faint' : result ? 'delivered' : 'rejected'
  return (
    <li>
      <span class={tone}>
        <Icon name={icon} />
        <span class="visually-hidden">
          {result === undefined ? 'not looked at' : result ? 'holds' : 'does not hold'}
        </span>
      </span>
      <code class={result === undefined ? 'faint' : ''}>{junction[kind] || text}</code>
      {result === false && met && met.length > 0 && kind !== 'and' && kind !== 'or' && (
        <code class="muted">
          {met
            .map(
              (each) => `${each.text} is ${each.value === null ? 'not there' : JSON.stringify(each.value)}`,
            )
            .join(', ')}
        </code>
      )}
      {operands && operands.length > 0 && (
        <ul>
          {operands.map((operand, index) => (
            <FilterPart key={`${index}${operand.text}`} trace={operand} />
          ))}
        </ul>
      )}
    </li>
  )
}

const hasValue = (field: FieldTrace): boolean =>
  field.value !== undefined ||
  (field.mapping?.output !== undefined && field.mapping.output !== null && field.mapping.output !== '')

/** What has a value, a problem, or should have one. The empty rest would only hide them. */
const shownFields = (fields: readonly FieldTrace[]): FieldTrace[] =>
  fields.filter(
    (field) => hasValue(field) || field.problems.length > 0 || field.isRequired || field.changes.length > 0,
  )

function FieldRow({
  field,
  nearest,
  manifest,
}: {
  readonly field: FieldTrace
  readonly nearest: string | undefined
  readonly manifest: FieldManifest | undefined
}) {
  const [problem] = field.problems
  const value = field.value ?? field.mapping?.output
  const isThere = hasValue(field)
  return (
    <tr class={problem ? 'wrong' : ''} title={manifest?.description}>
      <td>
        <span class={problem ? 'rejected' : isThere ? 'delivered' : 'faint'}>
          <Icon name={problem ? 'cross' : isThere ? 'check' : 'minus'} />
        </span>
      </td>
      <td>
        <code>{field.key}</code>
        {field.isRequired && (
          <span class="rejected" title="required">
            *
          </span>
        )}
      </td>
      <td>
        <code class="breaks">{value === undefined ? '–' : short(value)}</code>
        {field.changes.slice(0, 3).map(({ kind, reason, path }) => (
          <span key={path} class="change">
            {kind === 'coerced' ? `coerced: ${reason}` : `left out: ${reason}`}
          </span>
        ))}
        {problem && <div class="narrow-only rejected">{problem.message}</div>}
      </td>
      <td class={problem ? '' : 'muted wide-only'}>
        {problem ? (
          <div class="wide-only">
            <strong class="rejected">{problem.message}</strong>
            {nearest !== undefined && (
              <div class="muted">
                The event has <code>{nearest}</code>.
              </div>
            )}
            {field.mapping?.error && <div class="muted">{field.mapping.error}</div>}
          </div>
        ) : (
          originOf(field)
        )}
      </td>
    </tr>
  )
}

const originOf = ({ mapping }: FieldTrace): string =>
  mapping === undefined ? 'not mapped' : mapping.directive === 'constant' ? 'fixed' : mapping.text

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 140 ? `${text.slice(0, 140)}…` : text
}
