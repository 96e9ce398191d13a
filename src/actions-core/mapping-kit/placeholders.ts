import { renderCompatible } from '../../pipeline/mapping/directives/template'
import { realTypeOf } from '../internal/real-type-of'

/** Puts values into `{{path}}` and `{{{path}}}`, unescaped; missing values are empty. */
export function render(template: string, data?: unknown): string {
  if (typeof template !== 'string')
    throw new TypeError(
      `Invalid template! Template should be a "string" but ${realTypeOf(template)} was given.`,
    )
  return renderCompatible(template, data)
}
