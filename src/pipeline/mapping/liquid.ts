import type { StatsContext } from '@segment/actions-core'
import type { Liquid, Template } from 'liquidjs'
import { nestedTooDeep } from './copy-defined'
import { dateFilters } from './liquid-date'
import { MappingError } from './mapping-error'
import type { Resolve } from './node'

/** Facts of the actions framework: its limits, and what its templates may not use. */
const maxLength = 1000
const limits = { renderLimit: 500, parseLimit: 1000, memoryLimit: 1e8 }
const disabledTags = ['case', 'for', 'include', 'layout', 'render', 'tablerow']
const disabledFilters = (
  'array_to_sentence_string concat find find_exp find_index find_index_exp group_by group_by_exp has has_exp map ' +
  'newline_to_br reject reject_exp reverse sort sort_natural uniq where_exp type'
).split(' ')

/**
 * Memory units of a template that may hold a range: each of its numbers is one, and takes far longer than a character
 * of a text does.
 */
const rangeMemoryLimit = 100_000

const memoryOf = (text: string): { memoryLimit?: number } =>
  text.includes('..') ? { memoryLimit: rangeMemoryLimit } : {}

let engine: Liquid | undefined

/** Loaded with the first template. Templates see own properties of the event alone. */
function liquidEngine(): Liquid {
  if (engine !== undefined) return engine
  const { Liquid: Engine } = require('liquidjs') as typeof import('liquidjs')
  engine = new Engine({ ...limits, ownPropertyOnly: true })
  const refuse = (kind: string, name: string) => (): never => {
    throw new Error(`${kind} "${name}" is disabled`)
  }
  for (const tag of disabledTags)
    engine.registerTag(tag, { parse: refuse('tag', tag), render: refuse('tag', tag) })
  for (const filter of disabledFilters) engine.registerFilter(filter, refuse('filter', filter))
  for (const [name, filter] of Object.entries(dateFilters)) engine.registerFilter(name, filter as never)
  return engine
}

/** What is wrong with a template, if anything; filters are found out when they run. */
export function liquidMistake(text: string): string | undefined {
  if (text.length > maxLength) return `should have at most ${maxLength} characters but it has ${text.length}`
  try {
    if (text !== '') liquidEngine().parse(text)
    return undefined
  } catch (error) {
    return `should be a Liquid template: ${firstLine(error)}`
  }
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n')[0] ?? ''

/** What the event holds was followed too deep; the template itself is short. */
const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError ||
  (error as { readonly originalError?: unknown }).originalError instanceof RangeError

/** Renders one template; it is parsed when it is first needed. */
export function liquidRenderer(text: string, compatibility: boolean): Resolve {
  if (text === '') return () => ''
  if (text.length > maxLength)
    return () => {
      throw new MappingError(`liquid template values are limited to ${maxLength} characters`)
    }
  const memory = memoryOf(text)
  let template: Template[] | undefined
  return (root, stats) => {
    const start = stats === undefined ? 0 : Date.now()
    let result = 'fail'
    try {
      template ??= liquidEngine().parse(text)
      const rendered = liquidEngine().renderSync(template, root as object, memory) as string
      result = 'success'
      return rendered
    } catch (error) {
      if (isStackOverflow(error)) throw nestedTooDeep()
      throw compatibility
        ? new MappingError((error as Error).message, { cause: error })
        : new MappingError(`@liquid: ${firstLine(error)}`)
    } finally {
      if (stats !== undefined) measure(stats, Date.now() - start, result)
    }
  }
}

function measure(stats: StatsContext, durationMs: number, result: string): void {
  stats.statsClient?.histogram('liquid.template.evaluation_ms', durationMs, [
    ...(stats.tags ?? []),
    `result:${result}`,
  ])
}

/** The variables that a template reads, as paths. */
export const liquidVariables = (text: string): string[] =>
  liquidEngine().fullVariablesSync(text) as unknown as string[]
