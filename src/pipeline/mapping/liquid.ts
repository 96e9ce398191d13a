import type { Liquid, Template } from 'liquidjs'
import { MappingError } from './mapping-error'

/** Facts of the actions framework: limits, and what its templates may not use. */
const maxLength = 1000
const limits = { renderLimit: 500, parseLimit: 1000, memoryLimit: 1e8 }
const disabledTags = ['case', 'for', 'include', 'layout', 'render', 'tablerow']
const disabledFilters = (
  'array_to_sentence_string concat find find_exp find_index find_index_exp group_by group_by_exp has has_exp map ' +
  'newline_to_br reject reject_exp reverse sort sort_natural uniq where_exp type'
).split(' ')

let engine: Liquid | undefined

/** The engine is loaded with the first template. Templates see own members of the event alone. */
function liquidEngine(): Liquid {
  if (engine !== undefined) return engine
  const { Liquid: Engine } = require('liquidjs') as typeof import('liquidjs')
  engine = new Engine({ ...limits, ownPropertyOnly: true })
  for (const tag of disabledTags) {
    const refuse = (): never => {
      throw new MappingError(`tag "${tag}" is disabled`)
    }
    engine.registerTag(tag, { parse: refuse, render: refuse })
  }
  for (const filter of disabledFilters)
    engine.registerFilter(filter, () => {
      throw new MappingError(`filter "${filter}" is disabled`)
    })
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

/** What is wrong with a template, if anything. */
export function checkLiquid(text: string): string | undefined {
  if (text.length > maxLength)
    return `a Liquid template of at most ${maxLength} characters, got ${text.length}`
  try {
    if (text !== '') templateOf(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Renders a template over an event. */
export function renderLiquid(text: string, root: unknown): string {
  if (text === '') return ''
  try {
    return liquidEngine().renderSync(templateOf(text), root as object) as string
  } catch (error) {
    throw new MappingError(`@liquid: ${(error as Error).message.split('\n')[0]}`)
  }
}
