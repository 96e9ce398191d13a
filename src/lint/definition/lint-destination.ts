import type { DestinationDefinition } from '@segment/actions-core'
import isEqual from 'lodash/isEqual'
import { checkDefinition } from '../../definition/check'
import type { DestinationExtensions } from '../../definition/define'
import { isWaybillError } from '../../errors'
import { didYouMean } from '../../nearest'
import { isObject } from '../../pipeline/mapping/type-name'
import { defaultMapping } from '../../runtime/open/presets'
import { lintFilter } from '../filter/lint-filter'
import type { Report } from '../finding'
import { fitProblem } from '../mapping/fit-field'
import { hasOpenKeys, lintMapping } from '../mapping/lint-mapping'
import { lintFieldRules } from './lint-fields'
import { lintRequired } from './lint-required'

// biome-ignore lint/suspicious/noExplicitAny: settings types of destinations differ; lint looks at none of their values
export type Lintable = DestinationDefinition<any> & DestinationExtensions

type Fields = Readonly<Record<string, unknown>>

/** Reports what is wrong with a definition: its actions, their fields, filters and defaults, and its presets. */
export function lintDestination(definition: Lintable, report: Report): void {
  const path = definition?.slug ?? definition?.name ?? 'destination'
  if (!isWellFormed(definition, path, report)) return
  for (const [key, field] of Object.entries(definition.authentication?.fields ?? {})) {
    const problem = fitProblem(key, field, field.default)
    if (problem !== undefined)
      report('mapping-never-fits', `${path}.authentication.fields.${key}.default`, problem)
  }
  for (const [slug, action] of Object.entries(definition.actions)) {
    const at = `${path}.actions.${slug}`
    const fields: Fields = action.fields ?? {}
    if (action.defaultSubscription !== undefined)
      lintFilter(action.defaultSubscription, `${at}.defaultSubscription`, report)
    lintDefaults(fields, at, report)
    lintFieldRules(fields, `${at}.fields`, report)
  }
  lintPresets(definition, path, report)
}

function isWellFormed(definition: Lintable, path: string, report: Report): boolean {
  try {
    checkDefinition(definition)
    return true
  } catch (error) {
    if (!isWaybillError(error)) throw error
    for (const problem of error.problems)
      report('invalid-definition', problem.path === '' ? path : `${path}.${problem.path}`, problem.message)
    return false
  }
}

/** The defaults of all fields are a mapping, whose findings stand at the fields. */
function lintDefaults(fields: Fields, at: string, report: Report): void {
  const mapping = defaultMapping(fields as Record<string, { default?: unknown }>)
  lintMapping(mapping, fields, 'defaults', (rule, path, message, witness) => {
    const key = Object.keys(mapping)
      .filter(
        (candidate) =>
          path === `defaults.${candidate}` || /^[.[]/.test(path.slice(`defaults.${candidate}`.length)),
      )
      .find((candidate) => path.startsWith(`defaults.${candidate}`))
    const rest = key === undefined ? '' : path.slice(`defaults.${key}`.length)
    report(rule, key === undefined ? `${at}.fields` : `${at}.fields.${key}.default${rest}`, message, witness)
  })
}

function lintPresets(definition: Lintable, path: string, report: Report): void {
  const { presets = [], actions } = definition
  presets.forEach((preset, index) => {
    const at = `${path}.presets[${index}]`
    const action = actions[preset.partnerAction]
    if (action === undefined) {
      const known = Object.keys(actions)
      report(
        'unused-preset',
        `${at}.partnerAction`,
        `there is no action "${preset.partnerAction}"${didYouMean(preset.partnerAction, known) || `; there are ${known.join(', ')}`}`,
      )
      return
    }
    const fields: Fields = action.fields ?? {}
    const defaults = defaultMapping(fields as Record<string, { default?: unknown }>)
    if (preset.type === 'automatic') lintFilter(preset.subscribe, `${at}.subscribe`, report)
    if (isObject(preset.mapping) && !hasOpenKeys(preset.mapping))
      lintPresetMapping(definition, index, defaults, at, report)
    else if (preset.mapping !== undefined) lintMapping(preset.mapping, fields, `${at}.mapping`, report)
    // What such a preset lacks the user completes when he turns it on.
    if (preset.type !== 'automatic') return
    const given = isObject(preset.mapping) ? preset.mapping : {}
    lintRequired({ ...defaults, ...given }, fields, `${at}.mapping`, report)
  })
}

/**
 * Values that a preset repeats from the defaults, or from a preset before it, are told there: a cause is one finding,
 * which names the other presets that share it.
 */
function lintPresetMapping(
  { presets = [], actions }: Lintable,
  index: number,
  defaults: Fields,
  at: string,
  report: Report,
): void {
  const { partnerAction, mapping } = presets[index] as { partnerAction: string; mapping: Fields }
  const sharing = (key: string, value: unknown): number[] =>
    presets.flatMap((other, place) =>
      other.partnerAction === partnerAction && isObject(other.mapping) && isEqual(other.mapping[key], value)
        ? [place]
        : [],
    )
  for (const [key, value] of Object.entries(mapping)) {
    if (isEqual(value, defaults[key])) continue
    const [first, ...others] = sharing(key, value)
    if (first !== index) continue
    const also =
      others.length === 0 ? '' : ` (the same in ${others.map((place) => `presets[${place}]`).join(', ')})`
    lintMapping(
      { [key]: value },
      actions[partnerAction]?.fields ?? {},
      `${at}.mapping`,
      (rule, path, message, witness) => report(rule, path, `${message}${also}`, witness),
    )
  }
}
