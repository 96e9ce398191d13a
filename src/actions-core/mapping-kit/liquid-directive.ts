import type { StatsContext } from '@segment/actions-core'
import { liquidRenderer, liquidVariables } from '../../pipeline/mapping/liquid'
import { withReferenceErrors } from '../internal/mapping-kit/mapping-errors'

/** The paths of the variables that a template reads. */
export const getLiquidKeys = (text: string): string[] => liquidVariables(text)

/** Renders a template of at most 1,000 characters over an event. Milliseconds go to the statistics. */
export function evaluateLiquid(text: unknown, event: unknown, statsContext?: StatsContext): string {
  if (typeof text !== 'string') throw new Error('liquid template value must be a string')
  return withReferenceErrors(() => liquidRenderer(text, true)(event, statsContext)) as string
}
