import { didYouMean } from '../nearest'
import { isObject } from '../pipeline/mapping/type-name'
import { defaultMapping } from '../runtime/open/presets'
import type { SubscriptionConfiguration } from '../runtime/options'
import { type Lintable, lintDestination } from './definition/lint-destination'
import { lintRequired } from './definition/lint-required'
import { lintFilter } from './filter/lint-filter'
import { createFindings, type Finding, type Report } from './finding'
import { lintMapping } from './mapping/lint-mapping'

/** A connection as far as `lint` reads it: no settings, so no secrets. */
export type LintConnection = {
  readonly destination: Lintable
  readonly filter?: string
  /** Default `presets`. */
  readonly subscriptions?: 'presets' | readonly SubscriptionConfiguration[]
}

/** What `lint` reads. */
export type LintInput = {
  readonly destinations?: readonly Lintable[]
  /** Their destinations are read too. */
  readonly connections?: readonly LintConnection[]
}

/** Reports what is wrong with definitions and subscriptions; never throws because of what it reads. */
export function lint({ destinations = [], connections = [] }: LintInput): Finding[] {
  const collected = createFindings()
  const definitions = new Set([...destinations, ...connections.map(({ destination }) => destination)])
  for (const definition of definitions) lintDestination(definition, collected.report)
  connections.forEach((connection, index) => {
    lintConnection(connection, `connections[${index}]`, collected.report)
  })
  return collected.findings
}

function lintConnection(connection: LintConnection, path: string, report: Report): void {
  const { destination, filter, subscriptions = 'presets' } = connection
  if (filter !== undefined) lintFilter(filter, `${path}.filter`, report)
  if (subscriptions === 'presets' || !isObject(destination?.actions)) return
  subscriptions.forEach((subscription, index) => {
    lintSubscription(subscription, destination, `${path}.subscriptions[${index}]`, report)
  })
}

function lintSubscription(
  subscription: SubscriptionConfiguration,
  { actions }: Lintable,
  path: string,
  report: Report,
): void {
  lintFilter(subscription.filter ?? subscription.subscribe, `${path}.filter`, report)
  const slug = subscription.action ?? subscription.partnerAction ?? ''
  const action = Object.hasOwn(actions, slug) ? actions[slug] : undefined
  if (action === undefined) {
    const known = Object.keys(actions)
    report(
      'unknown-action',
      `${path}.action`,
      `there is no action "${slug}"${didYouMean(slug, known) || `; there are ${known.join(', ')}`}`,
    )
    return
  }
  const fields = (action.fields ?? {}) as Record<string, { default?: unknown }>
  const { mapping } = subscription
  if (mapping !== undefined) lintMapping(mapping, fields, `${path}.mapping`, report)
  lintRequired(mapping ?? defaultMapping(fields), fields, `${path}.mapping`, report)
}
