import { unquotedText } from '../../pipeline/filter/compile-subscription'
import { parseSubscription } from '../../pipeline/filter/parse-subscription'
import { pathProblem } from '../event-spec'
import type { Report } from '../finding'
import { compareFilter } from './compare-filter'
import { pathsIn } from './condition-tree'

/** Reports what is wrong with a filter. */
export function lintFilter(source: unknown, path: string, report: Report): void {
  if (typeof source !== 'string' || source.trim() === '') {
    report('invalid-filter', path, 'give an FQL statement, such as type = "track"')
    return
  }
  const { defaultError, compatibleError, difference, match } = compareFilter(source)
  if (defaultError !== undefined) report('invalid-filter', path, defaultError)
  else if (match.kind === 'none')
    report(
      'filter-never-matches',
      path,
      `no event was found that matches ${source}; its conditions exclude each other`,
    )
  if (difference.kind === 'undecided')
    report(
      'filter-undecided',
      path,
      'the filter has too many conditions to compare; split it into several subscriptions',
    )
  if (difference.kind === 'found') {
    const event = JSON.stringify(difference.event)
    report(
      'filter-differs',
      path,
      `${differenceText(event, defaultError, compatibleError)} ${fix}`,
      difference.event,
    )
  }
  const onUnquoted = (word: string): void => report('unquoted-value', path, unquotedText(source, word))
  if (defaultError === undefined)
    for (const keys of pathsIn(parseSubscription(source, { onUnquoted }))) {
      const problem = pathProblem(keys)
      if (problem !== undefined) report('unknown-path', path, problem.message)
    }
}

const fix =
  'Write the condition so that both agree (a group around each "or", an explicit test for what may be missing), or settle for one mode.'

function differenceText(
  event: string,
  defaultError: string | undefined,
  compatibleError: string | undefined,
): string {
  if (compatibleError !== undefined)
    return `compatibility mode cannot read the filter (${compatibleError.split('\n')[0]}), by default it matches ${event}.`
  if (defaultError !== undefined)
    return `by default the filter cannot be read, in compatibility mode it matches ${event}.`
  return `the two modes disagree on ${event}.`
}
