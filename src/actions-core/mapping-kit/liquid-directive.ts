import type { StatsContext } from '@segment/actions-core'
import type { Liquid, Template } from 'liquidjs'

const maxLength = 1000
const limits = { renderLimit: 500, parseLimit: 1000, memoryLimit: 1e8 }
const disabledTags = ['case', 'for', 'include', 'layout', 'render', 'tablerow']
const disabledFilters =
  'array_to_sentence_string concat find find_exp find_index find_index_exp group_by group_by_exp has has_exp map newline_to_br reject reject_exp reverse sort sort_natural uniq where_exp type'.split(
    ' ',
  )

let engine: Liquid | undefined

/** Loaded with the first template. */
function liquidEngine(): Liquid {
  if (engine !== undefined) return engine
  const { Liquid: Engine } = require('liquidjs') as typeof import('liquidjs')
  engine = new Engine(limits)
  const refuse = (kind: string, name: string) => (): never => {
    throw new Error(`${kind} "${name}" is disabled`)
  }
  for (const tag of disabledTags)
    engine.registerTag(tag, { parse: refuse('tag', tag), render: refuse('tag', tag) })
  for (const filter of disabledFilters) engine.registerFilter(filter, refuse('filter', filter))
  return engine
}

const parsed = new Map<string, Template[]>()
const maxParsed = 500

function templateOf(text: string): Template[] {
  const known = parsed.get(text)
  if (known) return known
  const template = liquidEngine().parse(text)
  if (parsed.size >= maxParsed) parsed.clear()
  parsed.set(text, template)
  return template
}

/** The paths of the variables that a template reads. */
export function getLiquidKeys(text: string): string[] {
  return liquidEngine().fullVariablesSync(text)
}

/** Renders a template of at most 1,000 characters over an event. Milliseconds go to the statistics. */
export function evaluateLiquid(text: unknown, event: unknown, statsContext?: StatsContext): string {
  if (typeof text !== 'string') throw new Error('liquid template value must be a string')
  if (text.length === 0) return ''
  if (text.length > maxLength)
    throw new Error(`liquid template values are limited to ${maxLength} characters`)
  const start = Date.now()
  let status = 'fail'
  try {
    const result: unknown = liquidEngine().renderSync(templateOf(text), event as object)
    status = 'success'
    return typeof result === 'string' ? result : 'error'
  } finally {
    statsContext?.statsClient?.histogram('liquid.template.evaluation_ms', Date.now() - start, [
      ...(statsContext.tags ?? []),
      `result:${status}`,
    ])
  }
}
